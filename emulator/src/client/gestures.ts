import type * as glassEasel from 'glass-easel'
import { GHOST_MOUSE_MS } from './drag.ts'

/** A finger as WeChat tells of it: client from the page's visible corner, page from the corner of all of it; px. */
export interface WxTouch {
  identifier: number
  pageX: number
  pageY: number
  clientX: number
  clientY: number
  force: number
}

/** What a gesture's event carries beside its detail. */
export interface GestureFields extends Record<string, unknown> {
  touches: WxTouch[]
  changedTouches: WxTouch[]
  /** A listener of app code got it. */
  heard: boolean
}

/** Milliseconds a finger rests before it is a long press (WeChat's event page). */
export const LONG_PRESS_MS = 350
/** px a finger may move and still press. */
const STILL_PX = 10
const MOUSE = 0
/** The framework's word for `catch`. */
const PREVENTED: glassEasel.EventBubbleStatus = 1

interface Finger {
  target: Element
  x: number
  y: number
  /** Undefined: it moved, it is no press any more. */
  press: { timer: number; longPressHeard: boolean } | undefined
}

type Dispatch = (
  target: glassEasel.Element,
  type: string,
  detail: object,
  fields: GestureFields,
  original: Event,
) => glassEasel.EventBubbleStatus | undefined

interface Contact {
  identifier: number
  clientX: number
  clientY: number
  force?: number
}

/**
 * Makes WeChat's gestures of the browser's touches, and of the mouse, which stands for one finger: touchstart,
 * touchmove, touchend, touchcancel, longpress, longtap and tap.
 */
export function watchGestures(body: HTMLElement, dispatch: Dispatch): void {
  const fingers = new Map<number, Finger>()
  let lastTouch = -Infinity

  function tell(
    type: string,
    finger: Finger,
    original: Event,
    now: readonly Contact[],
    changed: readonly Contact[],
    point?: Contact,
  ): { heard: boolean; status: glassEasel.EventBubbleStatus | undefined } {
    const element = frameworkElement(finger.target)
    if (!element) return { heard: false, status: undefined }
    const place = pageOf(finger.target)
    const fields: GestureFields = {
      touches: now.map((contact) => touchOf(contact, place)),
      changedTouches: changed.map((contact) => touchOf(contact, place)),
      heard: false,
    }
    const at = point && touchOf(point, place)
    const status = dispatch(element, type, at ? { x: at.pageX, y: at.pageY } : {}, fields, original)
    return { heard: fields.heard, status }
  }

  function start(contact: Contact, target: Element, event: Event, now: readonly Contact[]): void {
    const finger: Finger = { target, x: contact.clientX, y: contact.clientY, press: undefined }
    const press = { timer: 0, longPressHeard: false }
    press.timer = window.setTimeout(() => {
      const { heard } = tell('longpress', finger, event, [contact], [contact], contact)
      press.longPressHeard = heard
      tell('longtap', finger, event, [contact], [contact], contact)
    }, LONG_PRESS_MS)
    finger.press = press
    fingers.set(contact.identifier, finger)
    tell('touchstart', finger, event, now, [contact])
  }

  function move(contact: Contact, event: Event, now: readonly Contact[]): void {
    const finger = fingers.get(contact.identifier)
    if (!finger) return
    const { clientX, clientY } = contact
    if (Math.abs(clientX - finger.x) > STILL_PX || Math.abs(clientY - finger.y) > STILL_PX) endPress(finger)
    const { status } = tell('touchmove', finger, event, now, [contact])
    // catchtouchmove keeps the page from scrolling
    if (status === PREVENTED && event.cancelable) event.preventDefault()
  }

  function end(contact: Contact, event: Event, now: readonly Contact[], cancelled: boolean): void {
    const finger = fingers.get(contact.identifier)
    if (!finger) return
    fingers.delete(contact.identifier)
    const { press } = finger
    const still =
      Math.abs(contact.clientX - finger.x) <= STILL_PX && Math.abs(contact.clientY - finger.y) <= STILL_PX
    endPress(finger)
    tell(cancelled ? 'touchcancel' : 'touchend', finger, event, now, [contact])
    if (press && still && !cancelled && !press.longPressHeard)
      tell('tap', finger, event, [contact], [contact], contact)
  }

  const endPress = (finger: Finger) => {
    window.clearTimeout(finger.press?.timer)
    finger.press = undefined
  }

  const touches = (list: TouchList): Contact[] => [...list]
  const eachChanged = (event: TouchEvent, run: (contact: Contact, now: Contact[]) => void) => {
    lastTouch = event.timeStamp
    for (const contact of touches(event.changedTouches)) run(contact, touches(event.touches))
  }
  const options = { capture: true, passive: false }
  const ended = (event: TouchEvent) =>
    eachChanged(event, (contact, now) => end(contact, event, now, event.type === 'touchcancel'))
  body.addEventListener(
    'touchstart',
    (event) =>
      eachChanged(event, (contact, now) => {
        const { target } = event
        // what an icon draws is SVG
        if (!(target instanceof HTMLElement || target instanceof SVGElement)) return
        start(contact, target, event, now)
        // when the page takes the element away its end comes to nobody else
        const handlers: GlobalEventHandlers = target
        handlers.addEventListener('touchend', ended)
        handlers.addEventListener('touchcancel', ended)
      }),
    { capture: true, passive: true },
  )
  body.addEventListener(
    'touchmove',
    (event) => eachChanged(event, (contact, now) => move(contact, event, now)),
    options,
  )
  window.addEventListener('touchend', ended, options)
  window.addEventListener('touchcancel', ended, options)

  const mouse = (event: MouseEvent): Contact => ({
    identifier: MOUSE,
    clientX: event.clientX,
    clientY: event.clientY,
  })
  body.addEventListener(
    'mousedown',
    (event) => {
      if (event.button !== 0 || event.timeStamp - lastTouch < GHOST_MOUSE_MS) return
      if (event.target instanceof Element) start(mouse(event), event.target, event, [mouse(event)])
    },
    true,
  )
  window.addEventListener('mousemove', (event) => move(mouse(event), event, [mouse(event)]), true)
  window.addEventListener('mouseup', (event) => end(mouse(event), event, [], false), true)
}

/** The framework's element under a DOM node: the nearest that has one. */
export function frameworkElement(target: EventTarget | null): glassEasel.Element | undefined {
  let node = (target instanceof Element ? target : null) as
    (Element & { __wxElement?: glassEasel.Element }) | null
  while (node && !node.__wxElement) node = node.parentElement
  return node?.__wxElement
}

interface PagePlace {
  left: number
  top: number
  scrolled: number
}

function pageOf(target: Element): PagePlace {
  const { left = 0, top = 0 } = target.closest('.we-page')?.getBoundingClientRect() ?? {}
  return { left, top, scrolled: target.closest('.we-page-scroll')?.scrollTop ?? 0 }
}

function touchOf({ identifier, clientX, clientY, force }: Contact, page: PagePlace): WxTouch {
  const [x, y] = [clientX - page.left, clientY - page.top]
  return { identifier, pageX: x, pageY: y + page.scrolled, clientX: x, clientY: y, force: force || 1 }
}

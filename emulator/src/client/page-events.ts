import type * as glassEasel from 'glass-easel'
import type { Inspection } from './inspection.ts'
import type { TapState } from './tap-state.ts'

type Node = glassEasel.GeneralComponent | glassEasel.Element

const describeNode = (target: unknown) => {
  const caller = target as { _$?: Node } | Node | null
  const node = (caller && '_$' in caller && caller._$ ? caller._$ : caller) as {
    id?: string
    dataset?: object
  } | null
  return { id: node?.id ?? '', dataset: { ...node?.dataset }, offsetLeft: 0, offsetTop: 0 }
}

type AppListener = (event: unknown) => unknown

/**
 * Delivers an event to app code as WeChat does: a plain object, and with the tap state when it is a tap or
 * a form's submit (H1, H9). An error of the listener is collected and goes no further.
 */
export function eventDeliverer(tap: TapState, inspection: Inspection) {
  return (caller: unknown, event: glassEasel.ShadowedEvent<unknown>, listener: AppListener): unknown => {
    const point = event.detail as { x?: number; y?: number } | null
    const touches =
      event.type === 'tap' && point
        ? [{ identifier: 0, pageX: point.x, pageY: point.y, clientX: point.x, clientY: point.y }]
        : []
    const plain = {
      type: event.type,
      timeStamp: event.timeStamp,
      detail: event.detail,
      target: describeNode(event.target),
      currentTarget: describeNode(event.currentTarget),
      mark: event.mark ?? {},
      touches,
      changedTouches: touches,
    }
    const deliver = () => {
      try {
        return listener.call(caller, plain)
      } catch (thrown) {
        inspection.error(`event ${event.type}`, thrown)
        return undefined
      }
    }
    if (event.type === 'tap') return tap.press(deliver)
    if (event.type === 'submit') return tap.profile.formSubmit ? tap.press(deliver) : tap.suspend(deliver)
    return deliver()
  }
}

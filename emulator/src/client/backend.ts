import * as glassEasel from 'glass-easel'
import { MiniProgramEnv } from 'glass-easel-miniprogram-adapter'
import type { Theme } from './app-config.ts'
import { builtinTemplates } from './builtin-templates.ts'
import { metrics } from './device.ts'
import { screen } from './screen.ts'
import { onScreen } from './screen-nodes.ts'
import { frameworkElement, watchGestures } from './gestures.ts'
import { browserLengths } from './lengths.ts'

const builtinNames = new Set([...builtinTemplates.map(({ name }) => name), 'page', 'custom-tab-bar'])

/** The browser's own events that WeChat hands on as they are; gestures and the built-ins' events are made here. */
const handedOn = ['transitionend', 'animationstart', 'animationiteration', 'animationend'] as const

interface Sheet {
  element: HTMLStyleElement
  text: string
}

/**
 * The DOM under the mini-program: `wx-` tags as in WeChat's own base library, style sheets that live as long
 * as their page, `prefers-color-scheme` answered by the phone and not by the browser.
 */
class PhoneBackendContext extends glassEasel.CurrentWindowBackendContext {
  private readonly contents = new Map<string, string>()
  private collected: Sheet[] = []
  private readonly sheets = new Set<Sheet>()
  private theme: Theme = 'light'
  /** Tags of the package's own components; other tags that are not built in are reported. */
  customTags = new Set<string>()
  onUnknownTag: (tag: string) => void = () => undefined

  constructor() {
    super()
    const dom = {
      createElement: (tag: string) => {
        const element = onScreen(document.createElement(this.domTag(tag)))
        // the box says what is not there
        if (element.localName === 'wx-missing') element.dataset.tag = tag
        return element
      },
      createTextNode: (text: string) => onScreen(document.createTextNode(text)),
      createDocumentFragment: () => onScreen(document.createDocumentFragment()),
    }
    // the framework's Element is the DOM's, seen through an interface of its own
    this.document = dom as unknown as typeof this.document
  }

  private domTag(tag: string): string {
    if (tag.startsWith('h5-')) return tag.slice(3)
    if (builtinNames.has(tag)) return `wx-${tag}`
    // an app's <dialog> or <header> is not the browser's
    if (this.customTags.has(tag)) return tag.includes('-') ? tag : `wx-${tag}`
    this.onUnknownTag(tag)
    return 'wx-missing'
  }

  /** Listeners are the framework's own: every event of the screen comes from `onEvent`. */
  override setListenerStats(): void {}

  override onEvent(listener: Parameters<glassEasel.CurrentWindowBackendContext['onEvent']>[0]): void {
    const bubbling = { bubbles: true, composed: true, capturePhase: true }
    watchGestures(
      document.body,
      (target, type, detail, fields, originalEvent) =>
        listener(target, type, detail, { ...bubbling, originalEvent, extraFields: fields }) || undefined,
    )
    for (const type of handedOn)
      document.body.addEventListener(
        type,
        (event) => {
          const target = frameworkElement(event.target)
          if (target)
            listener(target, type, { elapsedTime: event.elapsedTime }, { ...bubbling, originalEvent: event })
        },
        true,
      )
  }

  override registerStyleSheetContent(path: string, content: unknown): void {
    this.contents.set(path, String(content))
  }

  override appendStyleSheetPath(path: string): number {
    const text = this.contents.get(path)
    if (text === undefined) throw new Error(`no style sheet ${path}`)
    const element = document.createElement('style')
    element.dataset.sheet = path
    element.textContent = forTheme(text, this.theme)
    document.head.append(element)
    const sheet = { element, text }
    this.collected.push(sheet)
    this.sheets.add(sheet)
    return this.sheets.size
  }

  /** The sheets that `run` appended, as one thing that can be switched and removed: one page's styles. */
  collectSheets<T>(run: () => T): { result: T; styles: PageStyles } {
    // a new page is on the screen when it is made, and what was set before it too
    screen.flush()
    this.collected = []
    const result = run()
    const own = this.collected
    this.collected = []
    const remove = (sheet: Sheet) => {
      sheet.element.remove()
      this.sheets.delete(sheet)
    }
    return {
      result,
      styles: {
        enable: (on) => own.forEach(({ element }) => (element.media = on ? '' : 'not all')),
        drop: (path) => own.filter(({ element }) => element.dataset.sheet === path).forEach(remove),
        remove: () => own.forEach(remove),
      },
    }
  }

  setTheme(theme: Theme): void {
    this.theme = theme
    document.documentElement.dataset.appTheme = theme
    this.sheets.forEach(({ element, text }) => (element.textContent = forTheme(text, theme)))
  }

  override getTheme(): string {
    return this.theme
  }

  override getWindowHeight(): number {
    return super.getWindowHeight() - metrics.statusBarHeight - metrics.navigationBarHeight
  }
}

export interface PageStyles {
  enable(on: boolean): void
  /** Takes one sheet away for good. */
  drop(path: string): void
  remove(): void
}

/** The browser's own colour scheme must not decide: the condition becomes one that is always or never true. */
function forTheme(text: string, theme: Theme): string {
  return text.replace(/\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)/g, (_, wanted: string) =>
    wanted === theme ? '(min-width: 0px)' : '(min-width: 100000px)',
  )
}

/** `style` attributes; style sheets come with it done. */
function translateInlineLengths(): void {
  const original = glassEasel.Element.prototype.setNodeStyle
  glassEasel.Element.prototype.setNodeStyle = function (style, segment) {
    return original.call(this, browserLengths(style), segment)
  }
}

export interface Backend {
  context: PhoneBackendContext
  env: MiniProgramEnv
  associated: ReturnType<MiniProgramEnv['associateBackend']>
}

let backend: Backend | undefined

/** One for the document: its listeners on the body stay when a mini-program is killed and started again. */
export function documentBackend(): Backend {
  if (backend) return backend
  glassEasel.globalOptions.writeExtraInfoToAttr = true
  translateInlineLengths()
  const context = new PhoneBackendContext()
  const env = new MiniProgramEnv()
  context.onEvent((target, type, detail, options) => {
    const origin = (options as { originalEvent?: Event }).originalEvent?.target
    // a disabled button swallows taps
    if (type === 'tap' && origin instanceof Element && origin.closest('wx-button[disabled]')) return undefined
    const event = new glassEasel.Event(type, detail, options)
    glassEasel.Event.dispatchEvent(target, event)
    return event.getEventBubbleStatus()
  })
  backend = { context, env, associated: env.associateBackend(context) }
  return backend
}

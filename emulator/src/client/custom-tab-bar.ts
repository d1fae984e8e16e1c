import type * as glassEasel from 'glass-easel'

const bars = new WeakMap<Element, unknown>()

/** Each tab page of a mini-program that draws its own bar has an instance of that bar. */
export const rememberTabBar = (page: Element, bar: unknown): void => void bars.set(page, bar)

interface Caller {
  _$: glassEasel.GeneralComponent
  getTabBar?: unknown
}

/** `getTabBar()` of pages, of the components on them and of the bar itself; undefined where there is no bar. */
export function giveTabBar(caller: Caller): void {
  caller.getTabBar = (found?: (bar: unknown) => void) => {
    const element = caller._$.getBackendElement() as unknown as Element | null
    const page = element?.closest('.we-page')
    const bar = page ? bars.get(page) : undefined
    if (bar !== undefined) found?.(bar)
    return bar
  }
}

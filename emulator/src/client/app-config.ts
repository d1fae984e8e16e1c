import type { MiniProgramPackage } from '../protocol.ts'

export type Theme = 'light' | 'dark'

/** `window` of app.json merged with a page's own JSON, theme variables resolved. */
export interface WindowConfig {
  title: string
  background: string
  textStyle: 'black' | 'white'
  pageBackground: string
  custom: boolean
  /** `wx.hideHomeButton` took the way to the first page from the bar. */
  homeHidden: boolean
  pullDownRefresh: boolean
  /** Distance in px from the page's end at which `onReachBottom` fires. */
  reachBottomDistance: number
}

/** What a page changed of it while it runs; undefined takes a change back. */
export type WindowChange = { [Setting in keyof WindowConfig]?: WindowConfig[Setting] | undefined }

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

export const appWindow = (program: MiniProgramPackage) => asRecord(program.app.window)

/** The name on the capsule's sheet, the panel and the cards: the built files know no other. */
export function appName(program: MiniProgramPackage): string {
  const title = appWindow(program).navigationBarTitleText
  return typeof title === 'string' && title !== '' ? title : '小程序'
}

/** Without `darkmode` in app.json WeChat shows the light look whatever the phone is set to. */
export function effectiveTheme(program: MiniProgramPackage, theme: Theme): Theme {
  return program.app.darkmode === true ? theme : 'light'
}

/** `@name` values are looked up in theme.json; an unknown name falls to the default, as in WeChat. */
export function windowConfig(program: MiniProgramPackage, path: string, theme: Theme): WindowConfig {
  const variables: Record<string, string> = program.theme?.[effectiveTheme(program, theme)] ?? {}
  const merged = { ...appWindow(program), ...asRecord(program.configs[path]) }
  const text = (name: string, fallback: string): string => {
    const value = merged[name]
    if (typeof value !== 'string') return fallback
    return value.startsWith('@') ? (variables[value.slice(1)] ?? fallback) : value
  }
  return {
    title: text('navigationBarTitleText', ''),
    background: text('navigationBarBackgroundColor', '#000000'),
    textStyle: text('navigationBarTextStyle', 'white') === 'black' ? 'black' : 'white',
    pageBackground: text('backgroundColor', '#ffffff'),
    custom: merged.navigationStyle === 'custom',
    homeHidden: false,
    pullDownRefresh: merged.enablePullDownRefresh === true,
    reachBottomDistance: typeof merged.onReachBottomDistance === 'number' ? merged.onReachBottomDistance : 50,
  }
}

/** Paths of the tab pages; the bar itself is not drawn. */
export function tabPages(program: MiniProgramPackage): string[] {
  const list = asRecord(program.app.tabBar).list
  return Array.isArray(list) ? list.map((item) => String(asRecord(item).pagePath)) : []
}

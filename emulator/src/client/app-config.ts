import type { MiniProgramPackage } from '../protocol.ts'
import { normalizePath } from './paths.ts'

export type Theme = 'light' | 'dark'

/** `window` of app.json merged with a page's own JSON, theme variables resolved. */
export interface WindowConfig {
  title: string
  background: string
  textStyle: 'black' | 'white'
  /** `wx.showNavigationBarLoading`: the turning mark beside the title. */
  loading: boolean
  pageBackground: string
  /** Colour of the dots above a page that is pulled down. */
  backgroundTextStyle: 'dark' | 'light'
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

/** The page of a launch that names none, and where the bar's little house leads. */
export function homePage(program: MiniProgramPackage): string {
  const { entryPagePath } = program.app
  return typeof entryPagePath === 'string' && program.pages.includes(entryPagePath)
    ? entryPagePath
    : (program.pages[0] ?? '')
}

/** `@name` values are looked up in theme.json; an unknown name falls to the default, as in WeChat. */
function themedText(program: MiniProgramPackage, theme: Theme, from: Record<string, unknown>) {
  const variables: Record<string, string> = program.theme?.[effectiveTheme(program, theme)] ?? {}
  return (name: string, fallback: string): string => {
    const value = from[name]
    if (typeof value !== 'string') return fallback
    return value.startsWith('@') ? (variables[value.slice(1)] ?? fallback) : value
  }
}

export function windowConfig(program: MiniProgramPackage, path: string, theme: Theme): WindowConfig {
  const merged = { ...appWindow(program), ...asRecord(program.configs[path]) }
  const text = themedText(program, theme, merged)
  return {
    title: text('navigationBarTitleText', ''),
    background: text('navigationBarBackgroundColor', '#000000'),
    textStyle: text('navigationBarTextStyle', 'white') === 'black' ? 'black' : 'white',
    loading: false,
    pageBackground: text('backgroundColor', '#ffffff'),
    backgroundTextStyle: text('backgroundTextStyle', 'dark') === 'light' ? 'light' : 'dark',
    custom: merged.navigationStyle === 'custom',
    homeHidden: false,
    pullDownRefresh: merged.enablePullDownRefresh === true,
    reachBottomDistance: typeof merged.onReachBottomDistance === 'number' ? merged.onReachBottomDistance : 50,
  }
}

export interface TabItem {
  pagePath: string
  text: string
  /** Paths from the package's root; '' where there is no picture. */
  iconPath: string
  selectedIconPath: string
}

/** `tabBar` of app.json, theme variables resolved. */
export interface TabBarConfig {
  items: TabItem[]
  color: string
  selectedColor: string
  backgroundColor: string
  borderStyle: 'black' | 'white'
  position: 'bottom' | 'top'
  /** The mini-program draws it itself: /custom-tab-bar/index. */
  custom: boolean
}

/** Undefined for a mini-program without tabs. */
export function tabBarConfig(program: MiniProgramPackage, theme: Theme): TabBarConfig | undefined {
  const bar = asRecord(program.app.tabBar)
  if (!Array.isArray(bar.list) || bar.list.length === 0) return undefined
  const text = themedText(program, theme, bar)
  return {
    items: bar.list.map((given) => {
      const item = themedText(program, theme, asRecord(given))
      return {
        pagePath: normalizePath('', item('pagePath', '')),
        text: item('text', ''),
        iconPath: item('iconPath', ''),
        selectedIconPath: item('selectedIconPath', ''),
      }
    }),
    color: text('color', '#7a7e83'),
    selectedColor: text('selectedColor', '#3cc51f'),
    backgroundColor: text('backgroundColor', '#ffffff'),
    borderStyle: text('borderStyle', 'black') === 'white' ? 'white' : 'black',
    position: bar.position === 'top' ? 'top' : 'bottom',
    custom: bar.custom === true,
  }
}

/** Paths of the tab pages, in the order of their tabs. */
export function tabPages(program: MiniProgramPackage): string[] {
  return tabBarConfig(program, 'light')?.items.map(({ pagePath }) => pagePath) ?? []
}

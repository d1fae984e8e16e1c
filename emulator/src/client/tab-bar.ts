import type { MiniProgramPackage } from '../protocol.ts'
import { tabBarConfig, type TabBarConfig, type TabItem, type Theme } from './app-config.ts'

/** One tab as it is drawn. */
export interface TabView {
  text: string
  /** Path of a picture in the package, or ''. */
  icon: string
  selected: boolean
  /** At most four characters, '...' for more; '' for none. */
  badge: string
  redDot: boolean
}
export interface TabBarView extends Pick<
  TabBarConfig,
  'color' | 'selectedColor' | 'backgroundColor' | 'borderStyle' | 'position'
> {
  tabs: TabView[]
}

/** What `wx.setTabBarStyle` may change. */
export type TabBarStyle = Partial<Omit<TabBarConfig, 'items' | 'position' | 'custom'>>

const LONGEST_BADGE = 4

/** The tab bar of one launch: app.json's, and what app code changed since. */
export class TabBar {
  private readonly items = new Map<number, Partial<TabItem>>()
  private style: TabBarStyle = {}
  private readonly badges = new Map<number, string>()
  private readonly dots = new Set<number>()
  hidden = false

  constructor(
    private readonly program: MiniProgramPackage,
    private readonly theme: () => Theme,
  ) {}

  private get config(): TabBarConfig | undefined {
    return tabBarConfig(this.program, this.theme())
  }

  /** Whether the mini-program draws its own. */
  get isCustom(): boolean {
    return this.config?.custom === true
  }

  item(index: number): TabItem | undefined {
    const given = this.config?.items[index]
    return given && { ...given, ...this.items.get(index) }
  }

  /** -1 for a page that is no tab. */
  indexOf(path: string): number {
    return this.config?.items.findIndex(({ pagePath }) => pagePath === path) ?? -1
  }

  /** Whether WeChat's bar is on the screen with that page. */
  isShownWith(path: string): boolean {
    return this.indexOf(path) >= 0 && !this.hidden && !this.isCustom
  }

  view(path: string): TabBarView | undefined {
    const { config } = this
    if (!config || !this.isShownWith(path)) return undefined
    const { color, selectedColor, backgroundColor, borderStyle, position } = { ...config, ...this.style }
    const chosen = this.indexOf(path)
    const tabs = config.items.map((given, index): TabView => {
      const { text, iconPath, selectedIconPath } = { ...given, ...this.items.get(index) }
      const selected = index === chosen
      const picture = (selected && selectedIconPath) || iconPath
      return {
        ...{ text, selected },
        // WeChat draws no pictures in a bar at the top
        icon: position === 'top' ? '' : picture,
        badge: shortBadge(this.badges.get(index) ?? ''),
        redDot: this.dots.has(index) && !this.badges.has(index),
      }
    })
    return { tabs, color, selectedColor, backgroundColor, borderStyle, position }
  }

  changeItem(index: number, change: Partial<Pick<TabItem, 'text' | 'iconPath' | 'selectedIconPath'>>): void {
    this.items.set(index, { ...this.items.get(index), ...change })
  }

  changeStyle(change: TabBarStyle): void {
    this.style = { ...this.style, ...change }
  }

  /** '' takes it away. */
  setBadge(index: number, text: string): void {
    if (text === '') this.badges.delete(index)
    else this.badges.set(index, text)
  }

  setRedDot(index: number, on: boolean): void {
    if (on) this.dots.add(index)
    else this.dots.delete(index)
  }
}

const shortBadge = (text: string) => ([...text].length > LONGEST_BADGE ? '...' : text)

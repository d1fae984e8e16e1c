import { asyncApi, fail, ok, textOption, type Outcome } from './api.ts'
import type { WxHost } from './host.ts'

type Options = Record<string, unknown>

const notTabPage = fail('not TabBar page')
const noSuchTab = fail('tabbar item not found')

/** They change the bar of the whole mini-program, and work while one of its tab pages is shown. */
export function tabBarApis(host: WxHost) {
  const { tabBar, pages } = host

  const change = (name: string, perform: (options: Options) => Outcome | undefined) =>
    asyncApi(host, {
      name,
      tap: 'none',
      perform(options) {
        if (!host.pages.top || tabBar.indexOf(host.pages.top.path) < 0) return notTabPage
        const failure = perform(options)
        pages.refreshTabBar()
        return failure ?? ok()
      },
    })
  const changeTab = (name: string, perform: (index: number, options: Options) => void) =>
    change(name, (options) => {
      const index = Number(options.index)
      if (!tabBar.item(index)) return noSuchTab
      perform(index, options)
      return undefined
    })
  const given = <Name extends string>(options: Options, names: readonly Name[]) =>
    Object.fromEntries(
      names.filter((name) => options[name] !== undefined).map((name) => [name, String(options[name])]),
    ) as Partial<Record<Name, string>>

  return {
    showTabBar: change('showTabBar', () => void (tabBar.hidden = false)),
    hideTabBar: change('hideTabBar', () => void (tabBar.hidden = true)),
    setTabBarItem: changeTab('setTabBarItem', (index, options) =>
      tabBar.changeItem(index, given(options, ['text', 'iconPath', 'selectedIconPath'])),
    ),
    setTabBarStyle: change('setTabBarStyle', (options) => {
      const { borderStyle, ...colors } = given(options, [
        'color',
        'selectedColor',
        'backgroundColor',
        'borderStyle',
      ])
      tabBar.changeStyle({
        ...colors,
        ...(borderStyle === undefined ? {} : { borderStyle: borderStyle === 'white' ? 'white' : 'black' }),
      })
      return undefined
    }),
    setTabBarBadge: changeTab('setTabBarBadge', (index, options) =>
      tabBar.setBadge(index, textOption(options, 'text')),
    ),
    removeTabBarBadge: changeTab('removeTabBarBadge', (index) => tabBar.setBadge(index, '')),
    showTabBarRedDot: changeTab('showTabBarRedDot', (index) => tabBar.setRedDot(index, true)),
    hideTabBarRedDot: changeTab('hideTabBarRedDot', (index) => tabBar.setRedDot(index, false)),
  }
}

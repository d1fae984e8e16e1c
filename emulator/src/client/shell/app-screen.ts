import type { NavigationBar, PageSurface } from '../pages.ts'
import { h, icon } from './dom.ts'
import { drawTabBar } from './tab-bar.ts'

export interface AppScreen extends PageSurface {
  element: HTMLElement
  /** 「页面不存在」, when a launch leads nowhere. */
  showMissing(path: string): void
}

interface Actions {
  back(): void
  home(): void
  menu(): void
  close(): void
  tab(index: number): void
}

/** The mini-program's screen: navigation bar, capsule, and the place of its pages. */
export function createAppScreen(actions: Actions): AppScreen {
  const mount = h('div', { class: 'we-pages' })
  const title = h('h1', { 'data-test': 'navigation-title' })
  const back = h(
    'button',
    { type: 'button', 'aria-label': '返回', 'data-test': 'navigation-back', onclick: actions.back },
    icon('back'),
  )
  const home = h(
    'button',
    { type: 'button', 'aria-label': '首页', 'data-test': 'navigation-home', onclick: actions.home },
    icon('home'),
  )
  const capsule = h(
    'div',
    { class: 'we-capsule' },
    h(
      'button',
      { type: 'button', 'aria-label': '更多', 'data-test': 'capsule-menu', onclick: actions.menu },
      icon('dots'),
    ),
    h('i'),
    h(
      'button',
      { type: 'button', 'aria-label': '关闭', 'data-test': 'capsule-close', onclick: actions.close },
      icon('target'),
    ),
  )
  const loading = h('span', {
    class: 'we-navigation-loading',
    'data-test': 'navigation-loading',
    hidden: true,
  })
  const bar = h('header', { class: 'we-navigation' }, back, home, loading, title)
  const tabs = h('nav', { class: 'we-tab-bar', role: 'tablist', 'data-test': 'tab-bar', hidden: true })
  const element = h(
    'section',
    { class: 'we-screen we-app-screen', 'data-test': 'app' },
    ...[bar, capsule, mount, tabs],
  )

  function showNavigation(now: NavigationBar): void {
    mount.querySelector('.we-page-missing')?.remove()
    title.textContent = now.title
    back.hidden = !now.canGoBack
    loading.hidden = !now.loading
    home.hidden = now.canGoBack || !now.canGoHome
    element.style.setProperty('--we-navigation', now.background)
    element.dataset.ink = now.textStyle
    element.toggleAttribute('data-custom', now.custom)
  }

  return {
    element,
    mount,
    showNavigation,
    showTabBar(view) {
      element.dataset.tabs = view?.position ?? 'none'
      drawTabBar(tabs, view, actions.tab)
    },
    showMissing: (path) =>
      mount.append(
        h('div', { class: 'we-page-missing' }, icon('info'), h('p', {}, '页面不存在'), h('small', {}, path)),
      ),
  }
}

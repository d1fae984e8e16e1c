import type { PhoneState, ServiceMessage, SubscribeSettings } from '../../protocol.ts'
import type { ShellUi } from '../wx/shell-ui.ts'
import { createAppScreen, type AppScreen } from './app-screen.ts'
import { createChats, createServiceMessages, dropBanner } from './chats.ts'
import { createDialogs } from './dialogs.ts'
import { h } from './dom.ts'
import { Overlay } from './overlay.ts'
import { showPrivacyContract, showPrivacyDialog } from './privacy.ts'
import { showSettingsPage } from './settings-page.ts'
import { createStatusBar } from './status-bar.ts'
import { showSubscribePanel } from './subscribe-panel.ts'
import { createSystemSettings } from './system-settings.ts'

/** `system` is the phone's own settings, in place of WeChat. */
export type ScreenName = 'app' | 'chats' | 'service' | 'system'

export interface ShellActions {
  navigateBack(): void
  goHome(): void
  closeApp(): void
  openApp(): void
  openMessage(message: ServiceMessage): void
  showScreen(screen: ScreenName): void
  /** The capsule's menu: 重新进入, 设置. */
  restart(): void
  openSettings(): void
  allowNotifications(allowed: boolean): void
}

export interface Shell {
  ui: ShellUi
  app: AppScreen
  screen: ScreenName
  show(screen: ScreenName): void
  updateState(state: PhoneState): void
  updateMessages(messages: readonly ServiceMessage[]): void
  updateSettings(settings: SubscribeSettings): void
  dropBanner(message: ServiceMessage): void
  /** Takes away what the mini-program had open over its pages. */
  clearDialogs(): void
}

/** WeChat around the mini-program, drawn into `root`. */
export function createShell(root: HTMLElement, appName: string, actions: ShellActions): Shell {
  const overlay = new Overlay(h('div', { class: 'we-layer' }))
  const notices = h('div', { class: 'we-notices' })
  const dialogs = createDialogs(overlay)
  const statusBar = createStatusBar()
  const app = createAppScreen({
    back: actions.navigateBack,
    home: actions.goHome,
    close: actions.closeApp,
    menu: () =>
      dialogs.askActionSheet({ items: ['设置', '重新进入小程序', '关闭小程序'], color: '' }, (row) => {
        if (row === 0) actions.openSettings()
        if (row === 1) actions.restart()
        if (row === 2) actions.closeApp()
      }),
  })
  const chats = createChats(appName, {
    openService: () => actions.showScreen('service'),
    openApp: actions.openApp,
    openMessage: actions.openMessage,
    back: () => actions.showScreen('chats'),
  })
  const service = createServiceMessages(appName, {
    back: () => actions.showScreen('chats'),
    openMessage: actions.openMessage,
  })
  const system = createSystemSettings({
    back: actions.openApp,
    allowNotifications: actions.allowNotifications,
  })
  // what lies over the pages belongs to the app's screen: it goes and comes with it
  app.element.append(overlay.element)
  root.replaceChildren(
    ...[chats.element, service.element, app.element, system.element, statusBar.element, notices],
  )

  let settingsPage: { redraw(settings: SubscribeSettings): void } | undefined
  const ui: ShellUi = {
    ...dialogs,
    askSubscribe: (rows, answer) => showSubscribePanel(overlay, appName, rows, answer),
    askPrivacy: (request, answer) => showPrivacyDialog(overlay, appName, request, answer),
    openPrivacyContract: (request) => showPrivacyContract(overlay, appName, request),
    openSystemSettings: () => actions.showScreen('system'),
    exit: actions.closeApp,
    restart: actions.restart,
    openSettings: (request) => {
      settingsPage = showSettingsPage(overlay, appName, {
        ...request,
        closed: () => {
          settingsPage = undefined
          request.closed()
        },
      })
    },
  }
  const shell: Shell = {
    ui,
    app,
    screen: 'app',
    show(screen) {
      shell.screen = screen
      app.element.hidden = screen !== 'app'
      chats.element.hidden = screen !== 'chats'
      service.element.hidden = screen !== 'service'
      system.element.hidden = screen !== 'system'
      root.dataset.screen = screen
    },
    updateState(state) {
      statusBar.update(state)
      system.update(state)
      document.documentElement.dataset.theme = state.theme
    },
    updateMessages(messages) {
      chats.update(messages)
      service.update(messages)
    },
    updateSettings: (settings) => settingsPage?.redraw(settings),
    dropBanner: (message) => dropBanner(notices, appName, message, () => actions.openMessage(message)),
    clearDialogs: () => {
      dialogs.hideToast()
      overlay.clear()
    },
  }
  return shell
}

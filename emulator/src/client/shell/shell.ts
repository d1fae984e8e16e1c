import type { PhoneState, ServiceMessage, SubscribeSettings } from '../../protocol.ts'
import type { ShellUi } from '../wx/shell-ui.ts'
import { createAppScreen, type AppScreen } from './app-screen.ts'
import { showCapsuleMenu, showShareDialog } from './capsule-menu.ts'
import { dropBanner } from './banner.ts'
import { createChats } from './chats.ts'
import { createDialogs } from './dialogs.ts'
import { h } from './dom.ts'
import { Overlay } from './overlay.ts'
import { showPermissionDialog } from './permission-dialog.ts'
import { showPickerSheet } from './pickers/picker-sheet.ts'
import { showPictureSheet, showPictureViewer } from './pictures.ts'
import { showPlacePage } from './place-page.ts'
import { showPrivacyContract, showPrivacyDialog } from './privacy.ts'
import { createServiceMessages } from './service-messages.ts'
import { showSettingsPage } from './settings-page.ts'
import { createStatusBar } from './status-bar.ts'
import { showSubscribePanel } from './subscribe-panel.ts'
import { createSystemSettings } from './system-settings.ts'
import { wechatClock } from './wechat-clock.ts'

/** `system` is the phone's own settings, in place of WeChat. */
export type ScreenName = 'app' | 'chats' | 'service' | 'system'

export interface ShellActions {
  navigateBack(): void
  goHome(): void
  pressTab(index: number): void
  closeApp(): void
  openApp(): void
  openMessage(message: ServiceMessage): void
  /** 拒收 on a card in 服务通知. */
  refuse(templateId: string): Promise<void>
  showScreen(screen: ScreenName): void
  /** The capsule's menu: 重新进入, 设置. */
  restart(): void
  openSettings(): void
  /** 转发给朋友, for a page that can be passed on. */
  canShare(): boolean
  share(): void
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
  /** WeChat's clock, in ms before the machine's. */
  putClockAhead(ms: number): void
  dropBanner(message: ServiceMessage): void
  /** Takes away what the mini-program had open over its pages. */
  clearDialogs(): void
}

/** WeChat around the mini-program, drawn into `root`. */
export function createShell(root: HTMLElement, appName: string, actions: ShellActions): Shell {
  const overlay = new Overlay(h('div', { class: 'we-layer' }))
  const notices = h('div', { class: 'we-notices' })
  const dialogs = createDialogs(overlay)
  const clock = wechatClock()
  const statusBar = createStatusBar(clock)
  const app = createAppScreen({
    back: actions.navigateBack,
    home: actions.goHome,
    tab: actions.pressTab,
    close: actions.closeApp,
    menu: () =>
      showCapsuleMenu(overlay, appName, [
        [
          {
            ...{ name: 'share', label: '转发给朋友', icon: 'share' },
            ...(actions.canShare() ? { choose: actions.share } : {}),
          },
        ],
        [
          { name: 'settings', label: '设置', icon: 'gear', choose: actions.openSettings },
          { name: 'restart', label: '重新进入小程序', icon: 'again', choose: actions.restart },
          { name: 'close', label: '关闭小程序', icon: 'cross', choose: actions.closeApp },
        ],
      ]),
  })
  const chats = createChats(appName, clock, {
    openService: () => actions.showScreen('service'),
    openApp: actions.openApp,
  })
  const service = createServiceMessages(appName, clock, {
    back: () => actions.showScreen('chats'),
    openMessage: actions.openMessage,
    refuse: actions.refuse,
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
    showPicker: (request) => showPickerSheet(overlay, request),
    askSubscribe: (request, answer) => showSubscribePanel(overlay, appName, request, answer),
    askPrivacy: (request, answer) => showPrivacyDialog(overlay, appName, request, answer),
    openPrivacyContract: (request) => showPrivacyContract(overlay, appName, request),
    askPermission: (request, answer) => showPermissionDialog(overlay, appName, request, answer),
    choosePictures: (request, answer) => showPictureSheet(overlay, request, answer),
    showPictures: (request) => showPictureViewer(overlay, request),
    openPlace: (place, closed) => showPlacePage(overlay, place, closed),
    askShare: (card, answer) => showShareDialog(overlay, appName, card, answer),
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
      if (screen === 'service') service.settle()
    },
    updateState(state) {
      statusBar.update(state)
      system.update(state)
      document.documentElement.dataset.theme = state.theme
      document.documentElement.style.setProperty('--we-scale', String(state.fontSize / 16))
    },
    updateMessages(messages) {
      chats.update(messages)
      service.update(messages)
    },
    updateSettings: (settings) => settingsPage?.redraw(settings),
    putClockAhead: (ms) => clock.putAhead(ms),
    dropBanner: (message) => dropBanner(notices, appName, message, () => actions.openMessage(message)),
    clearDialogs: () => {
      dialogs.hideToast()
      overlay.clear()
    },
  }
  return shell
}

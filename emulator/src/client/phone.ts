import './phone.css'
import type { MiniProgramPackage, PhoneEvent, ServiceMessage } from '../protocol.ts'
import { appName } from './app-config.ts'
import { Device, initialState } from './device.ts'
import { Inspection, type HostCall, type HostError } from './inspection.ts'
import { launchMiniProgram, type MiniProgram } from './mini-program.ts'
import { httpPhoneLink } from './phone-link.ts'
import { ignoreGhostClicks } from './shell/ghost-clicks.ts'
import { createShell, type ScreenName } from './shell/shell.ts'
import { androidTapProfile, strictTapProfile } from './tap-state.ts'

/** What tests and the desk hold of a phone. */
export interface PhoneHandle {
  readonly openid: string
  readonly calls: readonly HostCall[]
  readonly errors: readonly HostError[]
  readonly warnings: readonly string[]
  readonly violations: readonly string[]
  readonly setData: { readonly calls: number; readonly bytes: number; readonly largest: number }
  /** Paths of the open pages, the shown one last. */
  readonly stack: readonly string[]
  /** A cold start: what ran is killed first. */
  launch(path?: string, scene?: number): void
  hide(): void
  show(): void
  kill(): void
}

declare global {
  var __package: MiniProgramPackage | undefined
  var __phone: PhoneHandle | undefined
}

/** A message card's scene (wechat-platform.md §14 H49). */
const MESSAGE_SCENE = 1107
const DEMO_OPENID = 'oLeadbellDemoPhone000000001'

/**
 * Boots the phone of `?openid=`. `?path=` launches straight into a page, `?autostart=0` stays on the chats,
 * `?platform=android` keeps the tap state through microtasks.
 */
async function boot(): Promise<void> {
  const program = globalThis.__package
  if (!program) throw new Error('小程序包没有加载，请先构建 dist/build/mp-weixin')
  const query = new URLSearchParams(location.search)
  const openid = query.get('openid') || DEMO_OPENID
  const link = httpPhoneLink(openid)
  const device = new Device(initialState(openid))
  const inspection = new Inspection()
  let running: MiniProgram | undefined
  let messages: ServiceMessage[] = []

  const shell = createShell(document.body, appName(program), {
    navigateBack: () => running?.pages.back(1),
    goHome: () => running?.pages.reLaunch(`/${program.pages[0]}`),
    closeApp: () => leave('chats'),
    openApp: enter,
    openMessage,
    showScreen: leave,
    restart: () => launch(),
    openSettings: () => void openSettings(),
  })
  device.onChange((state) => shell.updateState(state))

  function launch(path?: string, scene?: number): void {
    kill()
    shell.show('app')
    running = launchMiniProgram(
      {
        ...{ device, link, inspection, storage: localStorage },
        program: program as MiniProgramPackage,
        shell: shell.ui,
        surface: shell.app,
        tapProfile: query.get('platform') === 'android' ? androidTapProfile : strictTapProfile,
        onPageMissing: shell.app.showMissing,
      },
      { ...(path ? { url: path } : {}), ...(scene ? { scene } : {}) },
    )
  }

  function kill(): void {
    running?.kill()
    running = undefined
    shell.clearDialogs()
  }

  function leave(screen: ScreenName): void {
    if (screen === 'app') return enter()
    if (shell.screen === 'app') running?.hide()
    shell.show(screen)
    if (screen === 'service') readMessages()
  }

  function enter(): void {
    if (!running) return launch()
    shell.show('app')
    running.show()
  }

  function openMessage({ id, page }: ServiceMessage): void {
    read(id)
    if (page === undefined) return
    if (!running) return launch(page, MESSAGE_SCENE)
    shell.show('app')
    shell.clearDialogs()
    running.show({ url: page, scene: MESSAGE_SCENE })
  }

  /** The page behind the capsule: the same as openSetting's, without an app asking for it. */
  async function openSettings(): Promise<void> {
    const settings = await link.readSettings()
    running?.pages.hideTop()
    shell.ui.openSettings({
      settings,
      withSubscriptions: true,
      write: (change) => link.writeSettings(change),
      closed: () => running?.pages.showTop(),
    })
  }

  function readMessages(): void {
    messages.filter((message) => !message.read).forEach(({ id }) => read(id))
  }

  function read(id: string): void {
    messages = messages.map((message) => (message.id === id ? { ...message, read: true } : message))
    shell.updateMessages(messages)
    void link.markRead(id)
  }

  function onEvent(event: PhoneEvent): void {
    switch (event.kind) {
      case 'message':
        messages = [...messages.filter(({ id }) => id !== event.message.id), event.message]
        shell.updateMessages(messages)
        if (shell.screen === 'service') readMessages()
        else shell.dropBanner(event.message)
        return
      case 'state':
        return device.update(event.state)
      case 'settings':
        return shell.updateSettings(event.settings)
    }
  }

  globalThis.__phone = {
    openid,
    get calls() {
      return inspection.calls
    },
    get errors() {
      return inspection.errors
    },
    get warnings() {
      return inspection.warnings
    },
    get violations() {
      return inspection.violations
    },
    get setData() {
      return inspection.setData
    },
    get stack() {
      return running?.pages.routes ?? []
    },
    launch,
    hide: () => leave('chats'),
    show: enter,
    kill: () => {
      kill()
      shell.show('chats')
    },
  }

  ignoreGhostClicks(document)
  link.listen(onEvent)
  const [state, past] = await Promise.all([link.state(), link.messages()])
  device.update(state)
  messages = past
  shell.updateMessages(messages)
  if (query.get('autostart') === '0') shell.show('chats')
  else launch(query.get('path') ?? undefined)
}

boot().catch((error: unknown) => {
  const note = document.createElement('p')
  note.className = 'we-boot-error'
  note.textContent = `手机没有启动：${error instanceof Error ? error.message : String(error)}`
  document.body.replaceChildren(note)
})

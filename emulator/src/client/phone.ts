import './phone.css'
import { platforms, profileOf, type Platform } from '../profiles.ts'
import type { MiniProgramPackage, PhoneEvent, ServiceMessage } from '../protocol.ts'
import { appName, homePage } from './app-config.ts'
import { AppUpdates } from './app-updates.ts'
import { Device, initialState } from './device.ts'
import { Inbox } from './inbox.ts'
import { Inspection, type HostCall, type HostError, type SetDataMeter } from './inspection.ts'
import { PhoneFiles } from './files.ts'
import { launchMiniProgram, type MiniProgram } from './mini-program.ts'
import { newestPackage } from './newest-package.ts'
import { Permissions } from './permissions.ts'
import { phoneLink } from './phone-link.ts'
import { ignoreGhostClicks } from './shell/ghost-clicks.ts'
import { createScreens } from './screens.ts'
import { createShell, type ScreenName } from './shell/shell.ts'
import { AppStorage } from './wx/storage.ts'

/** What tests and the desk hold of a phone. */
export interface PhoneHandle {
  readonly openid: string
  readonly calls: readonly HostCall[]
  readonly errors: readonly HostError[]
  readonly warnings: readonly string[]
  readonly violations: readonly string[]
  readonly setData: Readonly<SetDataMeter>
  /** The script files that ran since the last launch, in order. */
  readonly loaded: readonly string[]
  /** Paths of the open pages, the shown one last. */
  readonly stack: readonly string[]
  /** A cold start: what ran is killed first. */
  launch(path?: string, scene?: number): void
  hide(): void
  show(): void
  kill(): void
  /** Deletes the mini-program from the phone: its storage and the privacy consent go with it. */
  remove(): Promise<void>
}

declare global {
  var __package: MiniProgramPackage | undefined
  var __phone: PhoneHandle | undefined
}

/** What a test asks for in the address. @throws Error, in words for the phone's screen */
function platformIn(query: URLSearchParams): Platform | undefined {
  const asked = query.get('platform')
  const found = platforms.find((platform) => platform === asked)
  if (asked !== null && !found)
    throw new Error(`地址里的 platform=${asked} 不认识 (unknown)，可用：${platforms.join('、')}`)
  return found
}

/** A message card's scene (wechat-platform.md §14 H49). */
const MESSAGE_SCENE = 1107
const DEMO_OPENID = 'oLeadbellDemoPhone000000001'

/**
 * Boots the phone of `?openid=`. `?path=` launches straight into a page, `?autostart=0` stays on the chats,
 * `?platform=ios15` makes it another one's WeChat, for good.
 */
async function boot(): Promise<void> {
  if (!globalThis.__package) throw new Error('小程序包没有加载，请先构建 dist/build/mp-weixin')
  let program: MiniProgramPackage = globalThis.__package
  const query = new URLSearchParams(location.search)
  const openid = query.get('openid') || DEMO_OPENID
  const link = phoneLink(openid)
  const release = await link.release()
  const device = new Device(initialState(openid))
  const inspection = new Inspection()
  let running: MiniProgram | undefined
  const updates = new AppUpdates(() =>
    device.network === 'none' ? Promise.reject(new Error('no network')) : newestPackage(),
  )

  const shell = createShell(document.body, appName(program), {
    navigateBack: () => void running?.pages.leave(1),
    goHome: () => running?.pages.reLaunch(`/${homePage(program)}`),
    pressTab: (index) => running?.pages.pressTab(index),
    closeApp: () => leave('chats'),
    openApp: () => screens.enter(),
    openMessage,
    refuse: (templateId) => link.refuse(templateId),
    showScreen: leave,
    restart: () => launch(),
    openSettings: () => void openSettings(),
    canShare: () => running?.sharing.isOffered === true,
    share: () => void running?.sharing.share('menu'),
    allowNotifications: (allowed) => void allowNotifications(allowed),
  })
  const screens = createScreens(
    shell,
    () => running,
    () => launch(),
  )
  const inbox = new Inbox(shell, device, link)
  device.onChange((state) => shell.updateState(state))

  function launch(path?: string, scene?: number): void {
    kill()
    program = updates.packageForLaunch(program)
    shell.show('app')
    running = launchMiniProgram(
      {
        ...{ program, release, updates, device, link, inspection, storage: localStorage },
        shell: shell.ui,
        surface: shell.app,
        profile: profileOf(device.state.platform, release.clientProfile),
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
    screens.leave(screen)
    if (screen === 'service') inbox.readAll()
  }

  async function allowNotifications(allowed: boolean): Promise<void> {
    device.update(await link.changeState({ notifications: allowed ? 'authorized' : 'denied' }))
  }

  function openMessage({ id, page }: ServiceMessage): void {
    inbox.read(id)
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
      permissions: new Permissions(localStorage, openid, program.appid).rows(),
      write: (change) => link.writeSettings(change),
      closed: () => running?.pages.showTop(),
    })
  }

  function onEvent(event: PhoneEvent): void {
    switch (event.kind) {
      case 'message':
        return inbox.receive(event.message)
      case 'state':
        return device.update(event.state)
      case 'settings':
        return shell.updateSettings(event.settings)
      case 'update':
        return updates.offer()
      case 'clock':
        return shell.putClockAhead(event.aheadMs)
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
    get loaded() {
      return inspection.loaded
    },
    get stack() {
      return running?.pages.routes ?? []
    },
    launch,
    hide: () => leave('chats'),
    show: () => screens.enter(),
    kill: () => {
      kill()
      shell.show('chats')
    },
    async remove() {
      kill()
      shell.show('chats')
      for (const kept of [AppStorage, PhoneFiles, Permissions])
        new kept(localStorage, openid, program.appid).clear()
      device.update(await link.changeState({ privacyConsent: false }))
    },
  }

  ignoreGhostClicks(document)
  link.listen(onEvent)
  const platform = platformIn(query)
  const [state, past] = await Promise.all([
    platform ? link.changeState({ platform }) : link.state(),
    link.messages(),
  ])
  device.update(state)
  inbox.fill(past)
  if (query.get('autostart') === '0') shell.show('chats')
  else launch(query.get('path') ?? undefined, Number(query.get('scene')) || undefined)
}

boot().catch((error: unknown) => {
  const note = document.createElement('p')
  note.className = 'we-boot-error'
  note.textContent = `手机没有启动：${error instanceof Error ? error.message : String(error)}`
  document.body.replaceChildren(note)
})

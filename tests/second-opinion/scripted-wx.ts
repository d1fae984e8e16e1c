import type { HostCall, Part } from './host.ts'
import { answerOf, decide, failureOf, overTheNetwork, type Surroundings } from './surroundings.ts'

interface Stage {
  /** Whether the framework is dispatching a tap right now. */
  inTap(): boolean
  navigate(how: 'navigateTo' | 'reLaunch', url: string): void
  /** A page of WeChat's own covers the page on top. */
  hideTop(): void
  showTop(): void
}

type Options = Record<string, unknown> & {
  success?: (result: object) => void
  fail?: (failure: object) => void
  complete?: (outcome: object) => void
}

/** Tap state is needed for these (H2). */
const NEEDS_TAP = ['requestSubscribeMessage', 'openSetting', 'openAppAuthorizeSetting']

const SILENT = [
  'showToast',
  'hideHomeButton',
  'stopPullDownRefresh',
  'setClipboardData',
  'openPrivacyContract',
]

/**
 * `wx` as a plain object with answers from `around`: the part of WeChat that no component framework brings. It has
 * tap state while the framework dispatches a tap, and when a modal's button is pressed (H1, H5); callbacks come in a
 * later task (H23).
 */
export function createScriptedWx(around: Surroundings, stage: Stage) {
  const calls: HostCall[] = []
  const parts = new Map<Part, () => void>()
  const networkListeners: ((status: object) => void)[] = []
  let pressing = false

  const held = () => pressing || stage.inTap()
  const record = (name: string, arg: unknown) => void calls.push({ name, arg: plain(arg), inTap: held() })
  const settle = (name: string, { success, fail, complete }: Options, outcome: Outcome): void => {
    const detail =
      'ok' in outcome ? { errMsg: `${name}:ok`, ...outcome.ok } : { errMsg: `${name}:fail`, ...outcome.fail }
    if ('ok' in outcome) success?.(detail)
    else fail?.(detail)
    complete?.(detail)
  }

  /** An asynchronous API; `perform` may answer now or later. */
  const asyncApi = (name: string, perform: Perform) => {
    return (options: Options = {}) => {
      record(name, options)
      const answer = (outcome: Outcome) => void setTimeout(() => settle(name, options, outcome))
      if (NEEDS_TAP.includes(name) && !held())
        return answer({ fail: { errMsg: `${name}:fail can only be invoked by user TAP gesture.` } })
      void perform(options, answer)
    }
  }
  const ask = (choices: Partial<Record<Part, () => void>>) => {
    for (const [part, chosen] of Object.entries(choices) as [Part, () => void][])
      parts.set(part, () => {
        for (const name of Object.keys(choices)) parts.delete(name as Part)
        chosen()
      })
  }
  const asTap = (run: () => void) => {
    pressing = true
    try {
      run()
    } finally {
      pressing = false
    }
  }

  const settings = () => ({
    authSetting: {},
    subscriptionsSetting: {
      mainSwitch: around.mainSwitch,
      ...(Object.keys(around.kept).length > 0 && { itemSettings: { ...around.kept } }),
    },
  })

  const asynchronous: Record<string, Perform> = {
    async requestSubscribeMessage({ tmplIds }, answer) {
      await overTheNetwork()
      const decision = decide(around, tmplIds as string[])
      if (decision.kind === 'fail') return answer({ fail: decision.failure })
      if (decision.kind === 'silent') return answer({ ok: decision.results })
      const all = (choice: string) => () =>
        void overTheNetwork().then(() =>
          answer({ ok: Object.fromEntries(decision.ids.map((id) => [id, choice])) }),
        )
      ask({ 'subscribe-allow': all('accept'), 'subscribe-cancel': all('reject') })
    },
    getSetting: (_, answer) => void overTheNetwork().then(() => answer({ ok: settings() })),
    async openSetting(_, answer) {
      await overTheNetwork()
      stage.hideTop()
      ask({
        'settings-back': () => {
          stage.showTop()
          void overTheNetwork().then(() => answer({ ok: settings() }))
        },
      })
    },
    openAppAuthorizeSetting: (_, answer) => answer({ ok: {} }),
    login(_, answer) {
      if (around.network === 'none') answer({ fail: { errno: 108 } })
      else void overTheNetwork().then(() => answer({ ok: { code: 'code-1' } }))
    },
    getNetworkType: (_, answer) => answer({ ok: { networkType: around.network } }),
    showActionSheet: () => undefined,
  }

  const api: Record<string, unknown> = {
    getStorageSync: (key: string) => around.storage[key] ?? '',
    setStorageSync: (key: string, value: unknown) => void (around.storage[key] = structuredClone(value)),
    removeStorageSync: (key: string) => void Reflect.deleteProperty(around.storage, key),
    getAppBaseInfo: () => ({ language: 'zh_CN' }),
    getLaunchOptionsSync: () => ({}),
    getAccountInfoSync: () => ({ miniProgram: { version: '', envVersion: 'develop' } }),
    getAppAuthorizeSetting: () => ({ notificationAuthorized: around.notifications }),
    onAppShow: () => undefined,
    onAppHide: () => undefined,
    onNetworkStatusChange: (listener: (status: object) => void) => void networkListeners.push(listener),
    createIntersectionObserver: (component: ObservingComponent, options?: object) =>
      component.createIntersectionObserver(options),
    showModal(options: Options) {
      record('showModal', options)
      const answer = (confirm: boolean) => () =>
        setTimeout(() => asTap(() => settle('showModal', options, { ok: { confirm, cancel: !confirm } })))
      ask({ 'modal-confirm': answer(true), 'modal-cancel': answer(false) })
    },
    request(options: Options) {
      record('request', options)
      let done = false
      const end = (outcome: Outcome) =>
        setTimeout(() => {
          if (!done) settle('request', options, outcome)
          done = true
        })
      void answerOf(around, options as unknown as Parameters<typeof answerOf>[1]).then((reply) => {
        if (reply === 'never') return
        if (typeof reply === 'string') end({ fail: failureOf(reply) })
        else end({ ok: { statusCode: reply.status ?? 200, data: reply.data, header: {} } })
      })
      return { abort: () => void end({ fail: { errMsg: 'request:fail abort' } }) }
    },
  }
  for (const name of SILENT) asynchronous[name] = (_, answer) => answer({ ok: {} })
  for (const [name, perform] of Object.entries(asynchronous)) api[name] = asyncApi(name, perform)
  for (const how of ['navigateTo', 'reLaunch'] as const)
    api[how] = asyncApi(how, ({ url }, answer) => {
      // the caller goes on first: on a phone another page is another task
      setTimeout(() => {
        stage.navigate(how, String(url))
        answer({ ok: {} })
      })
    })

  return {
    api,
    calls,
    press(part: Part): void {
      const chosen = parts.get(part)
      if (!chosen) throw new Error(`no ${part} on the phone`)
      chosen()
    },
    tellNetwork(): void {
      const { network } = around
      for (const tell of networkListeners) tell({ isConnected: network !== 'none', networkType: network })
    },
  }
}

type Outcome = { ok: object } | { fail: object }
type Perform = (options: Options, answer: (outcome: Outcome) => void) => void | Promise<void>

interface ObservingComponent {
  createIntersectionObserver(options?: object): unknown
}

/** Without functions: what app code asked for, not how it wants to hear of it. */
const plain = (arg: unknown): unknown => JSON.parse(JSON.stringify(arg ?? null)) as unknown

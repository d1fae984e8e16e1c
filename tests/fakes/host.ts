/**
 * WeChat for tests of stores and pages: the `uni` this app calls, with scripted answers and the tap rule.
 * Callbacks come later than the call, as they do on a phone; only a tap and a modal's button carry tap state.
 *
 * @example
 * const host = useFakeHost()
 * host.subscribe.push({ fail: { errCode: 20004 } })
 * host.tap(() => useSession().login(form))
 * await host.settled()
 * expect(host.names()).toContain('showModal')
 */
import { vi } from 'vitest'

export interface HostCall {
  name: string
  arg: Record<string, unknown>
  /** Whether the call was made inside a tap or a modal's button. */
  tap: boolean
}

type SubscribeAnswer = { results: Record<string, string> } | { fail: { errCode?: number; errMsg?: string } }

export interface BackendAnswer {
  status?: number
  data: unknown
}
/** `offline` never reaches the backend, `timeout` never comes back. */
type Reply = BackendAnswer | 'offline' | 'timeout'

/** A promise is an answer that takes its time. */
type BackendHandler = (request: {
  body: Record<string, unknown>
  url: string
  header: Record<string, string>
}) => Reply | Promise<Reply>

/** The real one: fake timers must not stop promises from settling. */
const immediate = globalThis.setImmediate

const GESTURE = 'can only be invoked by user TAP gesture.'

export const ok = (result: unknown, code = 200): BackendAnswer => ({
  data: { success: true, message: '', code, result, timestamp: 0 },
})
export const refused = (
  code: number,
  message: string,
  status = 200,
  result: unknown = null,
): BackendAnswer => ({
  status,
  data: { success: false, message, code, result, timestamp: 0 },
})

const clue = (id: string, title: string) => ({
  id,
  title,
  customerName: '王先生',
  phone: '13800000000',
  remark: '',
  status: 'pending',
  version: 1,
  assigneeId: 'u1',
  assignedAt: '2026-11-23T01:42:00.000Z',
  createdAt: '2026-11-23T01:00:00.000Z',
})

export function createFakeHost() {
  let tapping = false
  const calls: HostCall[] = []
  const storage = new Map<string, string>()

  const host = {
    calls,
    storage,
    /** Answers to subscribe calls in turn; when none is left, everything is accepted. */
    subscribe: [] as SubscribeAnswer[],
    /** Answers to modals in turn; when none is left, 取消. */
    modals: [] as ('confirm' | 'cancel')[],
    settings: { mainSwitch: true, kept: undefined as Record<string, string> | undefined },
    /** How `getSetting` behaves. */
    getSetting: 'works' as 'works' | 'fails' | 'is missing',
    /** What the user does on the settings page. */
    onSettingsPage: () => {},
    login: 'code' as 'code' | 'fails',
    pages: [{ route: 'pages/login/login', options: {} as Record<string, string> }],
    backend: {
      'GET /sys/randomImage': () => ok('data:image/svg+xml;base64,AAAA', 0),
      'GET /notify/templates': () =>
        ok({ templates: [{ templateId: 'T1', title: '新线索提醒', purpose: 'clue-assigned' }] }),
      'POST /sys/login': () =>
        ok({
          token: 'token-1',
          userInfo: { id: 'u1', username: 'chen', realname: '陈小舟' },
          wechat: { bound: true },
        }),
      'POST /sys/logout': () => ok(null),
      'POST /notify/bind': () => ok({ bound: true }),
      'POST /notify/grants': () => ok({ quota: { T1: 1 } }),
      'GET /notify/quota': () => ok({ quota: { T1: 1 } }),
      'GET /clues': () => ok({ items: [clue('7', '恒泰建材 采购咨询')], nextCursor: null }),
      'GET /clues/7': () => ok(clue('7', '恒泰建材 采购咨询')),
    } as Record<string, BackendHandler>,

    /** Runs `action` as a tap would: with tap state, until it returns. */
    tap<T>(action: () => T): T {
      tapping = true
      try {
        return action()
      } finally {
        tapping = false
      }
    },
    names: () => calls.map((call) => call.name),
    of: (name: string) => calls.filter((call) => call.name === name),
    /** Bodies of the requests to one endpoint, such as 'POST /sys/login'. */
    sent: (endpoint: string) =>
      calls
        .filter((call) => call.name === 'request' && call.arg.endpoint === endpoint)
        .map((call) => call.arg.body),
    /** Until nothing more happens by itself. */
    async settled() {
      for (let round = 0; round < 10; round++) await new Promise((resolve) => immediate(resolve))
    },
    uni: {} as Record<string, unknown>,
  }

  type Options = Record<string, unknown> & {
    success?: (answer: unknown) => void
    fail?: (failure: unknown) => void
  }

  const record = (name: string, { success: _s, fail: _f, ...arg }: Options) => {
    calls.push({ name, arg, tap: tapping })
  }
  const later = (run: () => void) => queueMicrotask(run)
  const gestureFailure = (name: string, options: Options) => {
    later(() => options.fail?.({ errMsg: `${name}:fail ${GESTURE}` }))
  }

  const uni: Record<string, (options: Options) => unknown> = {
    requestSubscribeMessage(options) {
      record('requestSubscribeMessage', options)
      if (!tapping) return gestureFailure('requestSubscribeMessage', options)
      const tmplIds = options.tmplIds as string[]
      const answer = host.subscribe.shift() ?? {
        results: Object.fromEntries(tmplIds.map((id) => [id, 'accept'])),
      }
      later(() => {
        if ('fail' in answer) options.fail?.({ errMsg: 'requestSubscribeMessage:fail', ...answer.fail })
        else options.success?.({ errMsg: 'requestSubscribeMessage:ok', ...answer.results })
      })
    },
    openSetting(options) {
      record('openSetting', options)
      if (!tapping) return gestureFailure('openSetting', options)
      later(() => {
        host.onSettingsPage()
        options.success?.({ errMsg: 'openSetting:ok' })
      })
    },
    getSetting(options) {
      record('getSetting', options)
      const { mainSwitch, kept } = host.settings
      later(() => {
        if (host.getSetting === 'fails') options.fail?.({ errMsg: 'getSetting:fail' })
        else
          options.success?.({
            subscriptionsSetting: { mainSwitch, ...(kept && { itemSettings: { ...kept } }) },
          })
      })
    },
    login(options) {
      record('login', options)
      later(() =>
        host.login === 'code'
          ? options.success?.({ code: 'wx-code' })
          : options.fail?.({ errMsg: 'login:fail' }),
      )
    },
    showModal(options) {
      record('showModal', options)
      const button = host.modals.shift() ?? 'cancel'
      later(() =>
        host.tap(() => options.success?.({ confirm: button === 'confirm', cancel: button === 'cancel' })),
      )
    },
    request(options) {
      const { url, method } = options as unknown as { url: string; method: string }
      const path = url.replace('http://backend.test', '').split('?')[0] as string
      const key = `${method} ${path.startsWith('/sys/randomImage/') ? '/sys/randomImage' : path}`
      record('request', { endpoint: key, body: options.data, url, header: options.header })
      const handler = host.backend[key]
      if (!handler) throw new Error(`the fake backend has no ${key}`)
      let settled = false
      const settle = (run: () => void) => {
        if (settled) return
        settled = true
        run()
      }
      const respond = async () => {
        const answer = await handler({
          body: options.data as Record<string, unknown>,
          url,
          header: options.header as Record<string, string>,
        })
        settle(() => {
          if (answer === 'offline') options.fail?.({ errMsg: 'request:fail ', errno: 600001 })
          else if (answer === 'timeout') options.fail?.({ errMsg: 'request:fail timeout', errno: 5 })
          else options.success?.({ statusCode: answer.status ?? 200, data: answer.data })
        })
      }
      later(() => void respond())
      return { abort: () => settle(() => options.fail?.({ errMsg: 'request:fail abort' })) }
    },
  }
  for (const name of ['showToast', 'reLaunch', 'navigateTo', 'makePhoneCall', 'stopPullDownRefresh']) {
    uni[name] = (options = {}) => record(name, options)
  }

  host.uni = {
    ...uni,
    getStorageSync: (key: string) => (storage.has(key) ? JSON.parse(storage.get(key) as string) : ''),
    setStorageSync: (key: string, value: unknown) => void storage.set(key, JSON.stringify(value)),
    removeStorageSync: (key: string) => void storage.delete(key),
    getRealtimeLogManager: () => ({
      warn: (event: string, fields: object) => record('log', { event, ...fields }),
    }),
  }
  Object.defineProperty(host.uni, 'getSetting', {
    get: () => (host.getSetting === 'is missing' ? undefined : uni.getSetting),
  })
  return host
}

export type FakeHost = ReturnType<typeof createFakeHost>

/** A fresh host in place of `uni`, with nothing on its disk. */
export function useFakeHost(storage?: Map<string, string>): FakeHost {
  const host = createFakeHost()
  storage?.forEach((value, key) => host.storage.set(key, value))
  vi.stubGlobal('uni', host.uni)
  vi.stubGlobal('getCurrentPages', () => host.pages)
  return host
}

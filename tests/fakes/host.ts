/**
 * WeChat for tests of stores and pages: the `uni` this app calls, with scripted answers and the tap rule.
 * Callbacks come later than the call, as they do on a phone; only a tap and a modal's button carry tap state.
 *
 * @example
 * const host = useFakeHost({ loggedIn: true })
 * await host.tap(() => useReminders().allowOnce())
 * expect(host.sent('POST /notify/grants')).toMatchObject([{ results: { T1: 'accept' } }])
 */
import type { EndpointName } from '@leadbell/contract'
import { vi } from 'vitest'
import { aUser, defaultBackend, readRequest, type BackendRequest } from './backend.ts'
import {
  createAnswers,
  later,
  type HostFailure,
  type ModalButton,
  type Options,
  type PanelAnswer,
} from './answers.ts'
import { createObservers } from './observers.ts'

interface HostCall {
  name: string
  arg: Record<string, unknown>
  /** Whether the call was made inside a tap or a modal's button. */
  tap: boolean
}

/** The real one: fake timers must not stop promises from settling. */
const immediate = globalThis.setImmediate

const BASE_URL = import.meta.env.VITE_API_BASE_URL
const GESTURE = 'can only be invoked by user TAP gesture.'
const NEEDS_TAP = ['requestSubscribeMessage', 'openSetting', 'openAppAuthorizeSetting']

/** Until nothing more happens by itself. */
async function settled(): Promise<void> {
  for (let round = 0; round < 10; round++) await new Promise((resolve) => immediate(resolve))
}

function createFakeHost(disk: ReadonlyMap<string, string> = new Map()) {
  let tapping = false
  let networkType = 'wifi'
  const calls: HostCall[] = []
  const openPanels: ((answer: PanelAnswer) => void)[] = []
  const openModals: ((button: ModalButton) => void)[] = []
  const networkListeners: ((status: { isConnected: boolean; networkType: string }) => void)[] = []
  const updateListeners: (() => void)[] = []
  const observers = createObservers()

  const host = {
    calls,
    storage: new Map(disk),
    disk: 'works' as 'works' | 'is full' | 'is broken',
    /** Answers to subscribe calls in turn; when none is left, everything is accepted. */
    subscribe: [] as (PanelAnswer | 'stays open' | 'throws')[],
    /** Answers to modals in turn; when none is left, 取消. */
    modals: [] as (ModalButton | 'stays open')[],
    /** What is tapped in an action sheet, from the top. */
    actionSheet: [] as (number | 'cancel')[],
    settings: { mainSwitch: true, kept: undefined as Record<string, string> | undefined },
    /** How `getSetting` behaves. */
    getSetting: 'works' as 'works' | 'fails' | 'is missing' | 'never answers' | 'throws',
    /** What the user does on the settings page. */
    onSettingsPage: () => {},
    /** What the phone's own settings allow WeChat. */
    notifications: 'authorized',
    login: 'code' as 'code' | 'fails' | 'never answers' | 'throws',
    /** What the privacy agreement, or the phone, has against the clipboard. */
    clipboard: null as HostFailure | null,
    privacyContract: 'opens' as 'opens' | 'fails',
    request: 'works' as 'works' | 'throws',
    version: { version: '1.2.0', envVersion: 'release' },
    pages: [{ route: 'pages/login/login', options: {} as Record<string, string> }],
    backend: defaultBackend(),
    observers,

    get network() {
      return networkType
    },
    set network(type: string) {
      networkType = type
      networkListeners.forEach((tell) => tell({ isConnected: type !== 'none', networkType: type }))
    },
    /** WeChat has loaded a new version. */
    offerUpdate: () => updateListeners.forEach((tell) => tell()),

    /** Runs `action` as a tap would, with tap state until it returns; resolves when all that follows has happened. */
    tap(action: () => unknown): Promise<void> {
      withTapState(action)
      return settled()
    },
    /** The user's choice in the panel that is open longest. */
    async answerPanel(answer: PanelAnswer): Promise<void> {
      openPanels.shift()?.(answer)
      await settled()
    },
    async answerModal(button: ModalButton): Promise<void> {
      openModals.shift()?.(button)
      await settled()
    },
    openPanels: () => openPanels.length,
    openModals: () => openModals.length,

    names: () => calls.map((call) => call.name),
    of: (name: string) => calls.filter((call) => call.name === name),
    requests: (endpoint: EndpointName) =>
      calls
        .map((call) => call.arg as unknown as BackendRequest)
        .filter((request) => request.endpoint === endpoint),
    /** Bodies of the requests to one endpoint, such as 'POST /sys/login'. */
    sent: (endpoint: EndpointName) => host.requests(endpoint).map(({ body }) => body),
    toasts: () => host.of('showToast').map((call) => call.arg.title),
    modalTexts: () => host.of('showModal').map((call) => String(call.arg.content)),
    wentTo: () => [...host.of('reLaunch'), ...host.of('navigateTo')].map((call) => call.arg.url),
    stored: (key: string): unknown => JSON.parse(host.storage.get(key) ?? 'null'),
    settled,
    uni: {} as Record<string, unknown>,
  }

  function withTapState(action: () => unknown): void {
    tapping = true
    try {
      action()
    } finally {
      tapping = false
    }
  }

  function record(name: string, { success: _success, fail: _fail, ...arg }: Options): void {
    calls.push({ name, arg, tap: tapping })
  }

  const answers = createAnswers(host, { withTapState, openPanels, openModals })
  for (const [name, answer] of Object.entries(answers)) {
    host.uni[name] = (options: Options = {}) => {
      record(name, options)
      if (tapping || !NEEDS_TAP.includes(name)) return answer(options)
      later(() => options.fail?.({ errMsg: `${name}:fail ${GESTURE}` }))
    }
  }

  function request(options: Options) {
    if (host.request === 'throws') throw new TypeError('request')
    const asked = readRequest(BASE_URL, options as unknown as Parameters<typeof readRequest>[1])
    record('request', { ...asked })
    const handler = host.backend[asked.endpoint]
    if (!handler) throw new Error(`the fake backend has no ${asked.endpoint}`)
    let done = false
    const settle = (run: () => void) => {
      if (!done) run()
      done = true
    }
    later(async () => {
      const reply = networkType === 'none' ? 'offline' : await handler(asked)
      if (reply === 'never') return
      settle(() => {
        if (reply === 'offline') options.fail?.({ errMsg: 'request:fail ', errno: 600001 })
        else if (reply === 'timeout') options.fail?.({ errMsg: 'request:fail timeout', errno: 5 })
        else options.success?.({ statusCode: reply.status ?? 200, data: reply.data })
      })
    })
    return { abort: () => settle(() => options.fail?.({ errMsg: 'request:fail abort' })) }
  }

  /** A call on the disk, unless it does not take it. */
  const onDisk =
    <Args extends unknown[], Result>(action: (...args: Args) => Result, isWrite = false) =>
    (...args: Args): Result => {
      if (host.disk === 'is broken' || (host.disk === 'is full' && isWrite)) throw new Error('storage:fail')
      return action(...args)
    }

  Object.assign(host.uni, {
    request,
    getStorageSync: onDisk((key: string) => host.stored(key) ?? ''),
    setStorageSync: onDisk(
      (key: string, value: unknown) => void host.storage.set(key, JSON.stringify(value)),
      true,
    ),
    removeStorageSync: onDisk((key: string) => void host.storage.delete(key)),
    onNetworkStatusChange: (listener: (typeof networkListeners)[number]) => networkListeners.push(listener),
    getUpdateManager: () => ({
      onUpdateReady: (listener: () => void) => updateListeners.push(listener),
      applyUpdate: () => record('applyUpdate', {}),
    }),
    getAccountInfoSync: () => ({ miniProgram: host.version }),
    getAppAuthorizeSetting: () => ({ notificationAuthorized: host.notifications }),
    createIntersectionObserver: observers.create,
    getRealtimeLogManager: () => ({
      warn: (event: string, fields: object) => record('log', { event, ...fields }),
    }),
  })
  const { getSetting } = host.uni
  Object.defineProperty(host.uni, 'getSetting', {
    get: () => (host.getSetting === 'is missing' ? undefined : getSetting),
  })
  return host
}

export type FakeHost = ReturnType<typeof createFakeHost>

/** What a phone has on its disk while somebody is logged in. */
export const aSession = (more: object = {}): [string, string][] => [
  ['leadbell.session', JSON.stringify({ token: 'token-1', user: aUser, bound: true, ...more })],
  [
    'leadbell.templates',
    JSON.stringify([{ templateId: 'T1', title: '新线索提醒', purpose: 'clue-assigned' }]),
  ],
]

/** A fresh host in place of `uni`: with nothing on its disk, with somebody logged in, or with the disk of another. */
export function useFakeHost({ loggedIn = false, disk = [] as Iterable<[string, string]> } = {}): FakeHost {
  const host = createFakeHost(new Map([...(loggedIn ? aSession() : []), ...disk]))
  vi.stubGlobal('uni', host.uni)
  vi.stubGlobal('getCurrentPages', () => host.pages)
  return host
}

import type {
  HostFailure,
  LoginAnswer,
  PhoneNumberAnswer,
  PhoneEvent,
  PhoneRefusal,
  PhoneState,
  RequestAnswer,
  RequestBody,
  ServiceMessage,
  SessionCheckAnswer,
  SettingsWriteBody,
  StateWriteBody,
  SubscribeCloseAnswer,
  SubscribeCloseBody,
  SubscribeOpenAnswer,
  SubscribeSettings,
} from '../protocol.ts'
import type { Release } from '../release.ts'
import { openAppSocket, type AppSocket, type HeardFrame, type SocketWish } from './app-socket.ts'
import { PhoneSocket } from './phone-socket.ts'

/** WeChat said no, in the words of the `wx` API above the call: an injected fault. */
export class Refused extends Error {
  constructor(readonly failure: HostFailure) {
    super(failure.errMsg)
  }
}

type Without<T> = Omit<T, 'openid'>

/**
 * A phone's private channel to WeChat (protocol.ts). Every method rejects with an Error when the emulator's
 * node side cannot be reached or refuses; callers turn that into what a phone would say.
 */
export interface PhoneLink {
  readonly openid: string
  login(): Promise<LoginAnswer>
  /** The code of a getPhoneNumber button; undefined for an account without a number. */
  phoneNumberCode(): Promise<string | undefined>
  /** Whether the session_key of the last login still holds. */
  checkSession(): Promise<SessionCheckAnswer>
  openSubscribe(tmplIds: readonly string[]): Promise<SubscribeOpenAnswer>
  closeSubscribe(body: Without<SubscribeCloseBody>): Promise<SubscribeCloseAnswer>
  readSettings(): Promise<SubscribeSettings>
  writeSettings(body: Without<SettingsWriteBody>): Promise<SubscribeSettings>
  /** Aborting `signal` rejects with the signal's reason. */
  request(body: Without<RequestBody>, signal: AbortSignal): Promise<RequestAnswer>
  messages(): Promise<ServiceMessage[]>
  markRead(id: string): Promise<void>
  /** 拒收 on a card of this template. */
  refuse(templateId: string): Promise<void>
  state(): Promise<PhoneState>
  changeState(body: Without<StateWriteBody>): Promise<PhoneState>
  release(): Promise<Release>
  /** `wx.connectSocket`'s connection; `heard` gets all that comes over it. */
  openSocket(wanted: SocketWish, heard: (frame: HeardFrame) => void): AppSocket
  /** Returns what ends the listening. */
  listen(onEvent: (event: PhoneEvent) => void): () => void
}

export function phoneLink(openid: string): PhoneLink {
  const socket = new PhoneSocket(openid)
  const post = async (path: string, body: object = {}, signal?: AbortSignal): Promise<string> => {
    const { status, text } = await socket.call(path, body, signal)
    if (status === 503) throw new Refused((JSON.parse(text) as PhoneRefusal).failure)
    if (status >= 400) throw new Error(`/__phone/${path} answered ${status}`)
    return text
  }
  const ask = async <T>(path: string, body?: object, signal?: AbortSignal): Promise<T> =>
    JSON.parse(await post(path, body, signal)) as T

  return {
    openid,
    phoneNumberCode: () =>
      ask<PhoneNumberAnswer>('phone-number').then(
        ({ code }) => code,
        (thrown) => {
          if (thrown instanceof Refused) return undefined
          throw thrown
        },
      ),
    login: () => ask('login'),
    checkSession: () => ask('session/check'),
    openSubscribe: (tmplIds) => ask('subscribe/open', { tmplIds }),
    closeSubscribe: (body) => ask('subscribe/close', body),
    readSettings: () => ask('settings/read'),
    writeSettings: (body) => ask('settings/write', body),
    request: (body, signal) => ask('request', body, signal),
    messages: () => ask('messages'),
    markRead: async (id) => void (await post('messages/read', { id })),
    refuse: async (templateId) => void (await post('messages/refuse', { templateId })),
    state: () => ask('state'),
    changeState: (body) => ask('state/write', body),
    release: () => ask('release'),
    openSocket: (wanted, heard) => openAppSocket(openid, wanted, heard),
    listen: (onEvent) => socket.listen(onEvent),
  }
}

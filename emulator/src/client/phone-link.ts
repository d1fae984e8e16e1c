import type {
  LoginAnswer,
  PhoneEvent,
  PhoneState,
  RequestAnswer,
  RequestBody,
  ServiceMessage,
  SettingsWriteBody,
  StateWriteBody,
  SubscribeCloseAnswer,
  SubscribeCloseBody,
  SubscribeOpenAnswer,
  SubscribeSettings,
} from '../protocol.ts'
import type { Release } from '../release.ts'

type Without<T> = Omit<T, 'openid'>

/**
 * A phone's private channel to WeChat (protocol.ts). Every method rejects with an Error when the emulator's
 * node side cannot be reached or refuses; callers turn that into what a phone would say.
 */
export interface PhoneLink {
  readonly openid: string
  login(): Promise<LoginAnswer>
  openSubscribe(tmplIds: readonly string[]): Promise<SubscribeOpenAnswer>
  closeSubscribe(body: Without<SubscribeCloseBody>): Promise<SubscribeCloseAnswer>
  readSettings(): Promise<SubscribeSettings>
  writeSettings(body: Without<SettingsWriteBody>): Promise<SubscribeSettings>
  /** Aborting `signal` rejects with the signal's reason. */
  request(body: Without<RequestBody>, signal: AbortSignal): Promise<RequestAnswer>
  messages(): Promise<ServiceMessage[]>
  markRead(id: string): Promise<void>
  state(): Promise<PhoneState>
  changeState(body: Without<StateWriteBody>): Promise<PhoneState>
  release(): Promise<Release>
  /** Returns what ends the listening. */
  listen(onEvent: (event: PhoneEvent) => void): () => void
}

export function httpPhoneLink(openid: string): PhoneLink {
  const post = async (path: string, body: object = {}, signal?: AbortSignal): Promise<Response> => {
    const response = await fetch(`/__phone/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...body, openid }),
      ...(signal ? { signal } : {}),
    })
    if (!response.ok) throw new Error(`/__phone/${path} answered ${response.status}`)
    return response
  }
  const ask = async <T>(path: string, body?: object, signal?: AbortSignal): Promise<T> =>
    (await (await post(path, body, signal)).json()) as T

  return {
    openid,
    login: () => ask('login'),
    openSubscribe: (tmplIds) => ask('subscribe/open', { tmplIds }),
    closeSubscribe: (body) => ask('subscribe/close', body),
    readSettings: () => ask('settings/read'),
    writeSettings: (body) => ask('settings/write', body),
    request: (body, signal) => ask('request', body, signal),
    messages: () => ask('messages'),
    markRead: async (id) => void (await post('messages/read', { id })),
    state: () => ask('state'),
    changeState: (body) => ask('state/write', body),
    release: () => ask('release'),
    listen(onEvent) {
      const source = new EventSource(`/__phone/events?openid=${encodeURIComponent(openid)}`)
      source.onmessage = (event: MessageEvent<string>) => onEvent(JSON.parse(event.data) as PhoneEvent)
      return () => source.close()
    },
  }
}

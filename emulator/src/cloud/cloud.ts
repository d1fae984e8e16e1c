import type {
  CallRecord,
  Fault,
  PhoneEvent,
  PhoneState,
  ServiceMessage,
  SettingsWriteBody,
  SubscribeCloseAnswer,
  SubscribeCloseBody,
  SubscribeOpenAnswer,
  SubscribeSettings,
} from '../protocol.ts'
import type { Delay } from './delay.ts'
import type { Served } from './faults.ts'
import type { Code2Session } from './login.ts'
import type { PhoneChange } from './phones.ts'
import type { PushFault } from './push/faults.ts'
import type { PushTargetState } from './push/pusher.ts'
import type { PushRecord, PushVerification } from './push/record.ts'
import type { PushTarget } from './push/target.ts'
import type { AcceptedSend, SendBody } from './send.ts'
import type { TokenRequest } from './tokens.ts'

/** WeChat for one app: what api.weixin.qq.com answers, what a phone is told, and what a test may look at. */
export interface Cloud {
  readonly appid: string
  /** Openid of the phone that opens when none is named. */
  readonly firstOpenid: string
  readonly api: PublicApi
  readonly phone: PhoneSide
  hasTemplate(templateId: string): boolean
  /** Whether `ledger()` can be asked. */
  readonly keepsSends: boolean
  /** The grants as WeChat really holds them. No public call tells (H41). @throws UnknownPhone */
  quota(openid: string): Record<string, number>
  /** `n` more grants, as if the user had accepted that often; the backend is not told. @throws UnknownPhone */
  grant(openid: string, templateId: string, n?: number): void
  /** Exactly `n` grants, whatever was held before. @throws UnknownPhone */
  setQuota(openid: string, templateId: string, n: number): void
  /** The newest thousand calls of the public side, newest last. */
  calls(): CallRecord[]
  /** Every accepted send since the start or `reset`, oldest first. @throws Error unless `keepSends` was set */
  ledger(): AcceptedSend[]
  addFault(fault: Fault): void
  addPushFault(fault: PushFault): void
  /** Those of the calls and those of the pushes. */
  clearFaults(): void
  /** From the deed to the answer of every public call from now on. */
  setLatency(ms: Delay): void
  /** The present stable token is dead, as when another party refreshed it by force. */
  revokeToken(): void
  /**
   * Events go there from now on, and it is verified (H42). It is kept whatever comes of that. @throws BadPushTarget
   */
  setPush(target: PushTarget): Promise<PushVerification>
  stopPush(): void
  /** Undefined: events are pushed nowhere. */
  pushTarget(): PushTargetState | undefined
  /** Every event that was pushed, with its deliveries, newest last. */
  pushes(): PushRecord[]
  /** Resolves when no push is on its way. */
  pushesSettled(): Promise<void>
  /** The build on the disk is a newer version now: every phone hears of it. */
  publishUpdate(): void
  /** Everything forgotten: codes, tokens, choices, grants, messages, calls, pushes and faults. */
  reset(): void
  /** All that is remembered, as JSON text for `CloudOptions.state`. It holds session keys and tokens. */
  snapshot(): string
  /** No more pushes; what is on its way is given up. */
  close(): void
}

/** The calls of api.weixin.qq.com, parsed; faults are applied. */
export interface PublicApi {
  code2Session(query: Code2Session): Served
  plainToken(request: TokenRequest): Served
  stableToken(request: TokenRequest & { forceRefresh: boolean }): Served
  send(accessToken: string | undefined, body: SendBody | undefined): Served
  templates(accessToken: string | undefined): Served
}

/** What a phone says to WeChat (protocol.ts). Every call throws UnknownPhone for an openid that is not signed in. */
export interface PhoneSide {
  login(openid: string): string
  openPanel(openid: string, tmplIds: unknown): SubscribeOpenAnswer
  closePanel(body: SubscribeCloseBody): SubscribeCloseAnswer
  readSettings(openid: string): SubscribeSettings
  writeSettings(body: SettingsWriteBody): SubscribeSettings
  /** 拒收 on a card of this template. */
  refuse(openid: string, templateId: string): void
  messages(openid: string): ServiceMessage[]
  markRead(openid: string, id: string): void
  state(openid: string): PhoneState
  all(): PhoneState[]
  change(openid: string, change: PhoneChange): PhoneState
  /** Returns what ends the listening. */
  listen(openid: string, listener: (event: PhoneEvent) => void): () => void
}

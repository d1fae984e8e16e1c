import type {
  CallRecord,
  ClockState,
  CloudCall,
  Fault,
  FaultEntry,
  HostFailure,
  LatencyState,
  NewAccount,
  PhoneEvent,
  PhoneFault,
  PhoneState,
  PrivateTemplate,
  SavedState,
  ServiceMessage,
  SettingsWriteBody,
  SubscribeCloseAnswer,
  SubscribeCloseBody,
  SubscribeOpenAnswer,
  SubscribeSettings,
  TemplateChange,
} from '../protocol.ts'
import type { ApiInput } from './api-calls.ts'
import type { Changes } from './changes.ts'
import type { Delay } from './delay.ts'
import type { Served } from './faults.ts'
import type { PhoneChange } from './phones.ts'
import type { CloudProfile } from './profile.ts'
import type { PushFault } from './push/faults.ts'
import type { PushTargetState } from './push/pusher.ts'
import type { PushRecord, PushVerification } from './push/record.ts'
import type { PushTarget } from './push/target.ts'
import type { AcceptedSend } from './send.ts'

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
  /** What the settings page of this phone holds; no fault comes between. @throws UnknownPhone */
  settings(openid: string): SubscribeSettings
  /** `n` more grants, as if the user had accepted that often; the backend is not told. @throws UnknownPhone */
  grant(openid: string, templateId: string, n?: number): void
  /** Exactly `n` grants, whatever was held before. @throws UnknownPhone */
  setQuota(openid: string, templateId: string, n: number): void
  /** `by` more, or fewer when negative, than are held now; never below none. @throws UnknownPhone */
  changeQuota(openid: string, templateId: string, by: number): void
  /** The newest thousand calls of the public side, newest last. */
  calls(): CallRecord[]
  /** The newest calls and pushes that are new or changed since the answer with this mark. */
  changes(mark?: string): Changes
  /** Every accepted send since the start or `reset`, oldest first. @throws Error unless `keepSends` was set */
  ledger(): AcceptedSend[]
  /** The same as lines for a person, each beginning with its number; those up to `after` are left out. */
  log(after?: number): string
  /** @throws UnknownPhone */
  addFault(fault: Fault | PhoneFault): FaultEntry
  /** @throws UnknownPhone */
  addPushFault(fault: PushFault): FaultEntry
  /** What is broken now, in the order in which it was broken. */
  faults(): FaultEntry[]
  /** Whether there was one with this id. */
  removeFault(id: string): boolean
  /** Those of the calls, of the phones and of the pushes. */
  clearFaults(): void
  /** From the deed to the answer of every public call from now on. */
  setLatency(ms: Delay): void
  latency(): LatencyState
  clock(): ClockState
  /** Puts WeChat's clock forward; what waits by it is due the sooner. `ms` ≥ 0. */
  advance(ms: number): ClockState
  /** A phone more. @throws Refused when the openid is somebody's already */
  addAccount(account: NewAccount): PhoneState
  /** The private templates as they are now. */
  templates(): PrivateTemplate[]
  /** What Tencent does to one. Undefined: there is none with this id. */
  changeTemplate(id: string, change: TemplateChange): PrivateTemplate | undefined
  profile(): CloudProfile
  /** Turns some of the switches. @throws Refused that names the member */
  changeProfile(change: Partial<CloudProfile>): CloudProfile
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
  /** All that is remembered, for `restore` and `CloudOptions.state`. It holds session keys and tokens. */
  save(): SavedState
  /** The same as JSON text. */
  snapshot(): string
  /** Goes on from what `save` gave. @throws BadState, and nothing has changed */
  restore(saved: unknown): void
  /** No more pushes; `save()` still has what was on its way. */
  close(): void
}

/** api.weixin.qq.com, parsed; faults are applied. */
export interface PublicApi {
  call(call: CloudCall, input: ApiInput): Served
  wrongMethod(call: CloudCall, input: ApiInput): Served
  /** A path that is not played. */
  unknown(method: string, path: string): Served
}

/** A fault broke a phone's call; what the `wx` API above it fails with. */
export class PhoneCallBroken extends Error {
  constructor(readonly failure: HostFailure) {
    super(`这次调用被故障打断：${failure.errMsg} (a fault broke it)`)
  }
}

/** What a phone says to WeChat (protocol.ts). Every call throws UnknownPhone for an openid that is not signed in. */
export interface PhoneSide {
  /** @throws PhoneCallBroken */
  login(openid: string): string
  /** Whether the session_key of the last login still holds. */
  checkSession(openid: string): boolean
  /** The code of a getPhoneNumber button. Undefined: the account has no number. */
  phoneNumberCode(openid: string): string | undefined
  openPanel(openid: string, tmplIds: unknown): SubscribeOpenAnswer
  closePanel(body: SubscribeCloseBody): SubscribeCloseAnswer
  /** @throws PhoneCallBroken */
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

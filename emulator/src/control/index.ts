import type { Changes } from '../cloud/changes.ts'
import type { CloudProfile } from '../cloud/profile.ts'
import type { LatencyProfile } from '../cloud/delay.ts'
import type { PushFault } from '../cloud/push/faults.ts'
import type { PushTargetState } from '../cloud/push/pusher.ts'
import type { PushRecord, PushVerification } from '../cloud/push/record.ts'
import type { PushTarget } from '../cloud/push/target.ts'
import type { AcceptedSend } from '../cloud/send.ts'
import type {
  CallRecord,
  ClockState,
  DeskAction,
  DeskActionAnswer,
  Fault,
  FaultEntry,
  LatencyState,
  NewAccount,
  PhoneChangeBody,
  PhoneFault,
  PhoneState,
  PrivateTemplate,
  SavedState,
  SettingsWriteBody,
  SubscribeSettings,
  TemplateChange,
} from '../protocol.ts'
import { EmulatorRefusal } from './refusal.ts'
import { tellCall, tellPush, WAIT_MS, waitFor } from './wait.ts'

export type * from '../protocol.ts'
export type {
  Changes,
  CloudProfile,
  LatencyProfile,
  PushFault,
  PushRecord,
  PushTarget,
  PushTargetState,
  PushVerification,
}
export type { AcceptedSend }

export { EmulatorRefusal }

/** A push target whose latency can be told over HTTP. */
export type PushTargetBody = Omit<PushTarget, 'latencyMs'> & {
  latencyMs?: Exclude<PushTarget['latencyMs'], () => number>
}

/** A running emulator, or its cloud alone, led from another process. Every method rejects with EmulatorRefusal. */
export interface EmulatorControl {
  readonly url: string
  phones(): Promise<PhoneState[]>
  setPhone(openid: string, change: PhoneChangeBody): Promise<PhoneState>
  /** What everybody's settings page holds, by openid; no fault comes between. */
  settings(): Promise<Record<string, SubscribeSettings>>
  /** What the user changes on that page: what is not named stays, and a template without a kept choice is not there. */
  setSettings(openid: string, change: Omit<SettingsWriteBody, 'openid'>): Promise<SubscribeSettings>
  /** Somebody signs in on a phone more. */
  addAccount(account: NewAccount): Promise<PhoneState>

  actions(): Promise<DeskAction[]>
  act(name: string, openid: string): Promise<DeskActionAnswer>

  /** One user's grants as WeChat really holds them, by template. */
  quota(openid: string): Promise<Record<string, number>>
  /** Everybody's, by openid. */
  quotas(): Promise<Record<string, Record<string, number>>>
  setQuota(openid: string, templateId: string, n: number): Promise<Record<string, number>>
  /** `by` more, or fewer when negative, than are held now; never below none. */
  changeQuota(openid: string, templateId: string, by: number): Promise<Record<string, number>>
  /** `n` more (one unless told), for everybody unless an openid is named. */
  grant(templateId: string, n?: number, openid?: string): Promise<void>
  /** Needs `keepSends`; the first `after` are left out. */
  sends(after?: number): Promise<AcceptedSend[]>

  templates(): Promise<PrivateTemplate[]>
  setTemplate(id: string, change: TemplateChange): Promise<PrivateTemplate>
  profile(): Promise<CloudProfile>
  setProfile(change: Partial<CloudProfile>): Promise<CloudProfile>

  calls(): Promise<CallRecord[]>
  /** The newest calls and pushes that are new or changed since the answer with this mark; without one, all of them. */
  changes(mark?: string): Promise<Changes>
  /** The first call of the backend, of before or still to come, that `isMeant` takes. @default timeoutMs 5000 */
  waitForCall(isMeant: (call: CallRecord) => boolean, timeoutMs?: number): Promise<CallRecord>
  /** Lines for a person, each beginning with its number; those up to `after` are left out. */
  log(after?: number): Promise<string>

  faults(): Promise<FaultEntry[]>
  fault(fault: Fault | PhoneFault): Promise<FaultEntry>
  pushFault(fault: PushFault): Promise<FaultEntry>
  removeFault(id: string): Promise<void>
  clearFaults(): Promise<void>

  latency(): Promise<LatencyState>
  setLatency(to: LatencyProfile | number | readonly [least: number, most: number]): Promise<void>
  clock(): Promise<ClockState>
  /** Puts WeChat's clock forward. */
  advance(ms: number): Promise<ClockState>
  /** The present stable token is dead. */
  revokeToken(): Promise<void>

  pushes(): Promise<PushRecord[]>
  /** The first push, of before or still to come, that `isMeant` takes: `({ outcome }) => outcome === 'accepted'`. */
  waitForPush(isMeant: (push: PushRecord) => boolean, timeoutMs?: number): Promise<PushRecord>
  pushTarget(): Promise<PushTargetState | undefined>
  setPush(target: PushTargetBody): Promise<PushVerification>
  stopPush(): Promise<void>

  /** All that WeChat remembers, as one JSON value. */
  save(): Promise<SavedState>
  restore(saved: SavedState): Promise<void>
  /** Everything forgotten. */
  reset(): Promise<void>
  /** The build on the disk is published as a newer version, to every phone. */
  publishUpdate(): Promise<void>
}

/**
 * The desk's calls (protocol.ts, below `/__desk`) as typed methods, for tests and for the desk itself. `url` is what
 * the emulator prints, such as http://127.0.0.1:5300. Nothing is called yet.
 */
export function connectEmulator(url: string): EmulatorControl {
  const base = url.replace(/\/+$/, '')

  async function ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<string> {
    let response: Response
    try {
      response = await fetch(`${base}${path}`, {
        method,
        ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      })
    } catch {
      throw new EmulatorRefusal(`${base} 没有应答，模拟器还在运行吗？(no answer)`, 0)
    }
    const text = await response.text()
    if (!response.ok)
      throw new EmulatorRefusal(
        messageIn(text) ??
          `模拟器拒绝了 ${path}（HTTP ${response.status}），请确认网址是模拟器打印的那个 (refused)`,
        response.status,
      )
    return text
  }
  // the shapes are the protocol's: what the routes answer is typed by the same names
  const read = async <T>(path: string) => JSON.parse(await ask('GET', `/__desk/${path}`)) as T
  const post = async <T>(path: string, body: object) =>
    JSON.parse(await ask('POST', `/__desk/${path}`, body)) as T
  const tell = async (path: string, body: object = {}) => void (await ask('POST', `/__desk/${path}`, body))
  const remove = async (path: string) => void (await ask('DELETE', `/__desk/${path}`))
  const part = encodeURIComponent
  const calls = () => read<CallRecord[]>('calls')
  const pushes = () => read<PushRecord[]>('pushes')

  return {
    url: base,
    phones: () => read('phones'),
    settings: () => read('settings'),
    setSettings: async (openid, change) =>
      JSON.parse(await ask('POST', '/__phone/settings/write', { ...change, openid })) as SubscribeSettings,
    setPhone: (openid, change) => post(`phones/${part(openid)}`, change),
    addAccount: (account) => post('accounts', account),
    actions: () => read('actions'),
    act: (name, openid) => post(`actions/${part(name)}`, { openid }),
    quota: (openid) => read(`quota/${part(openid)}`),
    quotas: () => read('quota'),
    setQuota: (openid, templateId, n) => post(`quota/${part(openid)}`, { templateId, n }),
    changeQuota: (openid, templateId, by) => post(`quota/${part(openid)}`, { templateId, by }),
    grant: (templateId, n, openid) => tell('grants', { templateId, n, openid }),
    sends: (after = 0) => read(`sends?after=${after}`),
    templates: () => read('templates'),
    setTemplate: (id, change) => post(`templates/${part(id)}`, change),
    profile: () => read('profile'),
    setProfile: (change) => post('profile', change),
    calls,
    changes: (mark = '') => read(`changes?after=${part(mark)}`),
    waitForCall: (isMeant, timeoutMs = WAIT_MS) =>
      waitFor(calls, isMeant, { timeoutMs, what: '调用', tell: tellCall }),
    log: (after = 0) => ask('GET', `/__desk/log?after=${after}`),
    faults: () => read('faults'),
    fault: (fault) => post('faults', fault),
    pushFault: (fault) => post('push/faults', fault),
    removeFault: (id) => remove(`faults/${part(id)}`),
    clearFaults: () => remove('faults'),
    latency: () => read('latency'),
    setLatency: (to) => tell('latency', typeof to === 'string' ? { profile: to } : { ms: to }),
    clock: () => read('clock'),
    advance: (advanceMs) => post('clock', { advanceMs }),
    revokeToken: () => tell('tokens/revoke'),
    pushes,
    waitForPush: (isMeant, timeoutMs = WAIT_MS) =>
      waitFor(pushes, isMeant, { timeoutMs, what: '推送', tell: tellPush }),
    pushTarget: async () => (await read<PushTargetState | null>('push')) ?? undefined,
    setPush: (target) => post('push', target),
    stopPush: () => remove('push'),
    save: () => read('state'),
    restore: (saved) => tell('state', saved),
    reset: () => tell('reset'),
    publishUpdate: () => tell('update'),
  }
}

function messageIn(text: string): string | undefined {
  try {
    const { message } = JSON.parse(text) as { message?: unknown }
    return typeof message === 'string' && message !== '' ? message : undefined
  } catch {
    return undefined
  }
}

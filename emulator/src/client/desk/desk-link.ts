import type { CloudProfile } from '../../cloud/profile.ts'
import type { PushFault } from '../../cloud/push/faults.ts'
import type { PushTargetState } from '../../cloud/push/pusher.ts'
import type { PushRecord, PushVerification } from '../../cloud/push/record.ts'
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
} from '../../protocol.ts'

/** Grants by openid and template. */
export type Quotas = Record<string, Record<string, number>>

/** The desk's calls (protocol.ts, below /__desk). Each rejects with a Chinese sentence that says what to do. */
export type DeskLink = ReturnType<typeof deskLink>

export function deskLink(fetchFrom: typeof fetch = (...call) => fetch(...call)) {
  const ask = async <T>(path: string, method = 'GET', body?: object): Promise<T> => {
    let response: Response
    try {
      response = await fetchFrom(path, {
        method,
        ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      })
    } catch {
      throw new Error('模拟器没有应答，它还在运行吗？')
    }
    const text = await response.text()
    if (!response.ok) throw new Error(refusalOf(text) ?? `模拟器拒绝了 ${path}（HTTP ${response.status}）`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }
  const read = <T>(path: string) => ask<T>(`/__desk/${path}`)
  const post = <T = undefined>(path: string, body: object = {}) => ask<T>(`/__desk/${path}`, 'POST', body)
  const drop = (path: string) => ask<undefined>(`/__desk/${path}`, 'DELETE')
  const id = encodeURIComponent

  return {
    phones: () => read<PhoneState[]>('phones'),
    turn: (openid: string, change: PhoneChangeBody) => post<PhoneState>(`phones/${id(openid)}`, change),
    addAccount: (account: NewAccount) => post<PhoneState>('accounts', account),
    settings: () => read<Record<string, SubscribeSettings>>('settings'),
    writeSettings: (body: SettingsWriteBody) =>
      ask<SubscribeSettings>('/__phone/settings/write', 'POST', body),
    actions: () => read<DeskAction[]>('actions'),
    act: (name: string, openid: string) => post<DeskActionAnswer>(`actions/${id(name)}`, { openid }),
    publish: () => post('update'),

    quotas: () => read<Quotas>('quota'),
    setQuota: (openid: string, templateId: string, n: number) =>
      post<Record<string, number>>(`quota/${id(openid)}`, { templateId, n }),
    templates: () => read<PrivateTemplate[]>('templates'),
    changeTemplate: (templateId: string, change: TemplateChange) =>
      post<PrivateTemplate>(`templates/${id(templateId)}`, change),
    profile: () => read<CloudProfile>('profile'),
    changeProfile: (change: Partial<CloudProfile>) => post<CloudProfile>('profile', change),

    calls: () => read<CallRecord[]>('calls'),
    faults: () => read<FaultEntry[]>('faults'),
    addFault: (fault: Fault | PhoneFault) => post<FaultEntry>('faults', fault),
    addPushFault: (fault: PushFault) => post<FaultEntry>('push/faults', fault),
    removeFault: (fault: string) => drop(`faults/${id(fault)}`),
    clearFaults: () => drop('faults'),
    latency: () => read<LatencyState>('latency'),
    setLatency: (latency: { profile: string } | { ms: number | readonly [number, number] }) =>
      post('latency', latency),

    clock: () => read<ClockState>('clock'),
    advance: (advanceMs: number) => post<ClockState>('clock', { advanceMs }),
    revokeToken: () => post('tokens/revoke'),

    pushes: () => read<PushRecord[]>('pushes'),
    pushTarget: () => read<PushTargetState | null>('push'),
    setPushTarget: (target: Record<string, unknown>) => post<PushVerification>('push', target),
    stopPush: () => drop('push'),

    state: () => read<SavedState>('state'),
    loadState: (saved: object) => post('state', saved),
    reset: () => post('reset'),
  }
}

/** The `message` of a refusal; undefined when it is none of the emulator's own. */
function refusalOf(text: string): string | undefined {
  try {
    const { message } = JSON.parse(text) as { message?: unknown }
    return typeof message === 'string' && message !== '' ? message : undefined
  } catch {
    return undefined
  }
}

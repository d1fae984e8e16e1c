import type {
  CallRecord,
  DeskAction,
  DeskActionAnswer,
  PhoneState,
  SubscribeSettings,
} from '../../protocol.ts'

/** The desk's calls (protocol.ts, below /__desk), for one phone. Each rejects with a Chinese sentence. */
export function deskLink(openid: string) {
  const ask = async <T>(path: string, init?: RequestInit): Promise<T> => {
    let response: Response
    try {
      response = await fetch(path, init)
    } catch {
      throw new Error('模拟器没有应答，它还在运行吗？')
    }
    if (!response.ok) throw new Error(`模拟器拒绝了 ${path}（${response.status}）`)
    const text = await response.text()
    return (text === '' ? undefined : JSON.parse(text)) as T
  }
  const post = <T>(path: string, body: object) =>
    ask<T>(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const id = encodeURIComponent(openid)
  return {
    phones: () => ask<PhoneState[]>('/__desk/phones'),
    turn: (change: Partial<PhoneState> & { mainSwitch?: boolean }) =>
      post<unknown>(`/__desk/phones/${id}`, change),
    actions: () => ask<DeskAction[]>('/__desk/actions'),
    act: (name: string) => post<DeskActionAnswer>(`/__desk/actions/${encodeURIComponent(name)}`, { openid }),
    publish: () => post<undefined>('/__desk/update', {}),
    quota: () => ask<Record<string, number>>(`/__desk/quota/${id}`),
    calls: () => ask<CallRecord[]>('/__desk/calls'),
    settings: () => post<SubscribeSettings>('/__phone/settings/read', { openid }),
  }
}

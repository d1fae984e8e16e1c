import { defaultBackend, readRequest, type FakeBackend, type Reply } from '../fakes/backend.ts'

/** Everything the two hosts answer from: WeChat's side, the backend, and what is on the phone. */
export interface Surroundings {
  /** What the mini-program kept on this phone before. */
  storage: Record<string, unknown>
  backend: FakeBackend
  network: 'wifi' | 'none'
  mainSwitch: boolean
  /** Templates with 总是保持以上选择. */
  kept: Record<string, 'accept' | 'reject'>
  notifications: 'authorized' | 'denied'
}

export const surroundings = ({ backend, ...more }: Partial<Surroundings> = {}): Surroundings => ({
  storage: {},
  network: 'wifi',
  mainSwitch: true,
  kept: {},
  notifications: 'authorized',
  ...more,
  backend: { ...defaultBackend(), ...backend },
})

/** What WeChat's servers and the backend take to answer, longer than anything on the phone itself. */
const LATENCY_MS = 50
export const overTheNetwork = () => new Promise<void>((resolve) => setTimeout(resolve, LATENCY_MS))

interface WxRequest {
  url: string
  method: string
  header: Record<string, string>
  data?: object
}

/** The backend's answer to a `wx.request`, the same for both. */
export async function answerOf(around: Surroundings, request: WxRequest): Promise<Reply> {
  await overTheNetwork()
  if (around.network === 'none') return 'offline'
  const asked = readRequest(new URL(request.url).origin, request)
  const handler = around.backend[asked.endpoint]
  if (!handler) throw new Error(`the fake backend has no ${asked.endpoint}`)
  return handler(asked)
}

export const failureOf = (reply: 'offline' | 'timeout') =>
  reply === 'offline'
    ? { errMsg: 'request:fail ', errno: 600001 }
    : { errMsg: 'request:fail timeout', errno: 5 }

/** What WeChat does with a subscribe call (wechat-platform.md §1.2, H16, H20), as far as these pages need it. */
export type PanelDecision =
  | { kind: 'panel'; ids: string[] }
  | { kind: 'silent'; results: Record<string, 'accept' | 'reject'> }
  | { kind: 'fail'; failure: { errMsg: string; errCode: number } }

export function decide({ mainSwitch, kept }: Surroundings, ids: readonly string[]): PanelDecision {
  if (!mainSwitch)
    return {
      kind: 'fail',
      failure: { errMsg: 'requestSubscribeMessage:fail The main switch is switched off', errCode: 20004 },
    }
  const undecided = ids.filter((id) => !kept[id])
  if (undecided.length > 0) return { kind: 'panel', ids: undecided }
  return { kind: 'silent', results: Object.fromEntries(ids.map((id) => [id, kept[id] ?? 'reject'])) }
}

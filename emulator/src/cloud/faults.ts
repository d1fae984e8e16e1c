import type { CallRecord, CloudCall } from '../protocol.ts'
import { refusal, type ApiAnswer } from './answer.ts'
import type { Context } from './context.ts'
import { drawDelay } from './delay.ts'
import { fire } from './fire.ts'
import { CONCURRENT } from './send.ts'
import { wait } from './timers.ts'

/** How many calls the desk can look back on. */
const MOST_CALLS = 1000

/** What the HTTP side does with a call, once `ready` has come; absent: at once. */
export type Served =
  | { kind: 'answer'; body: string; ready?: Promise<void> }
  | { kind: 'hang' }
  /** The connection goes before the answer does (H40). */
  | { kind: 'drop'; ready?: Promise<void> }

/** The newest calls, oldest first. */
export const recentCalls = ({ calls }: Context): CallRecord[] => calls.slice(-MOST_CALLS)

function book(ctx: Context, entry: CallRecord): void {
  ctx.calls.push(entry)
  // now and then rather than at every call
  if (ctx.calls.length >= 2 * MOST_CALLS) ctx.calls = recentCalls(ctx)
}

/** Until the answer is on its way; a call that takes no time is never in flight. */
function later(ctx: Context, ms: number, call: CloudCall, answer: ApiAnswer): { ready?: Promise<void> } {
  if (ms <= 0) return {}
  const ready = wait(ctx.timers, ms)
  const { openid, errcode } = answer
  if (call !== 'subscribe/send' || openid === undefined || errcode === CONCURRENT) return { ready }
  const { sending } = ctx
  sending.set(openid, (sending.get(openid) ?? 0) + 1)
  const land = () => {
    const left = (sending.get(openid) ?? 1) - 1
    if (left > 0) sending.set(openid, left)
    else sending.delete(openid)
  }
  return { ready: ready.then(land) }
}

/**
 * Performs one public call, or what was made of it by a fault, and books it for the desk. The deed is done at once;
 * the answer may take its time. `openid` is the user that the call names.
 */
export function serve(
  ctx: Context,
  call: CloudCall,
  openid: string | undefined,
  perform: () => ApiAnswer,
): Served {
  const fault = fire(ctx.faults, ctx.random, openid, (candidate) => candidate.call === call)
  const nothing: ApiAnswer = { errcode: -1, body: '' }
  const act = (): ApiAnswer => {
    switch (fault?.kind) {
      case undefined:
      case 'slow':
        return perform()
      case 'errcode':
        return refusal(ctx.now(), fault.errcode, fault.errmsg)
      case 'hang':
        return fault.performed ? perform() : nothing
      case 'drop':
        return fault.performed === false ? nothing : perform()
    }
  }
  const answer = act()
  book(ctx, {
    at: ctx.now(),
    call,
    ...(answer.openid === undefined ? {} : { openid: answer.openid }),
    errcode: answer.errcode,
    ...(fault && { fault: fault.kind }),
  })
  if (fault?.kind === 'hang') return { kind: 'hang' }
  const ms = drawDelay(ctx.latency, ctx.random) + (fault?.kind === 'slow' ? fault.ms : 0)
  const ready = later(ctx, ms, call, answer)
  return fault?.kind === 'drop' ? { kind: 'drop', ...ready } : { kind: 'answer', body: answer.body, ...ready }
}

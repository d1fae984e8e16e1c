import type { CallRecord, CloudCall, Fault } from '../protocol.ts'
import { refusal, type ApiAnswer } from './answer.ts'
import type { Context } from './context.ts'

/** How many calls the desk can look back on. */
const MOST_CALLS = 1000

/** What the HTTP side does with a call. */
export type Served =
  | { kind: 'answer'; body: string }
  | { kind: 'hang' }
  /** Done, but the connection goes before the answer does (H40). */
  | { kind: 'drop' }

function takeFault(ctx: Context, call: CloudCall): Fault | undefined {
  const fault = ctx.faults.find((candidate) => candidate.call === call)
  if (!fault) return undefined
  if (fault.times !== undefined) {
    const times = fault.times - 1
    ctx.faults = ctx.faults.flatMap((other) =>
      other !== fault ? [other] : times > 0 ? [{ ...fault, times }] : [],
    )
  }
  return fault
}

/** Performs one public call, or what was made of it by a fault, and books it for the desk. */
export function serve(ctx: Context, call: CloudCall, perform: () => ApiAnswer): Served {
  const fault = takeFault(ctx, call)
  const record = ({ errcode, openid }: Pick<ApiAnswer, 'errcode' | 'openid'>) => {
    const entry: CallRecord = {
      at: ctx.now(),
      call,
      ...(openid === undefined ? {} : { openid }),
      errcode,
      ...(fault && { fault: fault.kind }),
    }
    ctx.calls = [...ctx.calls, entry].slice(-MOST_CALLS)
  }
  if (fault?.kind === 'hang') {
    record({ errcode: -1 })
    return { kind: 'hang' }
  }
  const answer = fault?.kind === 'errcode' ? refusal(ctx.now(), fault.errcode, fault.errmsg) : perform()
  record(answer)
  return fault?.kind === 'drop' ? { kind: 'drop' } : { kind: 'answer', body: answer.body }
}

import type { CallRecord, CloudCall, Fault } from '../protocol.ts'
import { refusal, type ApiAnswer } from './answer.ts'
import type { Context } from './context.ts'
import { drawDelay } from './delay.ts'
import { isCallFault } from './fault-book.ts'
import { redactedMembers } from './redacted.ts'
import { CONCURRENT } from './send.ts'
import { wait } from './timers.ts'

/** How many calls the desk can look back on. */
const MOST_CALLS = 1000
/** How many paths are told of; somebody who tries them all is heard in the log only. */
const MOST_UNKNOWN = 100

/** What the HTTP side does with a call, once `ready` has come; absent: at once. */
export type Served =
  | { kind: 'answer'; body: string; ready?: Promise<void> }
  | { kind: 'hang' }
  /** The connection goes before the answer does (H40). */
  | { kind: 'drop'; ready?: Promise<void> }

/** One public call, before it is performed. */
export interface Serving {
  /** The user that the call names. */
  openid: string | undefined
  /** Query and body as they came. */
  request: Record<string, unknown>
  perform: () => ApiAnswer
  /** Hears of an answer that is not 0, injected or not. */
  onRefusal?: () => void
}

/** The newest calls, oldest first. */
export const recentCalls = ({ calls }: Context): CallRecord[] => calls.slice(-MOST_CALLS)

function book(ctx: Context, record: CallRecord): void {
  ctx.calls.push(record)
  ctx.changes.call(record)
  // now and then rather than at every call
  if (ctx.calls.length >= 2 * MOST_CALLS) ctx.calls = recentCalls(ctx)
}

const write = (ctx: Context, record: CallRecord) =>
  ctx.log.write(record, record.openid === undefined ? undefined : ctx.accounts.get(record.openid)?.nickname)

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

const nothing: ApiAnswer = { errcode: -1, body: '', fields: {} }

/** What is done and would be answered: the deed, or what a fault makes of it. */
function act(ctx: Context, fault: Fault | undefined, { perform, onRefusal }: Serving): ApiAnswer {
  const answerOf = (): ApiAnswer => {
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
  const answer = answerOf()
  if (answer.errcode !== 0 && answer !== nothing) onRefusal?.()
  return answer
}

/**
 * Performs one public call, or what was made of it by a fault, and books it for the desk. The deed is done at once;
 * the answer may take its time.
 */
export function serve(ctx: Context, call: CloudCall, serving: Serving): Served {
  const fault = ctx.faults.fire(
    serving.openid,
    (candidate): candidate is Fault =>
      isCallFault(candidate) && (candidate.call === call || candidate.call === '*'),
  )
  const answer = act(ctx, fault, serving)
  const ms = drawDelay(ctx.latency, ctx.random)
  const isAnswered = fault?.kind !== 'hang' && fault?.kind !== 'drop'
  const record: CallRecord = {
    at: ctx.now(),
    call,
    ...(answer.openid === undefined ? {} : { openid: answer.openid }),
    errcode: answer.errcode,
    ...(fault && { fault: fault.kind }),
    request: redactedMembers(serving.request),
    ...(isAnswered && { answer: redactedMembers(answer.fields) }),
    ...(answer.why !== undefined && { why: answer.why }),
    latencyMs: ms,
  }
  book(ctx, record)
  if (fault?.kind === 'hang') {
    write(ctx, record)
    return { kind: 'hang' }
  }
  const { ready } = later(ctx, ms + (fault?.kind === 'slow' ? fault.ms : 0), call, answer)
  const end = () => {
    record.durationMs = ctx.now() - record.at
    ctx.changes.call(record)
    write(ctx, record)
  }
  if (!ready) end()
  const timing = ready && { ready: ready.then(end) }
  return fault?.kind === 'drop'
    ? { kind: 'drop', ...timing }
    : { kind: 'answer', body: answer.body, ...timing }
}

/** A call to an address that is not there: said to the caller, the desk, the log, and once to the terminal. */
export function serveUnknown(
  ctx: Context,
  request: { method: string; path: string },
  hint: string,
  inShort: string,
): Served {
  const { fields } = refusal(ctx.now(), 40066, 'invalid url')
  const answer = { ...fields, hint }
  const record: CallRecord = {
    ...{ at: ctx.now(), call: 'unknown', errcode: 40066, request, answer },
    ...{ latencyMs: 0, durationMs: 0 },
  }
  book(ctx, record)
  write(ctx, record)
  const { method, path } = request
  if (ctx.unknownPaths.size < MOST_UNKNOWN && !ctx.unknownPaths.has(path)) {
    ctx.unknownPaths.add(path)
    ctx.complain(`服务器调用了 ${method} ${path}，${inShort}，答了 40066 (not played by the emulator)`)
  }
  return { kind: 'answer', body: JSON.stringify(answer) }
}

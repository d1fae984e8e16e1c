import { databaseWithin, findKey, insertKey, tryLockKey } from '../db/idempotency-keys.ts'
import type { Context } from './context.ts'
import { refusals, refuse, type Outcome } from './refusal.ts'

/** A request under its Idempotency-Key. `scope` is who asks for what; `requestHash` tells one request from another. */
export interface KeyedRequest {
  scope: string
  key: string
  requestHash: string
}

export interface KeyedAnswer<T> {
  outcome: Outcome<T>
  /** It was given before, and nothing was done now. */
  replayed: boolean
}

/**
 * Does `work` once per (scope, key), for at least 24 hours, however often, from however many processes and through
 * whatever crash it is asked for.
 *
 * What `work` does through the context it is given and the memory of its answer are one transaction: either both are
 * there afterwards or neither. So the effect never happens twice, and a process that dies, fails or loses its database
 * in the middle leaves nothing: the next request with the key starts anew, at once. A crash between the commit and
 * the answer on the wire is healed by asking again, which gives the answer that was lost. A refusal is an answer and
 * is kept like any other; an exception (500) is not.
 *
 * While the first is at work the same key is refused as busy (on PGlite, which has one connection, it waits and gets
 * the answer); another request under a used key is refused, too. Outside of the promise is whatever `work` does past
 * the database, such as a call to WeChat. Waking the worker, telling what changed and resetting a login limit wait for
 * the commit. To catch a failed query `work` must have run it in a transaction (here a savepoint).
 */
export async function onceForKey<T>(
  ctx: Context,
  request: KeyedRequest,
  work: (ctx: Context) => Promise<Outcome<T>>,
): Promise<KeyedAnswer<T>> {
  const afterCommit: (() => void | Promise<void>)[] = []
  const answer = await ctx.database.transaction<KeyedAnswer<T>>(async (tx) => {
    // run anew after a deadlock, it begins anew
    afterCommit.length = 0
    if (!(await tryLockKey(tx, request))) return anew<T>(refuse('idempotency-key-busy'))
    const kept = await findKey(tx, request)
    if (kept && kept.requestHash !== request.requestHash) return anew<T>(refuse('idempotency-key-reused'))
    // written below, under the same scope, by the same endpoint
    if (kept) return { outcome: kept.answer as Outcome<T>, replayed: true }

    const outcome = await work({
      ...ctx,
      database: databaseWithin(ctx.database, tx),
      limits: {
        ...ctx.limits,
        forgiveAccount: async (username) => void afterCommit.push(() => ctx.limits.forgiveAccount(username)),
      },
      wakeWorker: () => void afterCommit.push(ctx.wakeWorker),
      wakePushWorker: () => void afterCommit.push(ctx.wakePushWorker),
      changed: (...topics) => void afterCommit.push(() => ctx.changed(...topics)),
    })
    const status = outcome.ok ? 200 : refusals[outcome.refusal].status
    await insertKey(tx, { ...request, status, answer: outcome, createdAt: ctx.now() })
    return anew(outcome)
  })
  for (const act of afterCommit) await act()
  return answer
}

const anew = <T>(outcome: Outcome<T>): KeyedAnswer<T> => ({ outcome, replayed: false })

import type { Envelope } from '@leadbell/contract'
import type { Context as HonoContext } from 'hono'
import { refusals, wordRefusal, type Outcome, type Refused } from '../domain/refusal.ts'
import type { HttpEnv } from './env.ts'

/** randomImage is the one call that JeecgBoot answers with code 0. */
export type SuccessCode = 0 | 200

/** Puts an outcome into JeecgBoot's envelope and remembers the refusal for the log line. */
export function answer(
  c: HonoContext<HttpEnv>,
  outcome: Outcome<unknown>,
  successCode: SuccessCode = 200,
): Response {
  if (!outcome.ok) return answerRefused(c, outcome)
  return c.json(envelopeOf(successCode, outcome.message ?? '操作成功', outcome.value))
}

function answerRefused(c: HonoContext<HttpEnv>, refused: Refused): Response {
  const { status, code } = refusals[refused.refusal]
  c.set('refusal', refused.refusal)
  return c.json(envelopeOf(code, wordRefusal(refused), refused.result), status)
}

export const envelopeOf = (code: number, message: string, result: unknown): Envelope<unknown> => ({
  success: code === 0 || code === 200,
  message,
  code,
  result,
  timestamp: Date.now(),
})

import type { Hono } from 'hono'
import * as v from 'valibot'
import { assignTrialClue } from '../domain/trial.ts'
import { requireAdmin } from './auth.ts'
import type { AppDeps, HttpEnv } from './env.ts'
import { answer } from './envelope.ts'
import { check, readBody } from './input.ts'

const TrialAssignBody = v.object({
  username: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(64))),
  openid: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(128))),
})

/** The button beside the emulator's phone: one made-up lead, assigned as the back office would. */
export function addTrialRoutes(app: Hono<HttpEnv>, deps: AppDeps): void {
  app.post('/trial/assign', async (c) => {
    const admitted = requireAdmin(deps, c)
    if (!admitted.ok) return answer(c, admitted)
    const sent = await readBody(c)
    const body = sent.ok ? check(TrialAssignBody, sent.value) : sent
    return answer(c, body.ok ? await assignTrialClue(deps.ctx, body.value) : body)
  })
}

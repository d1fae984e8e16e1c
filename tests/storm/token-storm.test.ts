import type { BatchAssignBody, BatchAssignResult, Clue } from '@leadbell/contract'
import { afterEach, describe, expect, it } from 'vitest'
import { tellFigures } from './figures.ts'
import { Storm, type Engine } from './storm.ts'

const PEOPLE = 40
const MESSAGES = 10

const engines: { engine: Engine; backends: number }[] = [
  { engine: 'PGlite', backends: 1 },
  ...(process.env.TEST_DATABASE_URL ? [{ engine: 'PostgreSQL' as const, backends: 4 }] : []),
]

let storm: Storm
afterEach(() => storm.stop())

describe.each(engines)(
  '$backends backends on $engine whose access token is revoked while they send',
  (on) => {
    it('force one refresh between them, and fail no message', async () => {
      storm = await Storm.start({
        ...on,
        people: PEOPLE,
        grants: MESSAGES,
        inDoubt: 'give-up',
        sendTimeoutMs: 8000,
        leaseMs: 30_000,
        graceMs: 60_000,
      })
      const { items: staff } = await storm.call<{ items: { id: string }[] }>('GET', '/admin/staff?limit=50')
      const items: BatchAssignBody['items'] = []
      for (let n = 0; n < PEOPLE * MESSAGES; n++) {
        const draft = { title: `线索 ${n}`, customerName: '王先生', phone: '13800000000' }
        const clue = await storm.call<Clue>('POST', '/admin/clues', draft)
        items.push({ clueId: clue.id, assigneeId: staff[n % PEOPLE]?.id ?? '', version: clue.version })
      }
      const { cloud } = storm.cloud
      const sent = () => cloud.ledger().length
      const assign = (from: number) =>
        storm.call<BatchAssignResult>('POST', '/admin/assignments', { items: items.slice(from, from + 200) })
      await assign(0)
      await until(() => sent() > 50)
      cloud.revokeToken()
      // however fast the first half went: this one meets the dead token
      await assign(200)
      await until(() => sent() === PEOPLE * MESSAGES)

      const calls = cloud.calls()
      const refused = calls.filter(({ call, errcode }) => call === 'subscribe/send' && errcode !== 0)
      expect(refused.length).toBeGreaterThan(0)
      expect(new Set(refused.map(({ errcode }) => errcode))).toEqual(new Set([40001]))
      // the first token, its successor, and at most one more where WeChat had to be forced
      expect(calls.filter(({ call }) => call === 'stable_token').length).toBeLessThanOrEqual(3)
      const { states } = await storm.call<{ states: Record<string, number> }>('GET', '/admin/statistics')
      await until(async () => {
        const now = await storm.call<{ states: Record<string, number> }>('GET', '/admin/statistics')
        return now.states.sent === PEOPLE * MESSAGES
      })
      expect(states.dead ?? 0).toBe(0)
      expect(states.refused ?? 0).toBe(0)
      const messages = PEOPLE * MESSAGES
      const pages = new Set(cloud.ledger().map(({ page }) => page))
      tellFigures({
        storm: 'token',
        ...on,
        ...{ eventsLost: 1, inDoubt: 'give-up', messages, kills: 0 },
        duplicates: cloud.ledger().length - pages.size,
        lost: messages - pages.size,
        refreshes: calls.filter(({ call }) => call === 'stable_token').length - 1,
      })
    })
  },
)

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const started = Date.now()
  while (!(await isSo())) {
    if (Date.now() - started > 60_000) throw new Error('not within a minute')
    await new Promise((later) => setTimeout(later, 20))
  }
}

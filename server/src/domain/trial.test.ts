import type { AdminCluePage, ClueDetail, CluePage } from '@leadbell/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Harness } from '../testing/harness.ts'
import { seedTrial, trialAdmin, TRIAL_PASSWORD, trialNewcomers, trialStaff } from './trial.ts'

let server: Harness
beforeAll(async () => {
  server = await Harness.start()
})
afterAll(() => server.stop())

describe('an empty database in trial mode', () => {
  it('is filled once', async () => {
    expect(await seedTrial(server.ctx)).toBe(true)
    expect(await seedTrial(server.ctx)).toBe(false)
  })

  it('has somebody for the back office', async () => {
    const person = { id: '', username: trialAdmin.username, openid: 'openid-admin' }
    const { token } = (await server.login(person, { password: TRIAL_PASSWORD, code: undefined })).result
    const { items } = (await server.call<AdminCluePage>('GET', '/admin/clues?limit=50', { token })).result
    expect(items.length).toBeGreaterThan(20)
    for (const { assignee, assignedBy } of items)
      expect(assignedBy).toBe(assignee === null ? null : trialAdmin.realname)
    expect(items.some(({ assignee }) => assignee === null)).toBe(true)
  })

  it.each(trialNewcomers)('has $realname, who has no leads yet', async (who) => {
    const person = { id: '', username: who.username, openid: `openid-${who.username}` }
    const { result } = await server.login(person, { password: TRIAL_PASSWORD })
    expect(result.userInfo.realname).toBe(who.realname)
    expect(await server.call('GET', '/clues', { token: result.token })).toMatchObject({
      result: { items: [], unread: 0 },
    })
  })

  it.each(trialStaff)(
    'gives $realname new leads, and older ones with something done about them',
    async (who) => {
      const person = { id: '', username: who.username, openid: `openid-${who.username}` }
      const { token } = (await server.login(person, { password: TRIAL_PASSWORD })).result
      const { items, unread } = (await server.call<CluePage>('GET', '/clues?limit=50', { token })).result
      const details: ClueDetail[] = []
      for (const { id } of items)
        details.push((await server.call<ClueDetail>('GET', `/clues/${id}`, { token })).result)

      // the list begins with the unread ones
      expect(unread).toBeGreaterThanOrEqual(2)
      expect(items.map(({ readAt }) => readAt === null)).toEqual(items.map((_, n) => n < unread))
      expect(new Set(items.map(({ status }) => status)).size).toBeGreaterThanOrEqual(3)
      for (const { readAt, status, notes } of details) {
        if (readAt === null) expect({ status, notes }).toEqual({ status: 'pending', notes: [] })
      }
      const noted = details.filter(({ notes }) => notes.length > 0)
      expect(noted.length).toBeGreaterThanOrEqual(2)
      for (const { notes, assignedAt } of noted) {
        const times = [server.now().toISOString(), ...notes.map(({ at }) => at), assignedAt]
        expect(times).toEqual([...times].sort().reverse())
        expect(notes.every(({ author }) => author === who.realname)).toBe(true)
      }
    },
  )
})

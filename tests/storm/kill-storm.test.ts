import type { BatchAssignResult, Clue } from '@leadbell/contract'
import { afterEach, describe, expect, it } from 'vitest'
import { accountNumber } from '../../emulator/src/index.ts'
import type { Database } from '../../server/src/db/database.ts'
import { rebuildQuota } from '../../server/src/domain/ledger.ts'
import { tellFigures } from './figures.ts'
import { Storm, TEMPLATE, type Engine } from './storm.ts'

const PEOPLE = 60
const MESSAGES = 5
/** More than is assigned: what is left over must be left over in both books. */
const GRANTS = 7
/** Of WeChat's events, as its title says. */
const LOST = 0.1

const engines: { engine: Engine; backends: number }[] = [
  { engine: 'PGlite', backends: 1 },
  ...(process.env.TEST_DATABASE_URL ? [{ engine: 'PostgreSQL' as const, backends: 3 }] : []),
]

let storm: Storm
afterEach(() => storm.stop())

describe.each(engines)('backends on $engine that are killed at random while they send 300 messages', (on) => {
  it('deliver each once, and lose none, while WeChat’s events arrive', async () => {
    // no event within the grace time: WeChat never saw it
    storm = await Storm.start({ ...on, ...usual, inDoubt: 'resend', graceMs: 6000 })
    await storm.pushEvents()
    await assignAll()
    await killUntilQuiet()
    const { repeated, never } = await compareBooks(0)
    tell({ eventsLost: 0, repeated, never })
    expect({ repeated, never }).toEqual({ repeated: 0, never: 0 })
  })

  it('with a tenth of the events lost, giving up repeats none, and loses no more than were in doubt', async () => {
    storm = await Storm.start({ ...on, ...usual, inDoubt: 'give-up', graceMs: 3000 })
    await storm.pushEvents(LOST)
    await assignAll()
    await killUntilQuiet()
    const { repeated, never, gaveUp } = await compareBooks('gave up')
    tell({ eventsLost: LOST, repeated, never })
    expect(repeated).toBe(0)
    expect(never).toBeLessThanOrEqual(gaveUp)
  })

  it('with a tenth of the events lost, sending again loses none, and repeats no more than were in doubt', async () => {
    storm = await Storm.start({ ...on, ...usual, inDoubt: 'resend', graceMs: 3000 })
    await storm.pushEvents(LOST)
    await assignAll()
    await killUntilQuiet()
    const { repeated, never, doubts } = await compareBooks('resent')
    tell({ eventsLost: LOST, repeated, never })
    expect(never).toBe(0)
    expect(repeated).toBeLessThanOrEqual(doubts)
  })
})

function tell(books: { eventsLost: number; repeated: number; never: number }): void {
  const { engine, backends, inDoubt } = storm.options
  const { eventsLost, repeated: duplicates, never: lost } = books
  const messages = PEOPLE * MESSAGES
  const { kills } = storm
  tellFigures({ storm: 'kill', engine, backends, eventsLost, inDoubt, messages, kills, duplicates, lost })
}

const usual = { people: PEOPLE, grants: GRANTS, sendTimeoutMs: 600, leaseMs: 1500 }

/** As a clerk would: enters the leads and assigns them, five to each. */
async function assignAll(): Promise<void> {
  const staff = await storm.call<{ items: { id: string }[]; nextCursor: string | null }>(
    'GET',
    '/admin/staff?limit=50',
  )
  const more = await storm.call<typeof staff>('GET', `/admin/staff?limit=50&cursor=${staff.nextCursor ?? ''}`)
  const people = [...staff.items, ...more.items]
  expect(people).toHaveLength(PEOPLE)
  const items = []
  for (let n = 0; n < PEOPLE * MESSAGES; n++) {
    const draft = { title: `线索 ${n}`, customerName: '王先生', phone: '13800000000' }
    const clue = await storm.call<Clue>('POST', '/admin/clues', draft)
    items.push({ clueId: clue.id, assigneeId: people[n % PEOPLE]?.id ?? '', version: clue.version })
  }
  for (let from = 0; from < items.length; from += 100) {
    const batch = await storm.call<BatchAssignResult>('POST', '/admin/assignments', {
      items: items.slice(from, from + 100),
    })
    expect(batch.refused).toBe(0)
  }
}

const STORM_MS = 12_000
const QUIET_BY_MS = 90_000
/** Fewer are no storm; a busy machine needs longer for them, since a killed backend starts again before the next. */
const KILLS = 6

/** Kills for a while, then waits until nothing is open any more. */
async function killUntilQuiet(): Promise<void> {
  const started = Date.now()
  while (Date.now() - started < STORM_MS || storm.kills < KILLS) {
    await storm.killOne()
    await new Promise((later) => setTimeout(later, 250))
  }
  const open = ['ready', 'leased', 'in_doubt', 'waiting']
  for (;;) {
    const { states } = await storm.call<{ states: Record<string, number> }>('GET', '/admin/statistics')
    if (open.every((state) => (states[state] ?? 0) === 0)) break
    if (Date.now() - started > QUIET_BY_MS) throw new Error(`still open: ${JSON.stringify(states)}`)
    await new Promise((later) => setTimeout(later, 200))
  }
  await storm.cloud.cloud.pushesSettled()
  // what was pushed last is worked off
  await new Promise((later) => setTimeout(later, 3000))
}

/**
 * What WeChat took, lead by lead, against ours. With every event the two books agree to the message; without, ours is
 * off by what we never heard of.
 */
async function compareBooks(expectation: 0 | 'gave up' | 'resent') {
  await storm.calm()
  const taken = new Map<string, number>()
  for (const { page } of storm.cloud.cloud.ledger()) taken.set(page ?? '', (taken.get(page ?? '') ?? 0) + 1)
  const book = await storm.openBook()
  try {
    const count = async (sql: string) => Number((await book.pool.query<{ n: number }>(sql)).rows[0]?.n)
    const sent = await count(`select count(*) n from deliveries where state = 'sent'`)
    const gaveUp = await count(`select count(*) n from deliveries where reason = 'gaveUp'`)
    const doubts = await count(
      `select count(*) n from delivery_attempts where outcome in ('lost', 'unanswered')`,
    )
    if (expectation === 0) {
      expect(sent).toBe(PEOPLE * MESSAGES)
      await compareLedgers(book)
    }
    return {
      repeated: [...taken.values()].filter((times) => times > 1).length,
      never: PEOPLE * MESSAGES - taken.size,
      gaveUp,
      doubts,
    }
  } finally {
    await book.close()
  }
}

async function compareLedgers(book: Database): Promise<void> {
  const { rows } = await book.pool.query<{ openid: string; quota: number; sum: number }>(
    `select q.openid, q.quota, (select sum(delta)::int from ledger l where l.openid = q.openid) as sum from quotas q`,
  )
  expect(rows).toHaveLength(PEOPLE)
  for (const { openid, quota, sum } of rows) {
    expect(quota).toBe(sum)
    expect(quota).toBe(storm.cloud.cloud.quota(openid)[TEMPLATE])
    expect(quota).toBe(await rebuildQuota(book.db, { openid, templateId: TEMPLATE }))
  }
  expect(rows.map(({ openid }) => openid).sort()).toEqual(
    Array.from({ length: PEOPLE }, (_, n) => accountNumber(n + 1).openid),
  )
}

import { readBacklog } from '../../server/src/db/backlog.ts'
import { countUnread } from '../../server/src/db/clues.ts'
import { claimDeliveries, type ClaimedDelivery } from '../../server/src/db/delivery-claims.ts'
import { readQuotas } from '../../server/src/db/ledger.ts'
import { listAllClues, type AdminClueListQuery } from '../../server/src/domain/admin-clues.ts'
import { listAllDeliveries } from '../../server/src/domain/admin-deliveries.ts'
import { assignClue } from '../../server/src/domain/assignment.ts'
import { listOwnClues } from '../../server/src/domain/clues.ts'
import { settleTaken } from '../../server/src/domain/delivery-settlement.ts'
import { sweepDeliveries } from '../../server/src/domain/delivery-sweep.ts'
import { readOwnClue } from '../../server/src/domain/follow-up.ts'
import { bookGrants, repairLanes } from '../../server/src/domain/quota.ts'
import type { Outcome } from '../../server/src/domain/refusal.ts'
import { listMembers, readMember } from '../../server/src/domain/staff.ts'
import { readStatistics } from '../../server/src/domain/statistics.ts'
import type { Cast, Person } from './growth-cast.ts'
import { TEMPLATE } from './emulated-wechat.ts'
import type { BenchServer } from './world.ts'

/** One database with the program on it, and what a turn of an operation is given. */
export interface Side extends BenchServer {
  cast: Cast
  /** Runs what is measured; the rest of a turn only makes it possible. */
  measure<T>(work: () => Promise<T>): Promise<T>
}

export interface Operation {
  name: string
  /** Whether its growth is bounded by the issue. */
  goal?: true
  turn(side: Side, n: number): Promise<unknown>
}

export const BATCH = 32
const PAGE = 20

/** Everything by the functions that the program itself calls. */
export const operations: Operation[] = [
  phoneList('phone list, average person', ({ average }, n) => average(n)),
  phoneList('phone list, most leads', ({ heavy }) => heavy),
  phoneList('phone list, most leads, page 40', ({ heavy }) => heavy, 40),
  {
    name: 'unread count, average person',
    turn: (side, n) => side.measure(() => countUnread(side.database.db, side.cast.average(n).accountId)),
  },
  {
    name: 'unread count, most leads',
    turn: (side) => side.measure(() => countUnread(side.database.db, side.cast.heavy.accountId)),
  },
  {
    name: 'lead detail',
    turn: (side, n) => {
      const { accountId, clueId } = side.cast.average(n)
      return side.measure(() => succeed(readOwnClue(side.ctx, accountId, String(clueId))))
    },
  },
  {
    name: 'quota of a phone',
    turn: (side, n) => side.measure(() => readQuotas(side.database.db, side.cast.average(n).openid)),
  },
  {
    name: 'assign',
    goal: true,
    turn: async (side, n) => {
      const clueId = await side.cast.freshLead()
      return side.measure(() => assign(side, clueId, side.cast.average(n), 1))
    },
  },
  {
    name: 'assign to who has most leads',
    goal: true,
    turn: async (side) => {
      const clueId = await side.cast.freshLead()
      return side.measure(() => assign(side, clueId, side.cast.heavy, 1))
    },
  },
  {
    name: 'reassign',
    goal: true,
    turn: async (side, n) => {
      const clueId = await side.cast.freshLead()
      await assign(side, clueId, side.cast.average(n), 1)
      return side.measure(() => assign(side, clueId, side.cast.average(n + 1), 2))
    },
  },
  {
    name: `claim ${BATCH}`,
    goal: true,
    turn: async (side) => settle(side, await side.measure(() => claim(side))),
  },
  {
    name: `settle ${BATCH} sent`,
    turn: async (side) => {
      const claimed = await claim(side)
      return side.measure(() => settle(side, claimed))
    },
  },
  grant('grant, average person', ({ average }, n) => average(n)),
  grant('grant, book of 10 000 lines', ({ longBook }) => longBook),
  grant('grant, longest book', ({ longestBook }) => longestBook),
  adminList('leads: all', () => ({})),
  adminList('leads: unassigned', () => ({ unassigned: '1' })),
  adminList('leads: unassigned first', () => ({ order: 'unassigned-first' })),
  adminList('leads: by status', () => ({ status: 'pending' })),
  adminList('leads: by owner, average', (cast, n) => ({ assigneeId: String(cast.average(n).accountId) })),
  adminList('leads: by owner, most leads', ({ heavy }) => ({ assigneeId: String(heavy.accountId) })),
  adminList('leads: by owner who left', ({ departed }) => ({ assigneeId: String(departed.accountId) })),
  adminList('leads: search, found', () => ({ q: '线索收件箱' })),
  staffList('staff: first page', () => ({})),
  staffList('staff: out of grants', () => ({ maxQuota: 0 })),
  {
    name: 'staff: one person, longest book',
    turn: ({ ctx, cast, measure }) =>
      measure(() => succeed(readMember(ctx, String(cast.longestBook.accountId)))),
  },
  deliveryList('deliveries: all', () => ({})),
  deliveryList('deliveries: waiting', () => ({ state: 'waiting' as const })),
  deliveryList('deliveries: refused', () => ({ state: 'refused' as const })),
  deliveryList('deliveries: sent', () => ({ state: 'sent' as const })),
  deliveryList('deliveries: one person', ({ departed }) => ({ assigneeId: String(departed.accountId) })),
  deliveryList('deliveries: one person, refused', ({ heavy }) => ({
    assigneeId: String(heavy.accountId),
    state: 'refused' as const,
  })),
  { name: 'statistics, 7 days', turn: ({ ctx, measure }) => measure(() => succeed(readStatistics(ctx, {}))) },
  {
    name: 'sweep',
    turn: ({ ctx, measure }) =>
      measure(() => sweepDeliveries(ctx, { inDoubtGraceMs: 120_000, waitingExpiresMs: 30 * 24 * 3600_000 })),
  },
  { name: 'repair lanes', turn: ({ ctx, measure }) => measure(() => repairLanes(ctx)) },
  { name: 'metrics', turn: ({ ctx, measure }) => measure(() => readBacklog(ctx.database.db, ctx.now())) },
]

type Choose<T> = (cast: Cast, n: number) => T

function phoneList(name: string, choose: Choose<Person>, page = 1): Operation {
  return {
    name,
    goal: true,
    turn: async (side, n) => {
      const { accountId } = choose(side.cast, n)
      const cursor = page === 1 ? undefined : await side.cast.cursorOf(accountId, page, PAGE)
      return side.measure(() => succeed(listOwnClues(side.ctx, accountId, { limit: PAGE, cursor })))
    },
  }
}

function adminList(name: string, choose: Choose<Omit<AdminClueListQuery, 'limit'>>): Operation {
  return {
    name,
    turn: (side, n) =>
      side.measure(() => succeed(listAllClues(side.ctx, { limit: PAGE, ...choose(side.cast, n) }))),
  }
}

function staffList(
  name: string,
  choose: Choose<Omit<Parameters<typeof listMembers>[1], 'limit'>>,
): Operation {
  return {
    name,
    turn: (side, n) =>
      side.measure(() => succeed(listMembers(side.ctx, { limit: PAGE, ...choose(side.cast, n) }))),
  }
}

function deliveryList(
  name: string,
  choose: Choose<Omit<Parameters<typeof listAllDeliveries>[1], 'limit'>>,
): Operation {
  return {
    name,
    turn: (side, n) =>
      side.measure(() => succeed(listAllDeliveries(side.ctx, { limit: PAGE, ...choose(side.cast, n) }))),
  }
}

function grant(name: string, choose: Choose<Person>): Operation {
  return {
    name,
    turn: (side, n) => {
      const { accountId, openid } = choose(side.cast, n)
      const user = { id: String(accountId), username: '', realname: '' }
      const session = { tokenHash: '', accountId, openid, role: 'staff' as const, user }
      const report = {
        attemptId: crypto.randomUUID(),
        at: new Date().toISOString(),
        results: { [TEMPLATE]: 'accept' },
      }
      return side.measure(() => succeed(bookGrants(side.ctx, session, report)))
    },
  }
}

export const assign = (side: Side, clueId: number, to: Person, version: number) =>
  succeed(assignClue(side.ctx, '调度员', String(clueId), { assigneeId: String(to.accountId), version }))

/** As the worker fills its places in the air: until they are taken, or nothing more is due. */
export async function claim({ database, ctx }: Side): Promise<ClaimedDelivery[]> {
  const claimed: ClaimedDelivery[] = []
  while (claimed.length < BATCH) {
    const now = ctx.now()
    const leasedUntil = new Date(now.getTime() + 45_000)
    const more = await claimDeliveries(database.db, { leasedUntil, now, limit: BATCH - claimed.length })
    if (more.length === 0) throw new Error(`only ${claimed.length} messages to claim`)
    claimed.push(...more)
  }
  return claimed
}

export const settle = (side: Side, claimed: ClaimedDelivery[]) =>
  settleTaken(
    side.ctx,
    claimed.map((delivery) => ({ delivery, msgid: `3${String(delivery.attemptId).padStart(18, '0')}` })),
  )

async function succeed<T>(outcome: Promise<Outcome<T>>): Promise<T> {
  const ended = await outcome
  if (!ended.ok) throw new Error(`refused: ${ended.refusal}`)
  return ended.value
}

import { and, asc, count, desc, eq, gt, ilike, isNotNull, isNull, lte, ne, or, sql } from 'drizzle-orm'
import type { Account } from './accounts.ts'
import type { Queryable } from './database.ts'
import { accounts, deliveries, ledger, quotas, sessions, wechatBindings } from './schema.ts'

export interface StaffFilter {
  /** Part of the username or the realname. */
  q?: string | undefined
  role?: Account['role'] | undefined
  bound?: boolean | undefined
  /** Only who has a phone, may log in, and has at most `quota` messages of the template left; unbound is none. */
  atMost?: { templateId: string; quota: number } | undefined
}

/** An account with what the back office asks about it. */
export interface StaffRow {
  account: Account
  openid: string | null
  /** By template id; lanes that were never used are left out. */
  quota: Record<string, number>
  waiting: number
}

// read for the rows of a page only: PostgreSQL works these out after the limit
const quotaByTemplate = sql<
  Record<string, number>
>`(select coalesce(json_object_agg(q.template_id, q.quota), '{}')
  from ${quotas} q where q.openid = ${wechatBindings.openid})`
const waitingDeliveries = sql<number>`(select count(*)::int from ${deliveries} d
  where d.account_id = ${accounts.id} and d.state = 'waiting')`

const selectStaff = (db: Queryable) =>
  db
    .select({
      account: accounts,
      openid: wechatBindings.openid,
      quota: quotaByTemplate,
      waiting: waitingDeliveries,
    })
    .from(accounts)
    .leftJoin(wechatBindings, eq(wechatBindings.accountId, accounts.id))

/** In the order they were entered, which no change of a quota disturbs, `limit` of them after the id `after`. */
export async function listStaff(
  db: Queryable,
  { q, role, bound, atMost }: StaffFilter,
  after: number | undefined,
  limit: number,
): Promise<StaffRow[]> {
  const pattern = q ? `%${q.replace(/[\\%_]/g, '\\$&')}%` : undefined
  return selectStaff(db)
    .where(
      and(
        after === undefined ? undefined : gt(accounts.id, after),
        pattern ? or(ilike(accounts.username, pattern), ilike(accounts.realname, pattern)) : undefined,
        role && eq(accounts.role, role),
        bound === undefined ? undefined : (bound ? isNotNull : isNull)(wechatBindings.openid),
        atMost && and(eq(accounts.role, 'staff'), isNull(accounts.disabledAt), hasAtMost(db, atMost)),
      ),
    )
    .orderBy(asc(accounts.id))
    .limit(limit)
}

function hasAtMost(db: Queryable, { templateId, quota }: { templateId: string; quota: number }) {
  const left = db
    .select({ quota: quotas.quota })
    .from(quotas)
    .where(and(eq(quotas.openid, wechatBindings.openid), eq(quotas.templateId, templateId)))
  return lte(sql`coalesce((${left}), 0)`, quota)
}

export async function findStaff(db: Queryable, id: number): Promise<StaffRow | undefined> {
  const [found] = await selectStaff(db).where(eq(accounts.id, id))
  return found
}

export type StaffEdit = Partial<Pick<Account, 'realname' | 'role' | 'disabledAt' | 'passwordHash'>>

/** One edit. The caller holds the account's row and has compared the version. */
export async function updateStaff(tx: Queryable, id: number, edit: StaffEdit): Promise<void> {
  await tx
    .update(accounts)
    .set({ ...edit, version: sql`${accounts.version} + 1` })
    .where(eq(accounts.id, id))
}

/** Until the transaction ends nobody else takes an admin away, so that two cannot take the last two. */
export async function lockAdmins(tx: Queryable): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('the admins', 0))`)
}

/** How many others may still manage people. */
export async function countOtherAdmins(tx: Queryable, id: number): Promise<number> {
  const [counted] = await tx
    .select({ others: count() })
    .from(accounts)
    .where(and(eq(accounts.role, 'admin'), isNull(accounts.disabledAt), ne(accounts.id, id)))
  return counted?.others ?? 0
}

/** Logs the account out everywhere. */
export async function deleteSessionsOf(db: Queryable, accountId: number): Promise<void> {
  await db.delete(sessions).where(eq(sessions.accountId, accountId))
}

/** The newest lines of the book of one WeChat: the newest of each template first, so that no long book is sorted. */
export async function readNewestEntries(db: Queryable, openid: string, limit: number) {
  const newest = db
    .select({
      id: ledger.id,
      at: ledger.at,
      kind: ledger.kind,
      source: ledger.source,
      templateId: ledger.templateId,
      delta: ledger.delta,
    })
    .from(ledger)
    .where(and(eq(ledger.openid, quotas.openid), eq(ledger.templateId, quotas.templateId)))
    .orderBy(desc(ledger.at), desc(ledger.id))
    .limit(limit)
    .as('newest')
  return db
    .select({
      at: newest.at,
      kind: newest.kind,
      source: newest.source,
      templateId: newest.templateId,
      delta: newest.delta,
    })
    .from(quotas)
    .innerJoinLateral(newest, sql`true`)
    .where(eq(quotas.openid, openid))
    .orderBy(desc(newest.at), desc(newest.id))
    .limit(limit)
}

export type NewestEntry = Awaited<ReturnType<typeof readNewestEntries>>[number]

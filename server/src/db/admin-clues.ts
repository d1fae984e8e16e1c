import { and, desc, eq, gte, ilike, isNull, lt, or, sql, type SQL } from 'drizzle-orm'
import type { ClueRow } from './clues.ts'
import type { Queryable } from './database.ts'
import { accounts, assignments, clues, deliveries, wechatBindings } from './schema.ts'

export interface AdminClueFilter {
  status?: ClueRow['status'] | undefined
  /** Part of the title, the customer's name or the phone number. */
  q?: string | undefined
  assigneeId?: number | undefined
  unassigned: boolean
}

/** Leads that are not deleted, newest first, `limit` of them before the id `before`. */
export async function listAdminClues(
  db: Queryable,
  { status, q, assigneeId, unassigned }: AdminClueFilter,
  before: number | undefined,
  limit: number,
): Promise<AdminClueRow[]> {
  const pattern = q ? `%${q.replace(/[\\%_]/g, '\\$&')}%` : undefined
  const where = and(
    isNull(clues.deletedAt),
    assigneeId === undefined
      ? before === undefined
        ? undefined
        : lt(clues.id, before)
      : ofOwner(assigneeId, before),
    status && eq(clues.status, status),
    unassigned ? isNull(clues.assigneeId) : undefined,
    pattern
      ? or(ilike(clues.title, pattern), ilike(clues.customerName, pattern), ilike(clues.phone, pattern))
      : undefined,
  )
  const order = [...(assigneeId === undefined ? [] : [desc(clues.assigneeId)]), desc(clues.id)]
  return selectAdminClues(db, where, order, limit)
}

/**
 * One person's, written as a range over (assignee_id, id): by equality PostgreSQL expects them among the newest of all,
 * and walks past everybody else's to find those of who left long ago.
 */
const ofOwner = (assigneeId: number, before = Number.MAX_SAFE_INTEGER) =>
  and(
    gte(clues.assigneeId, assigneeId),
    sql`(${clues.assigneeId}, ${clues.id}) < (${assigneeId}::bigint, ${before}::bigint)`,
  )

export async function findAdminClue(db: Queryable, id: number): Promise<AdminClueRow | undefined> {
  const [found] = await selectAdminClues(db, and(eq(clues.id, id), isNull(clues.deletedAt)), [], 1)
  return found
}

/** A lead with its owner's name and the newest delivery about it. */
export type AdminClueRow = Awaited<ReturnType<typeof selectAdminClues>>[number]

/** The page is cut first: owners and deliveries are looked up for its rows alone. */
function selectAdminClues(db: Queryable, where: SQL | undefined, order: SQL[], limit: number) {
  const page = db
    .select()
    .from(clues)
    .where(where)
    .orderBy(...order)
    .limit(limit)
    .as('page')
  const newest = deliveryOf(db, eq(deliveries.clueId, page.id))
  return db
    .select({ clue: page._.selectedFields, assignee: accounts.realname, delivery: newest._.selectedFields })
    .from(page)
    .leftJoin(accounts, eq(accounts.id, page.assigneeId))
    .leftJoinLateral(newest, sql`true`)
    .orderBy(desc(page.id))
}

/** Who had the lead, newest first, `limit` of them, each with the message about it. */
export async function listTurns(db: Queryable, clueId: number, limit: number) {
  const turns = db
    .select()
    .from(assignments)
    .where(eq(assignments.clueId, clueId))
    .orderBy(desc(assignments.clueVersion))
    .limit(limit)
    .as('turns')
  const message = deliveryOf(db, eq(deliveries.assignmentId, turns.id))
  return db
    .select({
      assignment: turns._.selectedFields,
      assignee: accounts.realname,
      delivery: message._.selectedFields,
    })
    .from(turns)
    .innerJoin(accounts, eq(accounts.id, turns.assigneeId))
    .leftJoinLateral(message, sql`true`)
    .orderBy(desc(turns.clueVersion))
}

/** The newest delivery that fits, and whether its person has a WeChat. */
const deliveryOf = (db: Queryable, where: SQL | undefined) =>
  db
    .select({
      deliveryId: sql<number>`${deliveries.id}`.as('delivery_id'),
      clueId: deliveries.clueId,
      accountId: deliveries.accountId,
      state: deliveries.state,
      reason: deliveries.reason,
      openid: wechatBindings.openid,
    })
    .from(deliveries)
    .leftJoin(wechatBindings, eq(wechatBindings.accountId, deliveries.accountId))
    .where(where)
    .orderBy(desc(deliveries.id))
    .limit(1)
    .as('message')

/** What a clerk may change; what is left out stays. */
export type ClueFields = Partial<Pick<ClueRow, 'title' | 'customerName' | 'phone' | 'remark' | 'status'>>

/** `version` counts it. The caller holds the row. */
export async function updateClue(tx: Queryable, id: number, edit: ClueFields): Promise<void> {
  await tx
    .update(clues)
    .set({ ...edit, version: sql`${clues.version} + 1` })
    .where(eq(clues.id, id))
}

/** Inserts leads that nobody has, in one statement. Answers their ids in the order given. */
export async function insertClues(
  tx: Queryable,
  drafts: readonly Pick<ClueRow, 'title' | 'customerName' | 'phone' | 'remark'>[],
  now: Date,
): Promise<number[]> {
  const column = (name: 'title' | 'customerName' | 'phone' | 'remark') =>
    sql.param(drafts.map((draft) => draft[name]))
  const made = await tx.execute<{ id: number }>(sql`
    insert into ${clues} (title, customer_name, phone, remark, status, version, created_at)
    select title, customer_name, phone, remark, 'pending', 1, ${now.toISOString()}::timestamptz
    from unnest(${column('title')}::text[], ${column('customerName')}::text[], ${column('phone')}::text[], ${column('remark')}::text[])
      with ordinality as draft (title, customer_name, phone, remark, place)
    order by place
    returning id`)
  // ids are given out in the order of the select
  return made.rows.map(({ id }) => id).sort((a, b) => a - b)
}

/** The newest lead under each of these phone numbers, spelled just so. */
export async function findCluesByPhone(
  db: Queryable,
  phones: readonly string[],
): Promise<{ phone: string; id: number }[]> {
  const found = await db.execute<{ phone: string; id: number }>(sql`
    select wanted.phone, newest.id
    from unnest(${sql.param(phones)}::text[]) as wanted (phone)
    cross join lateral (
      select id from ${clues} c where c.phone = wanted.phone and c.deleted_at is null order by id desc limit 1
    ) newest`)
  return found.rows
}

import {
  and,
  desc,
  eq,
  gte,
  ilike,
  inArray,
  isNotNull,
  isNull,
  lt,
  or,
  sql,
  type SQL,
  type SQLWrapper,
} from 'drizzle-orm'
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

/** Where a page ended: its last lead, and whether nobody had it then. */
export interface AdminCluePlace {
  id: number
  unassigned: boolean
}

/**
 * Leads that are not deleted, newest first, `limit` of them after `after`. With `unassignedFirst` those that nobody has
 * come before all others, both newest first.
 */
export async function listAdminClues(
  db: Queryable,
  { status, q, assigneeId, unassigned }: AdminClueFilter,
  { unassignedFirst, after }: { unassignedFirst: boolean; after: AdminCluePlace | undefined },
  limit: number,
): Promise<AdminClueRow[]> {
  const pattern = q ? `%${q.replace(/[\\%_]/g, '\\$&')}%` : undefined
  const fits = and(
    isNull(clues.deletedAt),
    status && eq(clues.status, status),
    unassigned ? isNull(clues.assigneeId) : undefined,
    pattern
      ? or(ilike(clues.title, pattern), ilike(clues.customerName, pattern), ilike(clues.phone, pattern))
      : undefined,
  )
  if (assigneeId !== undefined) {
    // a place among the leads of nobody is before all that have an owner
    const before = unassignedFirst && after?.unassigned ? undefined : after?.id
    const order = [desc(clues.assigneeId), desc(clues.id)]
    return selectAdminClues(db, { where: and(fits, ofOwner(assigneeId, before)), order, limit })
  }
  if (!unassignedFirst)
    return selectAdminClues(db, { where: and(fits, before(after?.id)), order: [desc(clues.id)], limit })
  return selectAdminClues(db, {
    where: inArray(clues.id, unassignedFirstIds(db, fits, after, limit)),
    order: unassignedThenNewest(clues),
    limit,
    shown: unassignedThenNewest,
  })
}

const before = (id: number | undefined) => (id === undefined ? undefined : lt(clues.id, id))

const unassignedThenNewest = ({ assigneeId, id }: Record<'assigneeId' | 'id', SQLWrapper>) => [
  desc(isNull(assigneeId)),
  desc(id),
]

/**
 * The ids of a page, in one statement, so that a lead which is assigned meanwhile is not in it twice. Each part walks
 * an index, and the second is read only when the first does not fill the page.
 */
function unassignedFirstIds(
  db: Queryable,
  fits: SQL | undefined,
  after: AdminCluePlace | undefined,
  limit: number,
): SQLWrapper {
  const newest = (where: SQL | undefined) =>
    db.select({ id: clues.id }).from(clues).where(and(fits, where)).orderBy(desc(clues.id)).limit(limit)
  if (after?.unassigned === false) return newest(and(isNotNull(clues.assigneeId), before(after.id)))
  const free = newest(and(isNull(clues.assigneeId), before(after?.id)))
  const taken = newest(and(isNotNull(clues.assigneeId), sql`(select count(*) from free) < ${limit}`))
  return sql`(with free as ${free} select id from free union all ${taken})`
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
  const where = and(eq(clues.id, id), isNull(clues.deletedAt))
  const [found] = await selectAdminClues(db, { where, order: [], limit: 1 })
  return found
}

/** A lead with its owner's name, its newest turn and the newest delivery about it. */
export type AdminClueRow = Awaited<ReturnType<typeof selectAdminClues>>[number]

interface Selection {
  where: SQL | undefined
  /** By which the page is cut. */
  order: SQL[]
  limit: number
  /** The order of its rows. @default newest first */
  shown?: (page: Record<'assigneeId' | 'id', SQLWrapper>) => SQL[]
}

/** The page is cut first: owners, turns and deliveries are looked up for its rows alone. */
function selectAdminClues(db: Queryable, { where, order, limit, shown }: Selection) {
  const page = db
    .select()
    .from(clues)
    .where(where)
    .orderBy(...order)
    .limit(limit)
    .as('page')
  const turn = db
    // the first column decides whether Drizzle answers null for all of it
    .select({ clueVersion: assignments.clueVersion, assignedBy: assignments.assignedBy })
    .from(assignments)
    .where(eq(assignments.clueId, page.id))
    .orderBy(desc(assignments.clueVersion))
    .limit(1)
    .as('turn')
  const newest = deliveryOf(db, eq(deliveries.clueId, page.id))
  return db
    .select({
      clue: page._.selectedFields,
      assignee: accounts.realname,
      turn: turn._.selectedFields,
      delivery: newest._.selectedFields,
    })
    .from(page)
    .leftJoin(accounts, eq(accounts.id, page.assigneeId))
    .leftJoinLateral(turn, sql`true`)
    .leftJoinLateral(newest, sql`true`)
    .orderBy(...(shown?.(page) ?? [desc(page.id)]))
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

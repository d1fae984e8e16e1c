import { sql } from 'drizzle-orm'
import {
  bigint,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core'

const id = () => bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity()
const ref = (column: string) => bigint(column, { mode: 'number' })
const time = (column: string) => timestamp(column, { withTimezone: true, mode: 'date' })

/** One person who may log in. `passwordHash` is argon2id in PHC form. */
export const accounts = pgTable('accounts', {
  id: id(),
  username: text().notNull().unique(),
  realname: text().notNull(),
  passwordHash: text('password_hash').notNull(),
  createdAt: time('created_at').notNull(),
})

/** Which WeChat rings for which account. Both keys are unique: one openid one account, one account one openid. */
export const wechatBindings = pgTable('wechat_bindings', {
  openid: text().primaryKey(),
  accountId: ref('account_id')
    .notNull()
    .unique()
    .references(() => accounts.id),
  unionid: text(),
  boundAt: time('bound_at').notNull(),
})

/** A logged-in phone. The token itself is only on the phone; `openid` is the WeChat whose code opened the session. */
export const sessions = pgTable(
  'sessions',
  {
    tokenHash: text('token_hash').primaryKey(),
    accountId: ref('account_id')
      .notNull()
      .references(() => accounts.id),
    openid: text(),
    createdAt: time('created_at').notNull(),
    expiresAt: time('expires_at').notNull(),
  },
  (t) => [index().on(t.accountId), index().on(t.expiresAt)],
)

/** One picture per key. The row goes with the first answer, right or wrong. */
export const captchas = pgTable(
  'captchas',
  {
    checkKey: text('check_key').primaryKey(),
    answerHash: text('answer_hash').notNull(),
    expiresAt: time('expires_at').notNull(),
  },
  (t) => [index().on(t.expiresAt)],
)

/**
 * A lead. `version` counts edits; an assignment is one. `readAt` is when the present owner opened it first. A deleted
 * lead stays, so that who held it can be told.
 */
export const clues = pgTable(
  'clues',
  {
    id: id(),
    title: text().notNull(),
    customerName: text('customer_name').notNull(),
    phone: text().notNull(),
    remark: text().notNull(),
    status: text({ enum: ['pending', 'following', 'won', 'invalid'] }).notNull(),
    version: integer().notNull(),
    assigneeId: ref('assignee_id').references(() => accounts.id),
    assignedAt: time('assigned_at'),
    readAt: time('read_at'),
    createdAt: time('created_at').notNull(),
    deletedAt: time('deleted_at'),
  },
  (t) => [
    index('clues_of_assignee').on(t.assigneeId, t.assignedAt.desc(), t.id.desc()),
    index('clues_unread')
      .on(t.assigneeId)
      .where(sql`read_at is null and deleted_at is null`),
  ],
)

/** What was noted on a lead, by whoever held it then. `id` is made by the phone: sent twice, it is there once. */
export const clueNotes = pgTable(
  'clue_notes',
  {
    clueId: ref('clue_id')
      .notNull()
      .references(() => clues.id),
    id: text().notNull(),
    authorId: ref('author_id')
      .notNull()
      .references(() => accounts.id),
    text: text().notNull(),
    at: time('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.clueId, t.id] }),
    // ends like the order of the list, `nulls first` included, so that nothing is sorted
    index('clue_notes_newest').on(t.clueId, t.at.desc().nullsFirst(), t.id.desc().nullsFirst()),
  ],
)

/** Who was given which lead when. `clueVersion` makes a repeated assignment of one version impossible. */
export const assignments = pgTable(
  'assignments',
  {
    id: id(),
    clueId: ref('clue_id')
      .notNull()
      .references(() => clues.id),
    assigneeId: ref('assignee_id')
      .notNull()
      .references(() => accounts.id),
    clueVersion: integer('clue_version').notNull(),
    assignedAt: time('assigned_at').notNull(),
  },
  (t) => [uniqueIndex().on(t.clueId, t.clueVersion)],
)

/**
 * The outbox: one message to one person about one assignment. `openid` and `leaseToken` are set by the claim.
 * `supersededAt` says the lead was reassigned or deleted meanwhile: never sent again, whatever becomes of the lease;
 * `supersededReason` is what the clerk is then told.
 */
export const deliveries = pgTable(
  'deliveries',
  {
    id: id(),
    assignmentId: ref('assignment_id')
      .notNull()
      .references(() => assignments.id),
    clueId: ref('clue_id').notNull(),
    accountId: ref('account_id')
      .notNull()
      .references(() => accounts.id),
    templateId: text('template_id').notNull(),
    page: text().notNull(),
    data: jsonb().$type<Record<string, { value: string }>>().notNull(),
    state: text({ enum: ['ready', 'leased', 'sent', 'refused', 'waiting', 'in_doubt', 'dead'] }).notNull(),
    reason: text(),
    attempts: integer().notNull().default(0),
    runAt: time('run_at').notNull(),
    openid: text(),
    leaseToken: uuid('lease_token'),
    leasedUntil: time('leased_until'),
    supersededAt: time('superseded_at'),
    supersededReason: text('superseded_reason'),
    msgid: text(),
    createdAt: time('created_at').notNull(),
    settledAt: time('settled_at'),
  },
  (t) => [
    uniqueIndex().on(t.assignmentId, t.templateId),
    // WeChat has no idempotency key: a second message to the same person must not start before the first is known
    uniqueIndex('deliveries_one_in_flight')
      .on(t.openid, t.templateId)
      .where(sql`state in ('leased', 'in_doubt')`),
    index('deliveries_open')
      .on(t.accountId, t.templateId, t.id)
      .where(sql`state in ('ready', 'waiting', 'leased', 'in_doubt')`),
    index('deliveries_due')
      .on(t.runAt)
      .where(sql`state = 'ready'`),
    index().on(t.clueId),
  ],
)

/**
 * Append-only: a grant adds one, a message spends one, 43101 takes what is left. `delta` is fixed when the row is
 * written, under the lane's lock, so that the sum per (openid, template) is the quota and never below zero.
 */
export const ledger = pgTable(
  'ledger',
  {
    id: id(),
    kind: text({ enum: ['grant', 'spend', 'zero'] }).notNull(),
    openid: text().notNull(),
    templateId: text('template_id').notNull(),
    delta: integer().notNull(),
    /** What the phone called this panel; books once. */
    attemptId: text('attempt_id'),
    deliveryId: ref('delivery_id').references(() => deliveries.id),
    /** When it happened: for a grant, by the phone's clock. */
    at: time('at').notNull(),
    bookedAt: time('booked_at').notNull(),
  },
  (t) => [
    index('ledger_lane').on(t.openid, t.templateId),
    uniqueIndex('ledger_one_grant_per_attempt')
      .on(t.openid, t.attemptId, t.templateId)
      .where(sql`kind = 'grant'`),
    uniqueIndex('ledger_one_spend_per_delivery')
      .on(t.deliveryId)
      .where(sql`kind = 'spend'`),
    check(
      'ledger_signs',
      sql`(kind = 'grant' and delta = 1) or (kind = 'spend' and delta in (0, -1)) or (kind = 'zero' and delta <= 0)`,
    ),
  ],
)

/** WeChat's access_token, one row for all processes. `generation` counts tokens; the lease lets one process fetch. */
export const wechatTokens = pgTable('wechat_tokens', {
  appid: text().primaryKey(),
  token: text(),
  generation: integer().notNull().default(0),
  expiresAt: time('expires_at'),
  refresher: uuid(),
  refreshingUntil: time('refreshing_until'),
  lastForcedAt: time('last_forced_at'),
})

/** The shape rate-limiter-flexible wants (its RateLimiterPostgres). */
export const rateLimits = pgTable('rate_limits', {
  key: varchar({ length: 255 }).primaryKey(),
  points: integer().notNull().default(0),
  expire: bigint({ mode: 'number' }),
})

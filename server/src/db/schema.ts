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

/**
 * One person who may log in. `passwordHash` is argon2id in PHC form; null when somebody else checks the password.
 * `staff` have phones, `clerk` and `admin` the back office; `version` counts edits.
 */
export const accounts = pgTable('accounts', {
  id: id(),
  username: text().notNull().unique(),
  realname: text().notNull(),
  passwordHash: text('password_hash'),
  role: text({ enum: ['staff', 'clerk', 'admin'] })
    .notNull()
    .default('staff'),
  version: integer().notNull().default(1),
  createdAt: time('created_at').notNull(),
  disabledAt: time('disabled_at'),
  lastSeenAt: time('last_seen_at'),
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
    /** What another system calls this lead. */
    externalId: text('external_id').unique(),
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
    index('clues_of_owner')
      .on(t.assigneeId, t.id)
      .where(sql`deleted_at is null`),
    index('clues_unassigned')
      .on(t.id)
      .where(sql`assignee_id is null and deleted_at is null`),
    index('clues_by_status').on(t.status, t.id),
    index('clues_by_phone').on(t.phone),
    index('clues_deleted')
      .on(t.deletedAt)
      .where(sql`deleted_at is not null`),
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

/**
 * Who was given which lead when, by whom (a name, for the clerk) and why. `clueVersion` makes a repeated assignment of
 * one version impossible. A recalled lead was taken back and given to nobody.
 */
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
    assignedBy: text('assigned_by'),
    reason: text(),
    assignedAt: time('assigned_at').notNull(),
    recalledAt: time('recalled_at'),
    recalledBy: text('recalled_by'),
    recallReason: text('recall_reason'),
  },
  (t) => [uniqueIndex().on(t.clueId, t.clueVersion)],
)

/**
 * The outbox: one message to one person about one assignment. The claim sets `openid`, `attemptId` and `leasedUntil`;
 * `attemptId` is the fence: who settles names the attempt that is still the present one. `reason` is a name out of
 * delivery-reasons.ts. `supersededAt` says the lead was reassigned, closed or deleted meanwhile: never sent again,
 * whatever becomes of the lease. `mergedInto` is the message that stood for this one too.
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
    state: text({ enum: ['ready', 'leased', 'sent', 'refused', 'waiting', 'in_doubt', 'dead'] }).notNull(),
    reason: text(),
    attempts: integer().notNull().default(0),
    runAt: time('run_at').notNull(),
    openid: text(),
    attemptId: ref('attempt_id'),
    leasedUntil: time('leased_until'),
    supersededAt: time('superseded_at'),
    supersededReason: text('superseded_reason'),
    mergedInto: ref('merged_into'),
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
      .on(t.runAt, t.id)
      .where(sql`state = 'ready'`),
    index('deliveries_leased')
      .on(t.leasedUntil)
      .where(sql`state in ('leased', 'in_doubt')`),
    index('deliveries_waiting')
      .on(t.createdAt)
      .where(sql`state = 'waiting'`),
    // most are sent: a list of those is the newest of all
    index('deliveries_by_state')
      .on(t.state, t.id)
      .where(sql`state <> 'sent'`),
    index('deliveries_of_account').on(t.accountId, t.id),
    index('deliveries_created').using('brin', t.createdAt),
    index().on(t.clueId),
  ],
)

/**
 * Every send of a delivery, kept for the clerk and for WeChat's `subscribe_msg_sent_event`, which names an openid, a
 * template and a msgid. `outcome` is null while it is in the air; `lost` when its process died meanwhile.
 * `mergedIds` are the waiting deliveries that this message stood for too.
 */
export const deliveryAttempts = pgTable(
  'delivery_attempts',
  {
    id: id(),
    deliveryId: ref('delivery_id')
      .notNull()
      .references(() => deliveries.id),
    openid: text().notNull(),
    templateId: text('template_id').notNull(),
    mergedIds: bigint('merged_ids', { mode: 'number' }).array(),
    startedAt: time('started_at').notNull(),
    endedAt: time('ended_at'),
    outcome: text(),
    errcode: integer(),
    errmsg: text(),
    msgid: text(),
  },
  (t) => [
    index('delivery_attempts_of').on(t.deliveryId),
    // what a sent event may belong to
    index('delivery_attempts_unsettled')
      .on(t.openid, t.templateId, t.startedAt)
      .where(sql`msgid is null`),
    index('delivery_attempts_msgid').on(t.msgid),
  ],
)

/**
 * The book, append-only (a trigger refuses anything else): `grant` one acceptance, reported by the phone (`report`) or
 * by WeChat's popup event (`event`); `spend` one message; `zero` WeChat said that nothing is left. `delta` is what the
 * row changed when it was written, so that the sum per (openid, template) is the balance; what the balance should be
 * is decided by a replay in the order of `at` (domain/ledger-replay.ts). `key` books once.
 */
export const ledger = pgTable(
  'ledger',
  {
    id: id(),
    kind: text({ enum: ['grant', 'spend', 'zero'] }).notNull(),
    source: text({ enum: ['report', 'event', 'send'] }).notNull(),
    openid: text().notNull(),
    templateId: text('template_id').notNull(),
    delta: integer().notNull(),
    key: text().notNull(),
    deliveryId: ref('delivery_id').references(() => deliveries.id),
    /** When it happened, by WeChat's clock or by ours. */
    at: time('at').notNull(),
    bookedAt: time('booked_at').notNull(),
  },
  (t) => [
    index('ledger_lane').on(t.openid, t.templateId, t.at),
    index('ledger_zeros')
      .on(t.openid, t.templateId, t.at)
      .where(sql`kind = 'zero'`),
    uniqueIndex('ledger_key').on(t.key),
    check(
      'ledger_signs',
      sql`(kind = 'grant' and delta between -1 and 1) or (kind = 'spend' and delta in (0, -1)) or (kind = 'zero' and delta <= 0)`,
    ),
  ],
)

/**
 * What is left for (openid, template): the sum of the book's deltas, written in the same transaction. The row is also
 * the lane's lock: whoever books or moves deliveries of the lane holds it. `latestAt` is the newest `at` in the book.
 */
export const quotas = pgTable(
  'quotas',
  {
    openid: text().notNull(),
    templateId: text('template_id').notNull(),
    quota: integer().notNull(),
    latestAt: time('latest_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.openid, t.templateId] }), check('quotas_not_negative', sql`quota >= 0`)],
)

/** WeChat's event pushes as they came, once each; worked off after WeChat has its answer. */
export const wechatPushes = pgTable(
  'wechat_pushes',
  {
    key: text().primaryKey(),
    event: jsonb().$type<Record<string, string>>().notNull(),
    receivedAt: time('received_at').notNull(),
    processedAt: time('processed_at'),
    attempts: integer().notNull().default(0),
    runAt: time('run_at').notNull(),
  },
  (t) => [
    index('wechat_pushes_open')
      .on(t.runAt)
      .where(sql`processed_at is null`),
    index('wechat_pushes_received').on(t.receivedAt),
  ],
)

/** What the customer's own system is told about deliveries, at least once. */
export const webhookCalls = pgTable(
  'webhook_calls',
  {
    id: id(),
    deliveryId: ref('delivery_id')
      .notNull()
      .references(() => deliveries.id),
    body: jsonb().$type<Record<string, unknown>>().notNull(),
    state: text({ enum: ['ready', 'leased', 'delivered', 'dead'] }).notNull(),
    attempts: integer().notNull().default(0),
    runAt: time('run_at').notNull(),
    leasedUntil: time('leased_until'),
    leaseToken: uuid('lease_token'),
    lastError: text('last_error'),
    createdAt: time('created_at').notNull(),
    settledAt: time('settled_at'),
  },
  (t) => [
    index('webhook_calls_due')
      .on(t.runAt)
      .where(sql`state = 'ready'`),
    index('webhook_calls_leased')
      .on(t.leasedUntil)
      .where(sql`state = 'leased'`),
    index('webhook_calls_settled').on(t.settledAt),
    index('webhook_calls_of').on(t.deliveryId, t.id),
  ],
)

/** What was answered under an Idempotency-Key; `status` is null while the first request is at work. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    scope: text().notNull(),
    key: text().notNull(),
    requestHash: text('request_hash').notNull(),
    status: integer(),
    answer: jsonb().$type<unknown>(),
    createdAt: time('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.scope, t.key] }), index().on(t.createdAt)],
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

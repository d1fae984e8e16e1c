import * as v from 'valibot'
import { Clue, ClueNote, ClueStatus } from './clue.ts'
import { Cursor, Id, PageLimit, SearchText, Timestamp, Version, Yes } from './primitives.ts'

const line = (max: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(max))
const Reason = v.pipe(v.string(), v.trim(), v.maxLength(200))

export const ClueDraft = v.object({
  title: line(120),
  customerName: line(60),
  phone: v.pipe(v.string(), v.trim(), v.regex(/^[+\d][\d\- ]{4,19}$/)),
  remark: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(2000)), ''),
})
export type ClueDraft = v.InferInput<typeof ClueDraft>

/** What is left out stays as it is. `version` is the one the clerk saw; a stale one is answered 409. */
export const ClueEdit = v.object({
  version: Version,
  title: v.optional(ClueDraft.entries.title),
  customerName: v.optional(ClueDraft.entries.customerName),
  phone: v.optional(ClueDraft.entries.phone),
  remark: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(2000))),
  status: v.optional(ClueStatus),
})
export type ClueEdit = v.InferOutput<typeof ClueEdit>

export const AssignBody = v.object({ assigneeId: Id, version: Version, reason: v.optional(Reason) })
export type AssignBody = v.InferOutput<typeof AssignBody>

/** Takes the lead back: nobody holds it afterwards, and an unsent message about it never goes out. */
export const RecallBody = v.object({ version: Version, reason: v.optional(Reason) })
export type RecallBody = v.InferOutput<typeof RecallBody>

/** ready → leased → sent | refused | waiting (no grant left) | in_doubt | dead. */
export const DeliveryState = v.picklist(['ready', 'leased', 'sent', 'refused', 'waiting', 'in_doubt', 'dead'])
export type DeliveryState = v.InferOutput<typeof DeliveryState>

/** One message to one person about one assignment. `reason` is Chinese, for the clerk. */
export const Delivery = v.object({
  id: Id,
  clueId: Id,
  assigneeId: Id,
  state: DeliveryState,
  reason: v.nullable(v.string()),
})
export type Delivery = v.InferOutput<typeof Delivery>

export const AssignResult = v.object({
  assignment: v.object({ id: Id, clueId: Id, assigneeId: Id }),
  clue: Clue,
  delivery: Delivery,
})
export type AssignResult = v.InferOutput<typeof AssignResult>

const Person = v.object({ id: Id, realname: v.string() })

/** A lead as a clerk sees it: with its owner and what became of the newest message about it. */
export const AdminClue = v.object({
  ...Clue.entries,
  externalId: v.nullable(v.string()),
  assignee: v.nullable(Person),
  /** Who gave it to its present owner; null when nobody has it, and when a program gave it. */
  assignedBy: v.nullable(v.string()),
  delivery: v.nullable(Delivery),
})
export type AdminClue = v.InferOutput<typeof AdminClue>

/** Up to 200 at once; each is done or refused by itself. */
export const BatchAssignBody = v.object({
  items: v.pipe(
    v.array(v.object({ clueId: Id, assigneeId: Id, version: Version })),
    v.minLength(1),
    v.maxLength(200),
  ),
  reason: v.optional(Reason),
})
export type BatchAssignBody = v.InferOutput<typeof BatchAssignBody>

/** In the order of the request. `clue` is the present lead when it was another version. */
export const BatchAssignResult = v.object({
  results: v.array(
    v.variant('ok', [
      v.object({ ok: v.literal(true), clueId: Id, version: Version, delivery: Delivery }),
      v.object({
        ok: v.literal(false),
        clueId: Id,
        code: v.number(),
        message: v.string(),
        clue: v.nullable(AdminClue),
      }),
    ]),
  ),
  assigned: v.number(),
  refused: v.number(),
})
export type BatchAssignResult = v.InferOutput<typeof BatchAssignResult>

export const AdminClueQuery = v.object({
  cursor: v.optional(Cursor),
  limit: PageLimit,
  status: v.optional(ClueStatus),
  q: v.optional(SearchText),
  assigneeId: v.optional(Id),
  /** `1`: only leads that nobody has. */
  unassigned: v.optional(Yes),
  order: v.optional(v.picklist(['newest', 'unassigned-first']), 'newest'),
})
/** Newest first; with `unassigned-first` the leads that nobody has come before all others. */
export const AdminCluePage = v.object({ items: v.array(AdminClue), nextCursor: v.nullable(v.string()) })
export type AdminCluePage = v.InferOutput<typeof AdminCluePage>

/** One turn in a lead's history, newest first. */
export const ClueAssignment = v.object({
  id: Id,
  assignee: Person,
  assignedBy: v.nullable(v.string()),
  reason: v.nullable(v.string()),
  assignedAt: Timestamp,
  recalledAt: v.nullable(Timestamp),
  recalledBy: v.nullable(v.string()),
  recallReason: v.nullable(v.string()),
  delivery: v.nullable(Delivery),
})
export const AdminClueDetail = v.object({
  ...AdminClue.entries,
  notes: v.array(ClueNote),
  assignments: v.array(ClueAssignment),
})
export type AdminClueDetail = v.InferOutput<typeof AdminClueDetail>

/**
 * A CSV with a heading line: 线索名称, 客户姓名, 电话号码, 备注. Nothing is imported when a row is wrong, unless
 * `partial`; `dryRun` imports nothing and only reports.
 */
export const ImportBody = v.object({
  csv: v.pipe(v.string(), v.minLength(1)),
  partial: v.optional(v.boolean(), false),
  dryRun: v.optional(v.boolean(), false),
})
export type ImportBody = v.InferInput<typeof ImportBody>

const Remark = v.object({ column: v.string(), message: v.string() })
/** `row` counts the lines of the file as a spreadsheet does: the heading is 1. */
export const ImportResult = v.object({
  total: v.number(),
  imported: v.number(),
  rows: v.array(
    v.object({
      row: v.number(),
      /** Null: not imported. */
      clueId: v.nullable(Id),
      errors: v.array(Remark),
      warnings: v.array(Remark),
    }),
  ),
})
export type ImportResult = v.InferOutput<typeof ImportResult>

/** A delivery in the clerk's list. `nextTryAt` while it is being retried. */
export const AdminDelivery = v.object({
  ...Delivery.entries,
  clueTitle: v.string(),
  assignee: Person,
  attempts: v.number(),
  createdAt: Timestamp,
  settledAt: v.nullable(Timestamp),
  nextTryAt: v.nullable(Timestamp),
})
export type AdminDelivery = v.InferOutput<typeof AdminDelivery>

export const DeliveryQuery = v.object({
  cursor: v.optional(Cursor),
  limit: PageLimit,
  state: v.optional(DeliveryState),
  assigneeId: v.optional(Id),
  clueId: v.optional(Id),
})
export const DeliveryPage = v.object({ items: v.array(AdminDelivery), nextCursor: v.nullable(v.string()) })
export type DeliveryPage = v.InferOutput<typeof DeliveryPage>

/** What happened to a delivery, oldest first; `what` is Chinese, errcode and errmsg are WeChat's. */
export const DeliveryDetail = v.object({
  ...AdminDelivery.entries,
  history: v.array(
    v.object({
      at: Timestamp,
      what: v.string(),
      errcode: v.nullable(v.number()),
      errmsg: v.nullable(v.string()),
      msgid: v.nullable(v.string()),
    }),
  ),
})
export type DeliveryDetail = v.InferOutput<typeof DeliveryDetail>

export const DeliveryPath = v.object({ id: Id })

export const StatisticsQuery = v.object({ from: v.optional(Timestamp), to: v.optional(Timestamp) })
/** Of the messages queued between `from` and `to`, by default the last seven days. Days are Beijing's. */
export const Statistics = v.object({
  from: Timestamp,
  to: Timestamp,
  assigned: v.number(),
  states: v.record(DeliveryState, v.number()),
  /** sent ÷ all; null when there were none. */
  deliveryRate: v.nullable(v.number()),
  /** Half of them rang within this many seconds of the assignment. */
  medianSecondsToRing: v.nullable(v.number()),
  /** At this moment, whenever they were queued. */
  waiting: v.object({ unpaid: v.number(), unbound: v.number() }),
  /** Leads that nobody has, at this moment; counted up to 10,000. */
  unassigned: v.number(),
  days: v.array(
    v.object({
      day: v.string(),
      assigned: v.number(),
      sent: v.number(),
      medianSecondsToRing: v.nullable(v.number()),
    }),
  ),
})
export type Statistics = v.InferOutput<typeof Statistics>

/** What a page of the back office should read again. */
export const AdminTopic = v.picklist(['clues', 'deliveries', 'staff'])
export type AdminTopic = v.InferOutput<typeof AdminTopic>

/**
 * `GET /admin/events`, a text/event-stream for clerks: `hello` first, then a `change` with the topics that changed, at
 * most four a second, and a `ping` every 15 seconds; `signed-out` is the last one when the session ended. They say
 * that something changed, not what: whoever reads its rows again after `hello` and after each `change` misses nothing.
 */
export const AdminChange = v.object({ topics: v.array(AdminTopic) })
export type AdminChange = v.InferOutput<typeof AdminChange>

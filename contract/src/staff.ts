import * as v from 'valibot'
import { Cursor, Id, PageLimit, SearchText, Timestamp, Version } from './primitives.ts'

/** `staff` have phones and leads; `clerk` works in the back office; `admin` also manages people. */
export const Role = v.picklist(['staff', 'clerk', 'admin'])
export type Role = v.InferOutput<typeof Role>

/** A person as the back office sees them. `quota` is what may still be sent to their WeChat, by template id. */
export const StaffMember = v.object({
  id: Id,
  username: v.string(),
  realname: v.string(),
  role: Role,
  version: Version,
  disabled: v.boolean(),
  /** Whether a WeChat is bound to the account. */
  bound: v.boolean(),
  quota: v.record(v.string(), v.number()),
  /** Messages that wait for a grant or a binding. */
  waiting: v.number(),
  lastSeenAt: v.nullable(Timestamp),
  createdAt: Timestamp,
})
export type StaffMember = v.InferOutput<typeof StaffMember>

export const StaffQuery = v.object({
  cursor: v.optional(Cursor),
  limit: PageLimit,
  q: v.optional(SearchText),
  role: v.optional(Role),
  bound: v.optional(v.picklist(['0', '1'])),
  /** Only field staff with at most so many messages left: `0` is who cannot be rung now. */
  maxQuota: v.optional(v.pipe(v.string(), v.digits(), v.transform(Number), v.maxValue(1_000_000))),
})
export const StaffPage = v.object({ items: v.array(StaffMember), nextCursor: v.nullable(v.string()) })
export type StaffPage = v.InferOutput<typeof StaffPage>

const Password = v.pipe(v.string(), v.minLength(8), v.maxLength(128))
const line = (max: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(max))

/** `password` is needed unless another system checks passwords. */
export const StaffDraft = v.object({
  username: v.pipe(line(64), v.regex(/^\S+$/)),
  realname: line(60),
  role: v.optional(Role, 'staff'),
  password: v.optional(Password),
})
export type StaffDraft = v.InferInput<typeof StaffDraft>

/** Disabling ends every session of the person. A new password does too. */
export const StaffChange = v.object({
  version: Version,
  realname: v.optional(line(60)),
  role: v.optional(Role),
  disabled: v.optional(v.boolean()),
  password: v.optional(Password),
})
export type StaffChange = v.InferOutput<typeof StaffChange>

export const StaffPath = v.object({ id: Id })

/** One line of the book: `delta` is what it changed. */
export const LedgerEntry = v.object({
  at: Timestamp,
  kind: v.picklist(['grant', 'spend', 'zero']),
  templateId: v.string(),
  delta: v.number(),
  /** Chinese: where it comes from. */
  what: v.string(),
})
/** With the last fifty lines of the book, newest first. */
export const StaffDetail = v.object({ ...StaffMember.entries, ledger: v.array(LedgerEntry) })
export type StaffDetail = v.InferOutput<typeof StaffDetail>

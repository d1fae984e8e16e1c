import * as v from 'valibot'
import { Cursor, Id, PageLimit, SearchText, Timestamp, Version } from './primitives.ts'

/** 待跟进, 跟进中, 已成交, 无效. */
export const ClueStatus = v.picklist(['pending', 'following', 'won', 'invalid'])
export type ClueStatus = v.InferOutput<typeof ClueStatus>

export const CluePath = v.object({ id: Id })

/** A lead as a phone or a clerk sees it. */
export const Clue = v.object({
  id: Id,
  /** One line that names the lead, such as 「恒泰建材 采购咨询」. */
  title: v.string(),
  customerName: v.string(),
  phone: v.string(),
  remark: v.string(),
  status: ClueStatus,
  version: Version,
  assigneeId: v.nullable(Id),
  assignedAt: v.nullable(Timestamp),
  /** When its present owner opened it first; null is the unread mark. */
  readAt: v.nullable(Timestamp),
  createdAt: Timestamp,
})
export type Clue = v.InferOutput<typeof Clue>

/** A follow-up note. The phone makes the id, so that sending it again adds nothing. */
export const ClueNote = v.object({
  id: v.pipe(v.string(), v.minLength(8), v.maxLength(64), v.regex(/^[\w-]+$/)),
  text: v.string(),
  /** realname of who wrote it. */
  author: v.string(),
  at: Timestamp,
})
export type ClueNote = v.InferOutput<typeof ClueNote>

/** One lead with its notes, newest first, the last hundred. */
export const ClueDetail = v.object({ ...Clue.entries, notes: v.array(ClueNote) })
export type ClueDetail = v.InferOutput<typeof ClueDetail>

/** `version` is the one the change was made on; a stale one is answered 409 with the present lead. */
export const ClueChange = v.object({ status: ClueStatus, version: Version })
export type ClueChange = v.InferOutput<typeof ClueChange>

export const ClueNoteBody = v.object({
  id: ClueNote.entries.id,
  text: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(500)),
})
export type ClueNoteBody = v.InferOutput<typeof ClueNoteBody>

export const ClueQuery = v.object({
  cursor: v.optional(Cursor),
  limit: PageLimit,
  status: v.optional(ClueStatus),
  q: v.optional(SearchText),
})

/**
 * Newest assignment first. `nextCursor` is opaque, and null on the last page. `unread` counts all unread leads of
 * this person, whatever was asked for.
 */
export const CluePage = v.object({
  items: v.array(Clue),
  nextCursor: v.nullable(v.string()),
  unread: v.pipe(v.number(), v.integer(), v.minValue(0)),
})
export type CluePage = v.InferOutput<typeof CluePage>

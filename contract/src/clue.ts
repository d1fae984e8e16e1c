import * as v from 'valibot'
import { Id, Timestamp, Version } from './primitives.ts'

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
  createdAt: Timestamp,
})
export type Clue = v.InferOutput<typeof Clue>

/** Query strings are text: `limit` arrives as digits. */
export const ClueQuery = v.object({
  cursor: v.optional(v.pipe(v.string(), v.maxLength(256))),
  limit: v.optional(v.pipe(v.string(), v.digits(), v.transform(Number), v.minValue(1), v.maxValue(50)), '20'),
  status: v.optional(ClueStatus),
  q: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(64))),
})

/** Newest assignment first. `nextCursor` is opaque, and null on the last page. */
export const CluePage = v.object({ items: v.array(Clue), nextCursor: v.nullable(v.string()) })
export type CluePage = v.InferOutput<typeof CluePage>

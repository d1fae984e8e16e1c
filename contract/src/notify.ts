import * as v from 'valibot'
import { Timestamp } from './primitives.ts'

/** A template's private id (`priTmplId` in the WeChat console). */
export const TemplateId = v.pipe(v.string(), v.minLength(1), v.maxLength(128))

/** What we send with a template. One purpose so far; each has its own payload builder on the server. */
export const TemplatePurpose = v.picklist(['clue-assigned'])
export type TemplatePurpose = v.InferOutput<typeof TemplatePurpose>

export const Template = v.object({
  templateId: TemplateId,
  title: v.string(),
  purpose: TemplatePurpose,
})
export type Template = v.InferOutput<typeof Template>

/**
 * Three at most: WeChat asks for five at once since API 3.12.1, older clients stop at three
 * (wechat-platform.md §1.1). Titles differ, or WeChat filters the second one out.
 */
export const TemplateList = v.object({ templates: v.pipe(v.array(Template), v.maxLength(3)) })

/**
 * One closed subscribe panel. `results` is what WeChat gave, id by id, untouched; the backend decides what
 * counts, and ids it does not know count nothing. `attemptId` is made by the phone and books at most once,
 * however often it is sent. 409 when the session has no WeChat yet: the phone keeps the report, binds and tries again.
 */
export const GrantReport = v.object({
  attemptId: v.pipe(v.string(), v.minLength(8), v.maxLength(64), v.regex(/^[\w-]+$/)),
  at: Timestamp,
  /** When the phone sent this report, by the clock that `at` is of: tells how far that clock is off. */
  sentAt: v.optional(Timestamp),
  results: v.pipe(
    v.record(TemplateId, v.pipe(v.string(), v.maxLength(32))),
    v.check((results) => Object.keys(results).length <= 5, 'at most five templates'),
  ),
})
export type GrantReport = v.InferOutput<typeof GrantReport>

/** How many messages may still be sent, by template id. */
export const Quota = v.object({ quota: v.record(v.string(), v.pipe(v.number(), v.integer(), v.minValue(0))) })
export type Quota = v.InferOutput<typeof Quota>

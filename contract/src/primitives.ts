import * as v from 'valibot'

/** Ids are strings on the wire, whatever the database makes of them. */
export const Id = v.pipe(v.string(), v.minLength(1), v.maxLength(64))

/** ISO 8601 with offset, such as `2026-11-23T09:42:00.000+08:00` or `…Z`. */
export const Timestamp = v.pipe(v.string(), v.isoTimestamp())

/** Counts an edit; a body that carries a stale one is answered 409 with the present record. */
export const Version = v.pipe(v.number(), v.integer(), v.minValue(1))

/** Where a page ended, made by the server. */
export const Cursor = v.pipe(v.string(), v.maxLength(256))

/** Query strings are text: the number arrives as digits. */
export const PageLimit = v.optional(
  v.pipe(v.string(), v.digits(), v.transform(Number), v.minValue(1), v.maxValue(50)),
  '20',
)

export const SearchText = v.pipe(v.string(), v.trim(), v.maxLength(64))

/** A flag in a query string. */
export const Yes = v.literal('1')

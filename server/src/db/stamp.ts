import { sql } from 'drizzle-orm'

/** A moment as a value of SQL: a bare parameter in a `case` or a comparison of rows has no type of its own. */
export const stamp = (time: Date) => sql`${time.toISOString()}::timestamptz`

import type { Queryable } from './database.ts'

/** A statement that a connection plans once: for what runs thousands of times. The name is unique in the program. */
export interface NamedStatement {
  name: string
  text: string
}

/** Runs it with `$1, $2 …`; times are text in the answer. On PGlite, which has one session, it is planned each time. */
export async function runNamed<Row extends Record<string, unknown>>(
  db: Queryable,
  { name, text }: NamedStatement,
  params: unknown[],
): Promise<Row[]> {
  const query = db._.session.prepareQuery<{ execute: { rows: Row[] }; all: unknown; values: unknown }>(
    { sql: text, params },
    undefined,
    name,
    false,
  )
  return (await query.execute()).rows
}

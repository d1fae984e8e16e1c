import type { Role } from '@leadbell/contract'
import { eq } from 'drizzle-orm'
import { accounts } from '../db/schema.ts'
import type { Harness, Person } from './harness.ts'

/** A new person of that role, logged in. */
export async function enterAs(
  server: Harness,
  role: Role,
  realname?: string,
): Promise<Person & { token: string }> {
  const person = await server.hire(realname)
  const { db } = server.db.database
  await db
    .update(accounts)
    .set({ role })
    .where(eq(accounts.id, Number(person.id)))
  return { ...person, token: await server.tokenOf(person) }
}

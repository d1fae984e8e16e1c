import { eq, sql } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { accounts } from './schema.ts'

export type Account = typeof accounts.$inferSelect

export async function findAccountByUsername(db: Queryable, username: string): Promise<Account | undefined> {
  const [found] = await db.select().from(accounts).where(eq(accounts.username, username))
  return found
}

export async function findAccount(db: Queryable, id: number): Promise<Account | undefined> {
  const [found] = await db.select().from(accounts).where(eq(accounts.id, id))
  return found
}

/** The account made first: in trial mode the first demo person. */
export async function findFirstAccount(db: Queryable): Promise<Account | undefined> {
  const [found] = await db.select().from(accounts).orderBy(accounts.id).limit(1)
  return found
}

/** Undefined when the username is taken. */
export async function insertAccount(
  db: Queryable,
  account: typeof accounts.$inferInsert,
): Promise<Account | undefined> {
  const [made] = await db.insert(accounts).values(account).onConflictDoNothing().returning()
  return made
}

/** The account of that name, with this realname from now on; made without a password when there is none. */
export async function upsertAccount(
  db: Queryable,
  account: { username: string; realname: string; createdAt: Date },
): Promise<Account> {
  const [kept] = await db
    .insert(accounts)
    .values({ ...account, passwordHash: null })
    .onConflictDoUpdate({
      target: accounts.username,
      set: { realname: account.realname, version: sql`${accounts.version} + 1` },
    })
    .returning()
  if (!kept) throw new Error('an upsert that answers no row')
  return kept
}

/** Holds the account's row until the transaction ends, so that two bindings of one account take turns. */
export async function lockAccount(tx: Queryable, id: number): Promise<void> {
  await tx.execute(sql`select 1 from ${accounts} where ${accounts.id} = ${id} for update`)
}

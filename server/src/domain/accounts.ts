import { insertAccount, type Account } from '../db/accounts.ts'
import type { Queryable } from '../db/database.ts'
import { hashPassword } from './passwords.ts'

export interface NewAccount {
  username: string
  realname: string
  password: string
}

/** Undefined when the username is taken. */
export async function createAccount(
  db: Queryable,
  { username, realname, password }: NewAccount,
  now: Date,
): Promise<Account | undefined> {
  const passwordHash = await hashPassword(password)
  return insertAccount(db, { username, realname, passwordHash, createdAt: now })
}

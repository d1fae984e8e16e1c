import type { Role } from '@leadbell/contract'
import { insertAccount, type Account } from '../db/accounts.ts'
import type { Queryable } from '../db/database.ts'
import { hashPassword } from './passwords.ts'

export interface NewAccount {
  username: string
  realname: string
  password: string
  /** @default 'staff' */
  role?: Role
}

/** Undefined when the username is taken. */
export async function createAccount(
  db: Queryable,
  { username, realname, password, role }: NewAccount,
  now: Date,
): Promise<Account | undefined> {
  const passwordHash = await hashPassword(password)
  return insertAccount(db, { username, realname, role, passwordHash, createdAt: now })
}

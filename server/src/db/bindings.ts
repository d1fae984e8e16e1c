import { and, eq, ne, sql } from 'drizzle-orm'
import { accounts, wechatBindings } from './schema.ts'
import type { Queryable } from './database.ts'
import { runNamed, type NamedStatement } from './named.ts'

/** Who an openid is bound to. */
export async function findHolder(
  db: Queryable,
  openid: string,
): Promise<{ accountId: number; username: string } | undefined> {
  const [found] = await db
    .select({ accountId: accounts.id, username: accounts.username })
    .from(wechatBindings)
    .innerJoin(accounts, eq(accounts.id, wechatBindings.accountId))
    .where(eq(wechatBindings.openid, openid))
  return found
}

const boundOpenid: NamedStatement = {
  name: 'bound_openid',
  text: 'select openid from wechat_bindings where account_id = $1',
}

export async function findBoundOpenid(db: Queryable, accountId: number): Promise<string | undefined> {
  const [found] = await runNamed<{ openid: string }>(db, boundOpenid, [accountId])
  return found?.openid
}

/** Holds the openid until the transaction ends, so that two accounts that want it take turns. */
export async function lockOpenid(tx: Queryable, openid: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`binding of ${openid}`}, 0))`)
}

/** Moves the account's binding to `openid`, which the caller has locked and found to be nobody else's. */
export async function moveBinding(
  tx: Queryable,
  binding: { openid: string; unionid: string | null; accountId: number; boundAt: Date },
): Promise<void> {
  const { openid, accountId, unionid } = binding
  await tx
    .delete(wechatBindings)
    .where(and(eq(wechatBindings.accountId, accountId), ne(wechatBindings.openid, openid)))
  await tx
    .insert(wechatBindings)
    .values(binding)
    .onConflictDoUpdate({ target: wechatBindings.openid, set: { unionid } })
}

export async function deleteBinding(db: Queryable, accountId: number): Promise<void> {
  await db.delete(wechatBindings).where(eq(wechatBindings.accountId, accountId))
}

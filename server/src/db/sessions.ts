import { and, eq, isNull, lte, or } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { accounts, sessions } from './schema.ts'

export type SessionRow = typeof sessions.$inferSelect

export async function insertSession(db: Queryable, session: SessionRow): Promise<void> {
  await db.insert(sessions).values(session)
}

export async function findSession(db: Queryable, tokenHash: string) {
  const [found] = await db
    .select({
      session: sessions,
      account: {
        id: accounts.id,
        username: accounts.username,
        realname: accounts.realname,
        role: accounts.role,
        disabledAt: accounts.disabledAt,
        lastSeenAt: accounts.lastSeenAt,
      },
    })
    .from(sessions)
    .innerJoin(accounts, eq(accounts.id, sessions.accountId))
    .where(eq(sessions.tokenHash, tokenHash))
  return found
}

export async function slideSession(db: Queryable, tokenHash: string, expiresAt: Date): Promise<void> {
  await db.update(sessions).set({ expiresAt }).where(eq(sessions.tokenHash, tokenHash))
}

/** Many requests may come at one moment: only one of them writes. */
export async function markAccountSeen(
  db: Queryable,
  { accountId, now, unlessSince }: { accountId: number; now: Date; unlessSince: Date },
): Promise<void> {
  await db
    .update(accounts)
    .set({ lastSeenAt: now })
    .where(
      and(eq(accounts.id, accountId), or(isNull(accounts.lastSeenAt), lte(accounts.lastSeenAt, unlessSince))),
    )
}

export async function setSessionOpenid(db: Queryable, tokenHash: string, openid: string): Promise<void> {
  await db.update(sessions).set({ openid }).where(eq(sessions.tokenHash, tokenHash))
}

export async function deleteSession(db: Queryable, tokenHash: string): Promise<void> {
  await db.delete(sessions).where(eq(sessions.tokenHash, tokenHash))
}

/** After an unbinding: other phones stay logged in but no longer report grants for that WeChat. */
export async function clearOpenidOfSessions(db: Queryable, accountId: number): Promise<void> {
  await db.update(sessions).set({ openid: null }).where(eq(sessions.accountId, accountId))
}

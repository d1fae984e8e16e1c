import { and, eq, isNull, lt, or, sql } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { wechatTokens } from './schema.ts'

export type TokenRow = typeof wechatTokens.$inferSelect

/** The one row of `appid`, made on first sight. */
export async function readToken(db: Queryable, appid: string): Promise<TokenRow> {
  const [row] = await db.select().from(wechatTokens).where(eq(wechatTokens.appid, appid))
  if (row) return row
  await db.insert(wechatTokens).values({ appid }).onConflictDoNothing()
  return readToken(db, appid)
}

/** True for the one process that may fetch the successor of `generation`. Nothing is held while it does. */
export async function leaseRefresh(
  db: Queryable,
  lease: { appid: string; generation: number; refresher: string; now: Date; until: Date },
): Promise<boolean> {
  const leased = await db
    .update(wechatTokens)
    .set({ refresher: lease.refresher, refreshingUntil: lease.until })
    .where(
      and(
        eq(wechatTokens.appid, lease.appid),
        eq(wechatTokens.generation, lease.generation),
        or(isNull(wechatTokens.refreshingUntil), lt(wechatTokens.refreshingUntil, lease.now)),
      ),
    )
    .returning({ appid: wechatTokens.appid })
  return leased.length > 0
}

/** `forcedAt` when WeChat was made to replace its token: remembered, for it allows that every 30 seconds only. */
export async function saveToken(
  db: Queryable,
  saved: { appid: string; refresher: string; token: string; expiresAt: Date; forcedAt: Date | null },
): Promise<void> {
  const { appid, refresher, token, expiresAt, forcedAt } = saved
  await db
    .update(wechatTokens)
    .set({
      token,
      expiresAt,
      generation: sql`generation + 1`,
      refresher: null,
      refreshingUntil: null,
      ...(forcedAt && { lastForcedAt: forcedAt }),
    })
    .where(and(eq(wechatTokens.appid, appid), eq(wechatTokens.refresher, refresher)))
}

export async function releaseRefresh(db: Queryable, appid: string, refresher: string): Promise<void> {
  await db
    .update(wechatTokens)
    .set({ refresher: null, refreshingUntil: null })
    .where(and(eq(wechatTokens.appid, appid), eq(wechatTokens.refresher, refresher)))
}

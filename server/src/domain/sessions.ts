import { createHash, randomBytes } from 'node:crypto'
import type { Role, UserInfo } from '@leadbell/contract'
import { findSession, insertSession, markAccountSeen, slideSession } from '../db/sessions.ts'
import type { Context } from './context.ts'

const LIFE_MS = 7 * 24 * 3600_000
// one write an hour is enough to slide seven days
const SLIDE_AFTER_MS = 3600_000
const SEEN_AFTER_MS = 300_000

/** Who is asking. `openid` is the WeChat whose code opened the session: its grants are booked to that one. */
export interface Session {
  tokenHash: string
  accountId: number
  openid: string | null
  role: Role
  user: UserInfo
}

export const userInfo = (account: {
  id: number
  username: string
  realname: string
  role: Role
}): UserInfo => ({
  id: String(account.id),
  username: account.username,
  realname: account.realname,
  role: account.role,
})

/** Opens a session and answers its token, which is stored nowhere but on the phone. */
export async function openSession(ctx: Context, accountId: number, openid: string | null): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  const now = ctx.now()
  await insertSession(ctx.database.db, {
    tokenHash: hashToken(token),
    accountId,
    openid,
    createdAt: now,
    expiresAt: new Date(now.getTime() + LIFE_MS),
  })
  return token
}

/**
 * The session of a token, used for seven days more from now; undefined when unknown, over or of a disabled account.
 * The person counts as seen, which is written at most once in five minutes.
 */
export async function resumeSession(ctx: Context, token: string): Promise<Session | undefined> {
  const { db } = ctx.database
  const now = ctx.now()
  const found = await findLive(ctx, token, now)
  if (!found) return undefined
  const { tokenHash, accountId, expiresAt } = found.session
  const { lastSeenAt } = found.account
  const fullLife = new Date(now.getTime() + LIFE_MS)
  if (fullLife.getTime() - expiresAt.getTime() > SLIDE_AFTER_MS) await slideSession(db, tokenHash, fullLife)
  const unlessSince = new Date(now.getTime() - SEEN_AFTER_MS)
  if (!lastSeenAt || lastSeenAt <= unlessSince) await markAccountSeen(db, { accountId, now, unlessSince })
  return toSession(found)
}

/** The same without using it: what a page asks for by itself keeps nobody logged in and shows nobody as seen. */
export async function peekSession(ctx: Context, token: string): Promise<Session | undefined> {
  const found = await findLive(ctx, token, ctx.now())
  return found && toSession(found)
}

type FoundSession = NonNullable<Awaited<ReturnType<typeof findSession>>>

async function findLive(ctx: Context, token: string, now: Date): Promise<FoundSession | undefined> {
  const found = await findSession(ctx.database.db, hashToken(token))
  return !found || found.session.expiresAt <= now || found.account.disabledAt ? undefined : found
}

const toSession = ({ session: { tokenHash, accountId, openid }, account }: FoundSession): Session => ({
  tokenHash,
  accountId,
  openid,
  role: account.role,
  user: userInfo(account),
})

const hashToken = (token: string) => createHash('sha256').update(token).digest('hex')

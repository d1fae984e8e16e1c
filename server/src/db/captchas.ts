import { eq } from 'drizzle-orm'
import type { Queryable } from './database.ts'
import { captchas } from './schema.ts'

export type CaptchaRow = typeof captchas.$inferSelect

/** Stores the picture under its key; an older one under the same key is gone. */
export async function putCaptcha(db: Queryable, captcha: CaptchaRow): Promise<void> {
  const { answerHash, expiresAt } = captcha
  await db
    .insert(captchas)
    .values(captcha)
    .onConflictDoUpdate({ target: captchas.checkKey, set: { answerHash, expiresAt } })
}

/** Takes the picture away and answers it: of two answers at once only one gets it. */
export async function takeCaptcha(db: Queryable, checkKey: string): Promise<CaptchaRow | undefined> {
  const [taken] = await db.delete(captchas).where(eq(captchas.checkKey, checkKey)).returning()
  return taken
}

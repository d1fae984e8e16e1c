import { createHash, timingSafeEqual } from 'node:crypto'
import svgCaptcha from 'svg-captcha'
import { putCaptcha, takeCaptcha } from '../db/captchas.ts'
import type { CredentialContext } from './credentials.ts'
import { done, refuse, type Outcome, type Refused } from './refusal.ts'

const LIFE_MS = 60_000
/** Without those that look like another one in this font. */
export const CHARACTERS = '346789ABDEFHKMNPRTWXYabdefhkmnprtwxy'

/**
 * A new picture under `checkKey`; an older one there is dead from now on.
 *
 * @returns a data URL that a mini-program's `<image>` shows. It can be answered once, for 60 seconds.
 */
export async function drawCaptcha(
  ctx: CredentialContext,
  checkKey: string,
  address: string,
): Promise<Outcome<string>> {
  const tooMany = await ctx.limits.captchaOfAddress(address)
  if (tooMany) return tooMany
  const { text, data } = svgCaptcha.create({
    size: 4,
    charPreset: CHARACTERS,
    noise: 2,
    // grey on what is behind it: it has to be read in the sun; a background would bring colours back
    color: false,
    width: 120,
    height: 44,
  })
  const expiresAt = new Date(ctx.now().getTime() + LIFE_MS)
  await putCaptcha(ctx.database.db, { checkKey, answerHash: hashAnswer(checkKey, text), expiresAt })
  return done(`data:image/svg+xml;base64,${Buffer.from(data).toString('base64')}`)
}

/** Spends the picture, whatever the answer. Capitals do not matter. */
export async function checkCaptcha(
  ctx: CredentialContext,
  checkKey: string,
  answer: string,
): Promise<Refused | undefined> {
  const taken = await takeCaptcha(ctx.database.db, checkKey)
  if (!taken || taken.expiresAt <= ctx.now()) return refuse('captcha-stale')
  const given = Buffer.from(hashAnswer(checkKey, answer))
  return timingSafeEqual(given, Buffer.from(taken.answerHash)) ? undefined : refuse('captcha-wrong')
}

const hashAnswer = (checkKey: string, answer: string) =>
  createHash('sha256').update(`${checkKey}:${answer.toLowerCase()}`).digest('hex')

import { createHash } from 'node:crypto'
import type pg from 'pg'
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import { refuse, type Refused } from './refusal.ts'

export interface LimitSettings {
  /** Login attempts for one username before it is locked. @default 5 */
  attemptsPerAccount: number
  /** How long it then stays locked. @default 600 (JeecgBoot's ten minutes) */
  lockSeconds: number
  /** Logins from one address a minute; a whole office may share one. @default 60 */
  loginsPerAddress: number
  /** Captcha pictures for one address a minute. @default 120 */
  captchasPerAddress: number
}

export const defaultLimits: LimitSettings = {
  attemptsPerAccount: 5,
  lockSeconds: 600,
  loginsPerAddress: 60,
  captchasPerAddress: 120,
}

/** Each counts one attempt and answers the refusal when there were too many. Counted in the database, for all processes. */
export interface Limits {
  loginOfAddress(address: string): Promise<Refused | undefined>
  captchaOfAddress(address: string): Promise<Refused | undefined>
  /** Counted before the password is looked at, so that parallel guesses cannot slip by. */
  loginOfAccount(username: string): Promise<Refused | undefined>
  /** The right password was given: the count starts anew. */
  forgiveAccount(username: string): Promise<void>
  /** The same where another server looks at password and captcha at once. */
  guesses: GuessLimits
}

/**
 * Guesses at the password of one username, `attemptsPerAccount` in any `lockSeconds` that begin with the first. An
 * attempt counts while it is on its way; what turns out to be no guess is taken back.
 */
export interface GuessLimits {
  count(username: string): Promise<Refused | undefined>
  takeBack(username: string): Promise<void>
  forget(username: string): Promise<void>
}

export function createLimits(pool: pg.Pool, settings: LimitSettings = defaultLimits): Limits {
  const limiter = (keyPrefix: string, points: number, duration: number, blockDuration = 0) =>
    new RateLimiterPostgres({
      storeClient: pool,
      storeType: 'pool',
      tableName: 'rate_limits',
      tableCreated: true,
      keyPrefix,
      points,
      duration,
      blockDuration,
    })
  const logins = limiter('login', settings.loginsPerAddress, 60)
  const captchas = limiter('captcha', settings.captchasPerAddress, 60)
  const accounts = limiter('account', settings.attemptsPerAccount, settings.lockSeconds, settings.lockSeconds)
  const guesses = limiter('guess', settings.attemptsPerAccount, settings.lockSeconds)

  const tooMany = (msLeft: number) =>
    refuse('too-many-requests', { seconds: String(Math.max(1, Math.ceil(msLeft / 1000))) })
  const locked = (msLeft: number) =>
    refuse('login-locked', { minutes: String(Math.max(1, Math.ceil(msLeft / 60_000))) })

  return {
    loginOfAddress: (address) => count(logins, address, tooMany),
    captchaOfAddress: (address) => count(captchas, address, tooMany),
    loginOfAccount: (username) => count(accounts, username, locked),
    forgiveAccount: async (username) => {
      await accounts.delete(username)
    },
    guesses: {
      async count(username) {
        const refused = await count(guesses, username, locked)
        // else whoever sends wrong captchas fast enough could keep a stranger locked out
        if (refused) await guesses.reward(username)
        return refused
      },
      takeBack: async (username) => {
        await guesses.reward(username)
      },
      forget: async (username) => {
        await guesses.delete(username)
      },
    },
  }
}

const LONGEST_KEY = 128

/** The column is 255 wide, and a proxy may pass on as an address whatever the client says. */
const keyOf = (text: string) =>
  text.length <= LONGEST_KEY ? text : createHash('sha256').update(text).digest('hex')

async function count(
  limiter: RateLimiterPostgres,
  key: string,
  refusal: (msLeft: number) => Refused,
): Promise<Refused | undefined> {
  try {
    await limiter.consume(keyOf(key))
    return undefined
  } catch (rejection) {
    // the library rejects with its count; anything else is a failure
    if (rejection instanceof RateLimiterRes) return refusal(rejection.msBeforeNext)
    throw rejection
  }
}

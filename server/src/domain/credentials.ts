import { findAccountByUsername, type Account } from '../db/accounts.ts'
import { checkCaptcha, drawCaptcha } from './captcha.ts'
import type { Context } from './context.ts'
import { passwordMatches } from './passwords.ts'
import { done, refuse, type Outcome } from './refusal.ts'

export interface Credentials {
  username: string
  password: string
  captcha: string
  checkKey: string
}

/** Who decides whether a password is right: this server, or the customer's own. */
export interface CredentialCheck {
  /**
   * A new picture under `checkKey`; an older one there is dead from now on.
   *
   * @returns a data URL that a mini-program's `<image>` shows. It can be answered for 60 seconds.
   */
  drawCaptcha(checkKey: string, address: string): Promise<Outcome<string>>
  /** The account these belong to. Attempts are counted by address and by username; a disabled account is found too. */
  check(credentials: Credentials, address: string): Promise<Outcome<Account>>
}

/** What a check works with. */
export type CredentialContext = Pick<Context, 'database' | 'limits' | 'now' | 'log' | 'changed'>

/** Accounts with passwords of our own. */
export function localCredentials(ctx: CredentialContext): CredentialCheck {
  return {
    drawCaptcha: (checkKey, address) => drawCaptcha(ctx, checkKey, address),

    async check({ username, password, captcha, checkKey }, address) {
      const refused =
        (await ctx.limits.loginOfAddress(address)) ??
        (await checkCaptcha(ctx, checkKey, captcha)) ??
        (await ctx.limits.loginOfAccount(username))
      if (refused) return refused

      const account = await findAccountByUsername(ctx.database.db, username)
      if (!(await passwordMatches(account?.passwordHash ?? undefined, password)) || !account)
        return refuse('password-wrong')
      await ctx.limits.forgiveAccount(username)
      return done(account)
    },
  }
}

import { findAccountByUsername, upsertAccount, type Account } from '../db/accounts.ts'
import type { LoginOutcome } from '../jeecgboot/answer.ts'
import type { JeecgBoot } from '../jeecgboot/client.ts'
import type { CredentialCheck, CredentialContext } from './credentials.ts'
import { done, refuse, type Refused } from './refusal.ts'

/**
 * Passwords and captchas are the JeecgBoot's. Who logs in gets an account here by username, with the realname from
 * there and no password. Our own limits stand before it, so that nobody guesses there through us.
 */
export function jeecgBootCredentials(ctx: CredentialContext, jeecg: JeecgBoot): CredentialCheck {
  return {
    async drawCaptcha(checkKey, address) {
      const tooMany = await ctx.limits.captchaOfAddress(address)
      if (tooMany) return tooMany
      const outcome = await jeecg.captcha(checkKey)
      return outcome.kind === 'image' ? done(outcome.dataUrl) : explainBroken(ctx, outcome)
    },

    async check(credentials, address) {
      const { username } = credentials
      const refused = (await ctx.limits.loginOfAddress(address)) ?? (await ctx.limits.guesses.count(username))
      if (refused) return refused

      const outcome = await jeecg.login(credentials)
      if (outcome.kind !== 'loggedIn') {
        // no guess at the password: a mistyped picture or a network down must lock nobody out
        if (!isGuess(outcome)) await ctx.limits.guesses.takeBack(username)
        return explain(ctx, outcome)
      }
      await ctx.limits.guesses.forget(username)
      // nobody waits for it: LoginController.logout deletes this token and leaves the person's other sessions alone
      void jeecg.logout(outcome.token)
      return done(await keepAccount(ctx, outcome))
    },
  }
}

/** The username as JeecgBoot writes it: its database may not care for capitals, ours does. */
async function keepAccount(
  ctx: CredentialContext,
  { username, realname }: { username: string; realname: string },
): Promise<Account> {
  const { db } = ctx.database
  const known = await findAccountByUsername(db, username)
  if (known?.realname === realname) return known
  const account = await upsertAccount(db, { username, realname, createdAt: ctx.now() })
  // the name stands beside leads and deliveries too
  ctx.changed('clues', 'deliveries', 'staff')
  return account
}

type Failure = Exclude<LoginOutcome, { kind: 'loggedIn' }>

const isGuess = ({ kind }: Failure) => kind === 'passwordWrong' || kind === 'accountUnknown'

function explain(ctx: CredentialContext, failure: Failure): Refused {
  switch (failure.kind) {
    case 'captchaWrong':
      return refuse('captcha-wrong')
    // JeecgBoot tells strangers who exists, and to register; we do neither
    case 'passwordWrong':
    case 'accountUnknown':
      return refuse('password-wrong')
    case 'accountFrozen':
      return refuse('account-frozen')
    case 'locked':
      return refuse('auth-server-locked', { message: failure.message })
    case 'noPermission':
    case 'refused':
      return isForPeople(failure)
        ? refuse('auth-server-refused', { message: failure.message })
        : explainBroken(ctx, failure)
    case 'notJeecgBoot':
    case 'unreachable':
      return explainBroken(ctx, failure)
  }
}

type Broken = Extract<Failure, { kind: 'noPermission' | 'refused' | 'notJeecgBoot' | 'unreachable' }>

function explainBroken(ctx: CredentialContext, failure: Broken): Refused {
  const refusal = failure.kind === 'unreachable' ? 'auth-server-unreachable' : 'auth-server-failed'
  const said = 'why' in failure ? failure.why : failure.message
  ctx.log.error({ refusal, jeecgBoot: failure.kind, said: said.slice(0, 200) }, 'no login through JeecgBoot')
  return refuse(refusal)
}

// what a wrong JEECGBOOT_URL leads to
const MISDIRECTED = [401, 404, 405]

/** A sentence somebody can act on, and not the words of an exception (JeecgBootExceptionHandler: 操作失败，…). */
function isForPeople(failure: Extract<Failure, { kind: 'noPermission' | 'refused' }>): boolean {
  if (failure.kind === 'refused' && MISDIRECTED.includes(failure.code)) return false
  return (
    /^\P{Cc}{2,60}$/u.test(failure.message) &&
    /\p{Script=Han}/u.test(failure.message) &&
    !/操作失败|exception|error|redis|sql|数据库|\w\.\w+\.\w/i.test(failure.message)
  )
}

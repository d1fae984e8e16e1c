import { because, okay, refusal, type ApiAnswer } from './answer.ts'
import { findUser, type Context } from './context.ts'
import { codeHint, newCode } from './login.ts'

/** What a getPhoneNumber button hands to the page. Undefined: this account has no number (`Account.phoneNumber`). */
export function issuePhoneNumberCode(ctx: Context, openid: string): string | undefined {
  if (ctx.accounts.get(openid)?.phoneNumber === undefined) return undefined
  return newCode(ctx, openid, 'phoneNumber')
}

/** `POST /wxa/business/getuserphonenumber`: a code is good for five minutes and for one time. */
export function phoneNumberOf(ctx: Context, { code }: { code?: unknown }): ApiAnswer {
  const now = ctx.now()
  const known =
    typeof code === 'string' && Object.hasOwn(ctx.state.codes, code) ? ctx.state.codes[code] : undefined
  const stale = codeHint(known, 'phoneNumber', now)
  if (!known || stale !== undefined) return because(refusal(now, 40029, 'invalid code'), stale)
  if (known.used) return because(refusal(now, 40029, 'invalid code'), '已经用过')
  const { openid, issuedAt } = known
  const number = ctx.accounts.get(openid)?.phoneNumber
  if (number === undefined || !findUser(ctx, openid)) return refusal(now, 40029, 'invalid code', openid)
  known.used = true
  const watermark = { timestamp: Math.floor(issuedAt / 1000), appid: ctx.appid }
  return okay(
    { phone_info: { phoneNumber: number, purePhoneNumber: number, countryCode: '86', watermark } },
    openid,
  )
}

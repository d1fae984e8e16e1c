import * as v from 'valibot'
import type { Exchange } from './exchange.ts'

/** What a picture for `checkKey` came to. */
export type CaptchaOutcome =
  | { kind: 'image'; dataUrl: string }
  | { kind: 'refused'; code: number; message: string }
  | { kind: 'notJeecgBoot'; why: string }
  | { kind: 'unreachable'; why: string }

/** What a login came to. `message` is JeecgBoot's own. */
export type LoginOutcome =
  | { kind: 'loggedIn'; userId: string; username: string; realname: string; token: string }
  | { kind: 'captchaWrong'; message: string }
  | { kind: 'passwordWrong'; message: string }
  | { kind: 'accountUnknown'; message: string }
  /** Frozen, or closed. */
  | { kind: 'accountFrozen'; message: string }
  /** `minutes` is how long a lock lasts, as the text says; not how much of it is left. */
  | { kind: 'locked'; message: string; minutes: number | null }
  | { kind: 'noPermission'; message: string }
  | { kind: 'refused'; code: number; message: string }
  | { kind: 'notJeecgBoot'; why: string }
  | { kind: 'unreachable'; why: string }

/** Result.java. */
const Envelope = v.object({
  success: v.boolean(),
  code: v.number(),
  message: v.nullish(v.string(), ''),
  result: v.optional(v.unknown()),
})

// without control characters: PostgreSQL refuses some of them
const Name = v.pipe(v.string(), v.trim(), v.regex(/^\P{Cc}{1,100}$/u))

/** LoginController.userInfo: the SysUser and much else that is not ours to know. */
const LoginResult = v.object({
  token: v.pipe(v.string(), v.minLength(1)),
  userInfo: v.object({
    id: v.pipe(v.string(), v.minLength(1)),
    username: Name,
    realname: v.fallback(v.nullable(Name), null),
  }),
})

const Image = v.pipe(v.string(), v.regex(/^data:image\/[\w.+-]+;base64,[\w+/=]+$/))

export function readCaptcha(exchange: Exchange): CaptchaOutcome {
  const answer = readEnvelope(exchange)
  if (answer.kind !== 'succeeded') return answer
  return v.is(Image, answer.result)
    ? { kind: 'image', dataUrl: answer.result }
    : { kind: 'notJeecgBoot', why: 'a success without a picture' }
}

export function readLogin(exchange: Exchange): LoginOutcome {
  const answer = readEnvelope(exchange)
  if (answer.kind === 'refused') return tellApart(answer)
  if (answer.kind !== 'succeeded') return answer
  const parsed = v.safeParse(LoginResult, answer.result)
  if (!parsed.success) return { kind: 'notJeecgBoot', why: 'a success without token and userInfo' }
  const { token, userInfo } = parsed.output
  const { id, username, realname } = userInfo
  return { kind: 'loggedIn', userId: id, username, realname: realname ?? username, token }
}

type Answer =
  | { kind: 'succeeded'; result: unknown }
  | { kind: 'refused'; code: number; message: string }
  | Exclude<Exchange, { kind: 'answered' }>

function readEnvelope(exchange: Exchange): Answer {
  if (exchange.kind !== 'answered') return exchange
  const { status, json } = exchange
  const parsed = v.safeParse(Envelope, json)
  if (!parsed.success) return { kind: 'notJeecgBoot', why: `HTTP ${status}, JSON without an envelope` }
  const { success, code, message, result } = parsed.output
  // randomImage succeeds with Result's default code 0; a 401 of JeecgBootExceptionHandler keeps its default success
  const well = code === 0 || code === 200
  if (well && success && status === 200) return { kind: 'succeeded', result }
  return { kind: 'refused', code: well && status !== 200 ? status : code, message: message ?? '' }
}

type Refusal = Extract<LoginOutcome, { message: string }>

/** LoginController.login and SysUserServiceImpl.checkUserIsEffective answer 500 to all of these but the captcha. */
function tellApart({ code, message }: { code: number; message: string }): Refusal {
  if (code === 412) return { kind: 'captchaWrong', message }
  if (code === 510) return { kind: 'noPermission', message }
  if (code !== 500) return { kind: 'refused', code, message }
  if (/登录失败次数过多/.test(message))
    return { kind: 'locked', message, minutes: Number(/(\d+)\s*分钟/.exec(message)?.[1]) || null }
  if (/密码错误/.test(message)) return { kind: 'passwordWrong', message }
  if (/用户不存在/.test(message)) return { kind: 'accountUnknown', message }
  if (/用户已(冻结|注销)/.test(message)) return { kind: 'accountFrozen', message }
  // before 412 was introduced, and when there is none at all (验证码无效)
  if (/^验证码(错误|无效|已失效)/.test(message)) return { kind: 'captchaWrong', message }
  return { kind: 'refused', code, message }
}

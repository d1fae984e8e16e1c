import * as v from 'valibot'
import { Id } from './primitives.ts'
import { Role } from './staff.ts'

/** Path of the captcha: the phone makes the key, one picture lives under it at a time. */
export const CaptchaPath = v.object({
  checkKey: v.pipe(v.string(), v.minLength(8), v.maxLength(64), v.regex(/^[\w-]+$/)),
})

/** An image as a data URL; it can be answered once, for 60 seconds. */
export const CaptchaImage = v.pipe(v.string(), v.startsWith('data:image/'))

/** What `uni.login` gave: valid for five minutes, usable once (wechat-platform.md §3). */
const LoginCode = v.pipe(v.string(), v.minLength(1), v.maxLength(128))

/** JeecgBoot's login body plus our optional `code`. */
export const LoginBody = v.object({
  username: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(64)),
  password: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
  captcha: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(16)),
  checkKey: CaptchaPath.entries.checkKey,
  code: v.optional(LoginCode),
})
export type LoginBody = v.InferInput<typeof LoginBody>

/** `role` is our addition; a stock JeecgBoot leaves it out. */
export const UserInfo = v.object({
  id: Id,
  username: v.string(),
  realname: v.string(),
  role: v.optional(Role),
})
export type UserInfo = v.InferOutput<typeof UserInfo>

/**
 * Whether this session can be rung. `bound: false` is a login that went through without WeChat;
 * `message` says in Chinese why, and `POST /notify/bind` mends it with a fresh code.
 */
export const WechatBinding = v.variant('bound', [
  v.object({ bound: v.literal(true) }),
  v.object({ bound: v.literal(false), message: v.string() }),
])
export type WechatBinding = v.InferOutput<typeof WechatBinding>

/** `wechat` is our addition; a stock JeecgBoot leaves it out. */
export const LoginResult = v.object({
  token: v.string(),
  userInfo: UserInfo,
  wechat: v.optional(WechatBinding),
})
export type LoginResult = v.InferOutput<typeof LoginResult>

export const CodeBody = v.object({ code: LoginCode })

export const LogoutBody = v.object({ unbind: v.optional(v.boolean()) })

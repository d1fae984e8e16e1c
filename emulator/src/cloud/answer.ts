import { randomBytes } from 'node:crypto'

/** What a call of api.weixin.qq.com came to; the body is JSON text because msgid exceeds 2^53. */
export interface ApiAnswer {
  errcode: number
  body: string
  /** What the body says, for the log; a msgid is text here. */
  fields: Record<string, unknown>
  openid?: string
  /** For who looks on: what came and what was expected, where WeChat's words do not say it. */
  why?: string
}

/** WeChat's request id as its messages end with it (wechat-platform.md §4). */
const rid = (now: number): string =>
  [
    Math.floor(now / 1000)
      .toString(16)
      .padStart(8, '0'),
    ...[4, 4].map((n) => randomBytes(n).toString('hex')),
  ].join('-')

const answered = (errcode: number, fields: Record<string, unknown>, openid?: string): ApiAnswer => ({
  ...{ errcode, body: JSON.stringify(fields), fields },
  ...(openid === undefined ? {} : { openid }),
})

/** An error in WeChat's shape: HTTP 200 and a rid in every errmsg (H35). */
export const refusal = (now: number, errcode: number, errmsg: string, openid?: string): ApiAnswer =>
  answered(errcode, { errcode, errmsg: `${errmsg} rid: ${rid(now)}` }, openid)

/** The same answer with a reason for the log. */
export const because = (answer: ApiAnswer, why: string | undefined): ApiAnswer =>
  why === undefined ? answer : { ...answer, why }

export const success = (fields: Record<string, unknown>, openid?: string): ApiAnswer =>
  answered(0, fields, openid)

/** Where the answer says that it is one: most calls, but not those that give a token or a session. */
export const okay = (fields: Record<string, unknown> = {}, openid?: string): ApiAnswer =>
  success({ errcode: 0, errmsg: 'ok', ...fields }, openid)

import { randomBytes } from 'node:crypto'

/** What a call of api.weixin.qq.com came to; the body is JSON text because msgid exceeds 2^53. */
export interface ApiAnswer {
  errcode: number
  body: string
  openid?: string
}

/** WeChat's request id as its messages end with it (wechat-platform.md §4). */
const rid = (now: number): string =>
  [
    Math.floor(now / 1000)
      .toString(16)
      .padStart(8, '0'),
    ...[4, 4].map((n) => randomBytes(n).toString('hex')),
  ].join('-')

/** An error in WeChat's shape: HTTP 200 and a rid in every errmsg (H35). */
export const refusal = (now: number, errcode: number, errmsg: string, openid?: string): ApiAnswer => ({
  errcode,
  body: JSON.stringify({ errcode, errmsg: `${errmsg} rid: ${rid(now)}` }),
  ...(openid === undefined ? {} : { openid }),
})

export const success = (fields: Record<string, unknown>, openid?: string): ApiAnswer => ({
  errcode: 0,
  body: JSON.stringify(fields),
  ...(openid === undefined ? {} : { openid }),
})

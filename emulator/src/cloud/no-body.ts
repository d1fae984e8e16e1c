import { because, refusal, type ApiAnswer } from './answer.ts'

/** How much of a call's body is read; WeChat tells no number. */
export const MOST_BODY_BYTES = 1024 * 1024

const wanted = '要一个 JSON 对象（{…}）'

/** The general errcodes of api.weixin.qq.com, and what the log adds. */
const lacks = {
  empty: [44002, 'empty post data', wanted],
  tooLarge: [45002, 'content size out of limit', `请求体超过 ${MOST_BODY_BYTES / 1024} KiB，没有读完`],
  unreadable: [47001, 'data format error', `${wanted}，不是表单、数组，也没有压缩`],
} as const

/** Why a call has no body that could be read. */
export type Lack = keyof typeof lacks

export function lacking(now: number, lack: Lack): ApiAnswer {
  const [errcode, errmsg, why] = lacks[lack]
  return because(refusal(now, errcode, errmsg), why)
}

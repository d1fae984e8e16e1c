import type { Exchange } from './transport.ts'

/** A parsed answer of api.weixin.qq.com: always HTTP 200, `errcode` absent or 0 when it went well. */
export interface WechatAnswer {
  errcode: number
  /** As WeChat worded it, with its `rid` for the support desk. Carries no secret. */
  errmsg: string
  fields: Record<string, unknown>
}

/**
 * Reads WeChat's JSON whatever its content type says (text/plain has been seen: wechat-platform.md §4). Undefined
 * when it is not WeChat's: a gateway's HTML page, half a body, another HTTP status.
 */
export function parseAnswer(exchange: Extract<Exchange, { kind: 'answered' }>): WechatAnswer | undefined {
  if (exchange.status !== 200) return undefined
  const fields = parseObject(quoteMsgid(exchange.text))
  if (!fields) return undefined
  const errcode = fields.errcode ?? 0
  if (typeof errcode !== 'number') return undefined
  return { errcode, errmsg: typeof fields.errmsg === 'string' ? fields.errmsg : '', fields }
}

// msgid is an unquoted integer above 2^53: JSON.parse would round it (wechat-platform.md §6)
const quoteMsgid = (text: string) => text.replace(/("msgid"\s*:\s*)(\d+)/g, '$1"$2"')

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

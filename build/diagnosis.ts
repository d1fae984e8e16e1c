/** What one check of `npm run doctor` found: one Chinese sentence, with the remedy unless all is well. */
export interface Diagnosis {
  level: 'ok' | 'warning' | 'error'
  text: string
}

export const ok = (text: string): Diagnosis => ({ level: 'ok', text })
export const warning = (text: string): Diagnosis => ({ level: 'warning', text })
export const error = (text: string): Diagnosis => ({ level: 'error', text })

/** The first title that stands there twice: WeChat filters the second one out of a panel (wechat-platform.md §1.1). */
export const doubledTitle = (titles: string[]): string | undefined =>
  titles.find((title, at) => titles.indexOf(title) !== at)

/** One HTTP exchange; rejects when there was none. */
export type Ask = (
  url: string,
  init?: { method: 'POST'; body: string },
) => Promise<{ status: number; text: string }>

/** A JSON object, or null when the text is anything else. */
export function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}

/** Why an exchange did not come about, in Chinese, for the middle of a sentence. */
export function whyUnreachable(thrown: unknown): string {
  const { name, message, cause } = thrown as { name?: string; message?: string; cause?: { code?: string } }
  const code = cause?.code ?? ''
  if (name === 'TimeoutError') return '十秒内没有回答'
  if (/ENOTFOUND|EAI_AGAIN/.test(code)) return '域名解析不到'
  if (code === 'ECONNREFUSED') return '连接被拒绝，那里没有服务在运行'
  if (/CERT|SIGNED|VERIFY|ALTNAME/.test(code)) return `证书不被信任（${code}）`
  return code || message || '原因不明'
}

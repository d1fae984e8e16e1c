import type { DeskActionAnswer } from '../protocol.ts'

/** A button of the desk: one HTTP call to the back office. The browser knows name and label only. */
export interface DeskActionConfig {
  /** In the path of `/__desk/actions/{name}`: letters, digits, - and _. */
  name: string
  label: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  url: string
  headers?: Record<string, string>
  /** JSON; `{{openid}}` in any string of it becomes the phone's openid. */
  body?: unknown
}

const TIMEOUT_MS = 15_000

/** Never rejects: what went wrong is a sentence for the desk. The answer is read as a JeecgBoot envelope. */
export async function performAction(action: DeskActionConfig, openid: string): Promise<DeskActionAnswer> {
  const { label, method, url, headers, body } = action
  let response: Response
  let answer: string
  try {
    response = await fetch(url, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(fillOpenid(body, openid)) }),
    })
    answer = await response.text()
  } catch {
    return { ok: false, message: `「${label}」没有做成：后台服务没有应答，它启动了吗？` }
  }
  const { code, message } = envelopeOf(answer)
  const ok = response.ok && (code === 0 || code === 200)
  if (message) return { ok, message }
  return ok
    ? { ok, message: `「${label}」已完成` }
    : { ok, message: `「${label}」没有做成：后台服务答复 HTTP ${response.status}` }
}

function fillOpenid(value: unknown, openid: string): unknown {
  if (typeof value === 'string') return value.replaceAll('{{openid}}', openid)
  if (Array.isArray(value)) return value.map((item) => fillOpenid(item, openid))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillOpenid(item, openid)]))
}

function envelopeOf(text: string): { code?: unknown; message?: string } {
  try {
    const value = JSON.parse(text) as { code?: unknown; message?: unknown } | null
    const message = typeof value?.message === 'string' && value.message !== '' ? value.message : undefined
    return { code: value?.code, ...(message !== undefined && { message }) }
  } catch {
    return {}
  }
}

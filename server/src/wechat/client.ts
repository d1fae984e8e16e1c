import { setTimeout as wait } from 'node:timers/promises'
import { parseAnswer, type WechatAnswer } from './answer.ts'
import { exchange, type Call } from './transport.ts'

export interface WechatClientOptions {
  /** `https://api.weixin.qq.com`, or whatever plays it. */
  baseUrl: string
  appid: string
  secret: string
  /** @default 5000 */
  loginTimeoutMs?: number
  /** @default 5000 */
  tokenTimeoutMs?: number
  /** @default 8000 */
  sendTimeoutMs?: number
}

/** What a `code` of uni.login came to (wechat-platform.md §4). The session_key is not kept: nothing here needs it. */
export type CodeOutcome =
  | { kind: 'identified'; openid: string; unionid: string | null }
  | { kind: 'codeInvalid'; errcode: number; errmsg: string }
  | { kind: 'highRisk'; errcode: number; errmsg: string }
  | { kind: 'busy'; errcode: number; errmsg: string }
  | { kind: 'configBroken'; errcode: number; errmsg: string }
  | { kind: 'unreachable'; why: string }

/** What asking for an access token came to (wechat-platform.md §5). */
export type TokenOutcome =
  | { kind: 'token'; token: string; expiresInSeconds: number }
  | { kind: 'configBroken'; errcode: number; errmsg: string }
  | { kind: 'retryLater'; errcode: number | null; errmsg: string }

/** What one send came to (wechat-platform.md §6.2). */
export type SendOutcome =
  | { kind: 'sent'; msgid: string | null }
  | { kind: 'noGrant'; errcode: number; errmsg: string }
  | { kind: 'tokenRejected'; errcode: number; errmsg: string }
  | { kind: 'badOpenid'; errcode: number; errmsg: string }
  | { kind: 'contentRefused'; errcode: number; errmsg: string }
  | { kind: 'configBroken'; errcode: number; errmsg: string }
  | { kind: 'retryLater'; errcode: number | null; errmsg: string }
  | { kind: 'unanswered'; why: string }

/** The body of subscribeMessage.send. */
export interface SubscribeMessage {
  touser: string
  template_id: string
  /** Without a leading slash: wechat-platform.md §6. */
  page: string
  miniprogram_state: 'developer' | 'trial' | 'formal'
  lang: 'zh_CN'
  data: Record<string, { value: string }>
}

export interface WechatClient {
  code2Session(code: string): Promise<CodeOutcome>
  stableToken(forceRefresh: boolean): Promise<TokenOutcome>
  send(accessToken: string, message: SubscribeMessage): Promise<SendOutcome>
}

const BUSY_RETRY_MS = 200

/** The three calls we make of api.weixin.qq.com. Whatever WeChat answers is a value, never an exception. */
export function createWechatClient(options: WechatClientOptions): WechatClient {
  const { appid, secret, loginTimeoutMs = 5000, tokenTimeoutMs = 5000, sendTimeoutMs = 8000 } = options
  const base = options.baseUrl.replace(/\/+$/, '')

  const urlOf = (path: string, query: Record<string, string>) =>
    new URL(`${base}${path}?${new URLSearchParams(query).toString()}`)

  async function exchangeCode(code: string): Promise<CodeOutcome> {
    const query = { appid, secret, js_code: code, grant_type: 'authorization_code' }
    const answer = await ask({
      method: 'GET',
      url: urlOf('/sns/jscode2session', query),
      timeoutMs: loginTimeoutMs,
    })
    return 'why' in answer ? { kind: 'unreachable', why: answer.why } : readCode(answer)
  }

  return {
    async code2Session(code) {
      const first = await exchangeCode(code)
      if (first.kind !== 'busy' || first.errcode !== -1) return first
      await wait(BUSY_RETRY_MS)
      return exchangeCode(code)
    },

    async stableToken(forceRefresh) {
      const answer = await ask({
        method: 'POST',
        url: urlOf('/cgi-bin/stable_token', {}),
        body: { grant_type: 'client_credential', appid, secret, force_refresh: forceRefresh },
        timeoutMs: tokenTimeoutMs,
      })
      return 'why' in answer ? { kind: 'retryLater', errcode: null, errmsg: answer.why } : readToken(answer)
    },

    async send(accessToken, message) {
      const answer = await ask({
        method: 'POST',
        url: urlOf('/cgi-bin/message/subscribe/send', { access_token: accessToken }),
        body: message,
        timeoutMs: sendTimeoutMs,
      })
      if (!('why' in answer)) return readSend(answer)
      return answer.kind === 'unreachable'
        ? { kind: 'retryLater', errcode: null, errmsg: answer.why }
        : { kind: 'unanswered', why: answer.why }
    },
  }
}

/** An answer that is not WeChat's own says nothing about what WeChat did: as good as none. */
async function ask(call: Call): Promise<WechatAnswer | { kind: 'unreachable' | 'unanswered'; why: string }> {
  const outcome = await exchange(call)
  if (outcome.kind !== 'answered') return outcome
  return (
    parseAnswer(outcome) ?? {
      kind: 'unanswered',
      why: `HTTP ${outcome.status} without an answer of WeChat's`,
    }
  )
}

function readCode({ errcode, errmsg, fields }: WechatAnswer): CodeOutcome {
  switch (errcode) {
    case 0: {
      const { openid, unionid } = fields
      return typeof openid === 'string' && openid !== ''
        ? { kind: 'identified', openid, unionid: typeof unionid === 'string' ? unionid : null }
        : { kind: 'unreachable', why: 'an answer without openid' }
    }
    case 40029:
    case 40163:
    case 41008:
      return { kind: 'codeInvalid', errcode, errmsg }
    case 40226:
      return { kind: 'highRisk', errcode, errmsg }
    case -1:
    case 45011:
      return { kind: 'busy', errcode, errmsg }
    default:
      return { kind: 'configBroken', errcode, errmsg }
  }
}

function readToken({ errcode, errmsg, fields }: WechatAnswer): TokenOutcome {
  if (errcode === -1 || errcode === 45009 || errcode === 45011) return { kind: 'retryLater', errcode, errmsg }
  if (errcode !== 0) return { kind: 'configBroken', errcode, errmsg }
  const { access_token: token, expires_in: expiresInSeconds } = fields
  return typeof token === 'string' && token !== '' && typeof expiresInSeconds === 'number'
    ? { kind: 'token', token, expiresInSeconds }
    : { kind: 'retryLater', errcode, errmsg: 'an answer without access_token' }
}

function readSend({ errcode, errmsg, fields }: WechatAnswer): SendOutcome {
  switch (errcode) {
    case 0:
      return { kind: 'sent', msgid: typeof fields.msgid === 'string' ? fields.msgid : null }
    case 43101:
      return { kind: 'noGrant', errcode, errmsg }
    case 40001:
    case 40014:
    case 41001:
    case 42001:
      return { kind: 'tokenRejected', errcode, errmsg }
    case 40003:
      return { kind: 'badOpenid', errcode, errmsg }
    case 45168:
    case 47003:
      return { kind: 'contentRefused', errcode, errmsg }
    case -1:
    case 43108:
    case 45009:
    case 45011:
      return { kind: 'retryLater', errcode, errmsg }
    default:
      // 40037, 41030, 43107, 40164 … and codes nobody has documented: ours to mend, not the message's fault
      return { kind: 'configBroken', errcode, errmsg }
  }
}

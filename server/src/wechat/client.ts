import { setTimeout as wait } from 'node:timers/promises'
import * as v from 'valibot'
import { parseAnswer, type WechatAnswer } from './answer.ts'
import { findCode, type WechatCall } from './codes.ts'
import { PrivateTemplate } from './templates.ts'
import { exchange, type Call } from './transport.ts'

export interface WechatClientOptions {
  /** `https://api.weixin.qq.com`, or whatever plays it. */
  baseUrl: string
  appid: string
  secret: string
  /** Hears of every answer of WeChat's; 0 is success. */
  onAnswer?: (call: WechatCall, errcode: number) => void
  /** @default 5000 */
  loginTimeoutMs?: number
  /** For the access token and for the list of templates. @default 5000 */
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
  /** `key` is the template's key that was refused, when WeChat names it. */
  | { kind: 'contentRefused'; errcode: number; errmsg: string; key: string | null }
  | { kind: 'configBroken'; errcode: number; errmsg: string }
  | { kind: 'retryLater'; errcode: number | null; errmsg: string }
  /** Nothing more today. */
  | { kind: 'dailyLimit'; errcode: number; errmsg: string }
  | { kind: 'unanswered'; why: string }

/** What asking for the account's templates came to (wechat-platform.md §7.1). */
export type TemplatesOutcome =
  | { kind: 'templates'; templates: PrivateTemplate[] }
  | { kind: 'tokenRejected'; errcode: number; errmsg: string }
  | { kind: 'configBroken'; errcode: number; errmsg: string }
  | { kind: 'retryLater'; errcode: number | null; errmsg: string }

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
  getTemplates(accessToken: string): Promise<TemplatesOutcome>
}

const BUSY_RETRY_MS = 200
const OK = 0

/** The calls we make of api.weixin.qq.com. Whatever WeChat answers is a value, never an exception. */
export function createWechatClient(options: WechatClientOptions): WechatClient {
  const { appid, secret, loginTimeoutMs = 5000, tokenTimeoutMs = 5000, sendTimeoutMs = 8000 } = options
  const base = options.baseUrl.replace(/\/+$/, '')

  const urlOf = (path: string, query: Record<string, string>) =>
    new URL(`${base}${path}?${new URLSearchParams(query).toString()}`)

  async function ask(name: WechatCall, call: Call) {
    const answer = await exchangeAndParse(call)
    if (!('why' in answer)) options.onAnswer?.(name, answer.errcode)
    return answer
  }

  async function exchangeCode(code: string): Promise<CodeOutcome> {
    const query = { appid, secret, js_code: code, grant_type: 'authorization_code' }
    const answer = await ask('code2Session', {
      method: 'GET',
      url: urlOf('/sns/jscode2session', query),
      timeoutMs: loginTimeoutMs,
    })
    return 'why' in answer ? { kind: 'unreachable', why: answer.why } : readCode(answer)
  }

  return {
    async code2Session(code) {
      const first = await exchangeCode(code)
      if (first.kind !== 'busy' || findCode('code2Session', first.errcode).action !== 'retry') return first
      await wait(BUSY_RETRY_MS)
      return exchangeCode(code)
    },

    async stableToken(forceRefresh) {
      const answer = await ask('token', {
        method: 'POST',
        url: urlOf('/cgi-bin/stable_token', {}),
        body: { grant_type: 'client_credential', appid, secret, force_refresh: forceRefresh },
        timeoutMs: tokenTimeoutMs,
      })
      return 'why' in answer ? { kind: 'retryLater', errcode: null, errmsg: answer.why } : readToken(answer)
    },

    async send(accessToken, message) {
      const answer = await ask('send', {
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

    async getTemplates(accessToken) {
      const answer = await ask('gettemplate', {
        method: 'GET',
        url: urlOf('/wxaapi/newtmpl/gettemplate', { access_token: accessToken }),
        timeoutMs: tokenTimeoutMs,
      })
      return 'why' in answer
        ? { kind: 'retryLater', errcode: null, errmsg: answer.why }
        : readTemplates(answer)
    },
  }
}

/** An answer that is not WeChat's own says nothing about what WeChat did: as good as none. */
async function exchangeAndParse(
  call: Call,
): Promise<WechatAnswer | { kind: 'unreachable' | 'unanswered'; why: string }> {
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
  if (errcode !== OK) return { kind: findCode('code2Session', errcode).outcome, errcode, errmsg }
  const { openid, unionid } = fields
  return typeof openid === 'string' && openid !== ''
    ? { kind: 'identified', openid, unionid: typeof unionid === 'string' ? unionid : null }
    : { kind: 'unreachable', why: 'an answer without openid' }
}

function readToken({ errcode, errmsg, fields }: WechatAnswer): TokenOutcome {
  if (errcode !== OK) return { kind: findCode('token', errcode).outcome, errcode, errmsg }
  const { access_token: token, expires_in: expiresInSeconds } = fields
  return typeof token === 'string' && token !== '' && typeof expiresInSeconds === 'number'
    ? { kind: 'token', token, expiresInSeconds }
    : { kind: 'retryLater', errcode, errmsg: 'an answer without access_token' }
}

function readSend({ errcode, errmsg, fields }: WechatAnswer): SendOutcome {
  if (errcode === OK) return { kind: 'sent', msgid: typeof fields.msgid === 'string' ? fields.msgid : null }
  const { outcome } = findCode('send', errcode)
  return outcome === 'contentRefused'
    ? { kind: outcome, errcode, errmsg, key: refusedKey(errmsg) }
    : { kind: outcome, errcode, errmsg }
}

/** thing1 of `argument invalid! data.thing1.value invalid` (wechat-platform.md §6.2). */
const refusedKey = (errmsg: string) => /data\.([A-Za-z_]+\d+)\.value/.exec(errmsg)?.[1] ?? null

function readTemplates({ errcode, errmsg, fields }: WechatAnswer): TemplatesOutcome {
  if (errcode !== OK) return { kind: findCode('gettemplate', errcode).outcome, errcode, errmsg }
  const parsed = v.safeParse(v.array(PrivateTemplate), fields.data)
  return parsed.success
    ? { kind: 'templates', templates: parsed.output }
    : { kind: 'retryLater', errcode, errmsg: 'an answer without a list of templates' }
}

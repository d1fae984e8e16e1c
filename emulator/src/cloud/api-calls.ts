import type { CloudCall } from '../protocol.ts'
import { because, okay, refusal, type ApiAnswer } from './answer.ts'
import type { Context } from './context.ts'
import { clearQuota, quotaProblem, readQuota } from './daily-quota.ts'
import { serve, serveUnknown, type Served } from './faults.ts'
import { code2Session, codeOwner } from './login.ts'
import { lacking, type Lack } from './no-body.ts'
import { phoneNumberOf } from './phone-numbers.ts'
import { sendMessage, spendOnRefusal } from './send.ts'
import { checkSession, resetSessionKey } from './sessions.ts'
import {
  addTemplate,
  deleteTemplate,
  listCategories,
  listKeywords,
  listTemplates,
  listTitles,
} from './template-calls.ts'
import { plainToken, stableToken, tokenProblem } from './tokens.ts'

/** A call of api.weixin.qq.com as it came, parsed and unchecked. */
export interface ApiInput {
  query?: Readonly<Record<string, string>>
  /** Absent when there was none, or none that could be read. */
  body?: Readonly<Record<string, unknown>>
  /** Why there is no body. @default 'unreadable' */
  lacks?: Lack
  /** Of the caller; absent where there is no network in between. */
  ip?: string
}

/** The same, with nothing left open. */
type WholeInput = Required<Omit<ApiInput, 'lacks'>>

export interface ApiCall {
  method: 'GET' | 'POST'
  path: string
  /** What makes it the app's own: an access_token, or appid and secret. */
  by: 'token' | 'secret'
  /** `json`: refused without (47001). `form`: JSON or application/x-www-form-urlencoded. @default none is read */
  body?: 'json' | 'form'
  /** The user that the call names. */
  owner?: (ctx: Context, input: WholeInput) => unknown
  perform: (ctx: Context, input: WholeInput) => ApiAnswer
  onRefusal?: (ctx: Context, input: WholeInput) => void
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)

const tokenRequest = ({ ip }: WholeInput, from: Readonly<Record<string, unknown>>) => ({
  appid: text(from.appid),
  secret: text(from.secret),
  grantType: text(from.grant_type),
  ip: ip === '' ? undefined : ip,
})

const sessionQuery = ({ query, body }: WholeInput) => ({ ...query, ...body })

/** The emulator pushes from here and is called here. */
const loopback = { ip_list: ['127.0.0.1'] }

/** wechat-platform.md §4–§7: every call that is played, at WeChat's own path. */
export const apiCalls: Readonly<Record<CloudCall, ApiCall>> = {
  code2Session: {
    ...{ method: 'GET', path: '/sns/jscode2session', by: 'secret' },
    owner: (ctx, { query }) => codeOwner(ctx, query.js_code),
    perform: (ctx, { query }) =>
      code2Session(ctx, {
        ...{ appid: query.appid, secret: query.secret },
        ...{ jsCode: query.js_code, grantType: query.grant_type },
      }),
  },
  checksession: {
    // the page names its parameters a body, its example has them in the query; both are read
    ...{ method: 'GET', path: '/wxa/checksession', by: 'token' },
    owner: (_, input) => sessionQuery(input).openid,
    perform: (ctx, input) => checkSession(ctx, sessionQuery(input)),
  },
  resetusersessionkey: {
    ...{ method: 'GET', path: '/wxa/resetusersessionkey', by: 'token' },
    owner: (_, input) => sessionQuery(input).openid,
    perform: (ctx, input) => resetSessionKey(ctx, sessionQuery(input)),
  },
  getuserphonenumber: {
    ...{ method: 'POST', path: '/wxa/business/getuserphonenumber', by: 'token', body: 'json' },
    owner: (ctx, { body }) => codeOwner(ctx, text(body.code)),
    perform: (ctx, { body }) => phoneNumberOf(ctx, body),
  },
  token: {
    ...{ method: 'GET', path: '/cgi-bin/token', by: 'secret' },
    perform: (ctx, input) => plainToken(ctx, tokenRequest(input, input.query)),
  },
  stable_token: {
    ...{ method: 'POST', path: '/cgi-bin/stable_token', by: 'secret', body: 'json' },
    perform: (ctx, input) =>
      stableToken(ctx, {
        ...tokenRequest(input, input.body),
        forceRefresh: input.body.force_refresh === true,
      }),
  },
  'subscribe/send': {
    ...{ method: 'POST', path: '/cgi-bin/message/subscribe/send', by: 'token', body: 'json' },
    owner: (_, { body }) => body.touser,
    perform: (ctx, { body }) => sendMessage(ctx, body),
    onRefusal: (ctx, { body }) => spendOnRefusal(ctx, body),
  },
  gettemplate: {
    ...{ method: 'GET', path: '/wxaapi/newtmpl/gettemplate', by: 'token' },
    perform: (ctx) => listTemplates(ctx),
  },
  addtemplate: {
    ...{ method: 'POST', path: '/wxaapi/newtmpl/addtemplate', by: 'token', body: 'form' },
    perform: (ctx, { body }) => addTemplate(ctx, body),
  },
  deltemplate: {
    ...{ method: 'POST', path: '/wxaapi/newtmpl/deltemplate', by: 'token', body: 'form' },
    perform: (ctx, { body }) => deleteTemplate(ctx, body),
  },
  getcategory: {
    ...{ method: 'GET', path: '/wxaapi/newtmpl/getcategory', by: 'token' },
    perform: () => listCategories(),
  },
  getpubtemplatetitles: {
    ...{ method: 'GET', path: '/wxaapi/newtmpl/getpubtemplatetitles', by: 'token' },
    perform: (ctx, { query }) => listTitles(ctx, query),
  },
  getpubtemplatekeywords: {
    ...{ method: 'GET', path: '/wxaapi/newtmpl/getpubtemplatekeywords', by: 'token' },
    perform: (ctx, { query }) => listKeywords(ctx, query),
  },
  getcallbackip: {
    ...{ method: 'GET', path: '/cgi-bin/getcallbackip', by: 'token' },
    perform: () => okay(loopback),
  },
  get_api_domain_ip: {
    ...{ method: 'GET', path: '/cgi-bin/get_api_domain_ip', by: 'token' },
    perform: () => okay(loopback),
  },
  clear_quota: {
    ...{ method: 'POST', path: '/cgi-bin/clear_quota', by: 'token', body: 'json' },
    perform: (ctx, { body }) => clearQuota(ctx, body.appid),
  },
  'quota/get': {
    ...{ method: 'POST', path: '/cgi-bin/openapi/quota/get', by: 'token', body: 'json' },
    perform: (ctx, { body }) => quotaOf(ctx, body.cgi_path),
  },
}

const listed = Object.entries(apiCalls) as [CloudCall, ApiCall][]

function quotaOf(ctx: Context, path: unknown): ApiAnswer {
  const found = listed.find((entry) => entry[1].path === path)
  if (!found) return refusal(ctx.now(), 76021, 'cgi_path not found, please check')
  // calls below /sns cannot be asked for, says the page
  if (found[0] === 'code2Session')
    return refusal(ctx.now(), 76022, 'could not use this cgi_path, no permission')
  return readQuota(ctx, found[0])
}

/** Performs a call with its checks, in this order: fault, body, token, quota of the day, and its own. */
export function performCall(ctx: Context, call: CloudCall, input: ApiInput): Served {
  const { by, body: wants, owner, perform, onRefusal } = apiCalls[call]
  const { query = {}, body, lacks = 'unreadable', ip = '' } = input
  const whole: WholeInput = { query, body: body ?? {}, ip }
  return serve(ctx, call, {
    openid: text(owner?.(ctx, whole)),
    request: { ...query, ...body },
    perform: () =>
      (!body && (wants === 'json' || lacks === 'tooLarge') ? lacking(ctx.now(), lacks) : undefined) ??
      (by === 'token' ? misplaced(tokenProblem(ctx, query.access_token), whole) : undefined) ??
      quotaProblem(ctx, call) ??
      perform(ctx, whole),
    ...(onRefusal && { onRefusal: () => onRefusal(ctx, whole) }),
  })
}

/** A token that is there, where nobody looks for it. */
const misplaced = (problem: ApiAnswer | undefined, { query, body }: WholeInput): ApiAnswer | undefined =>
  problem && query.access_token === undefined && body.access_token !== undefined
    ? because(problem, 'access_token 要写在网址里（?access_token=…），不在请求体里')
    : problem

/** `/cgi-bin//token/` → `/cgi-bin/token` */
const tidied = (path: string) => path.replaceAll(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '')

/** What the emulator answers where WeChat has another call, or none: 40066, and a hint that names what there is. */
export function performUnknown(ctx: Context, method: string, path: string): Served {
  const meant = listed.find((entry) => entry[1].path === tidied(path))?.[1]
  const slashes = meant && `网址里多了斜杠，应当是 ${meant.method} ${meant.path}`
  return serveUnknown(
    ctx,
    { method, path },
    `${slashes ?? whatThereIs} (not played by the emulator)`,
    slashes ?? '模拟器没有这个接口',
  )
}

const whatThereIs = `模拟器只有 ${listed.map((entry) => `${entry[1].method} ${entry[1].path}`).join('、')}`

/** 43001, 43002: the right path by the wrong method. */
export const performWrongMethod = (ctx: Context, call: CloudCall, input: ApiInput): Served =>
  serve(ctx, call, {
    ...{ openid: undefined, request: { ...input.query } },
    perform: () =>
      apiCalls[call].method === 'GET'
        ? refusal(ctx.now(), 43001, 'require GET method')
        : refusal(ctx.now(), 43002, 'require POST method'),
  })

/** The backend as the fake host reaches it: answers in the contract's envelope, each of which a test may replace. */
import { endpoints, type Clue, type ClueDetail, type EndpointName } from '@leadbell/contract'

export interface BackendAnswer {
  status?: number
  data: unknown
}

/** `offline` never reaches the backend, the answer to a `timeout` is lost, and `never` is not even given up. */
export type Reply = BackendAnswer | 'offline' | 'timeout' | 'never'

export interface BackendRequest {
  endpoint: EndpointName
  path: Record<string, string>
  query: Record<string, string>
  body: Record<string, unknown>
  url: string
  header: Record<string, string>
}

/** A promise is an answer that takes its time. */
type Handler = (request: BackendRequest) => Reply | Promise<Reply>
export type FakeBackend = Partial<Record<EndpointName, Handler>>

export const ok = (result: unknown, code = 200): BackendAnswer => ({
  data: { success: true, message: '', code, result, timestamp: 0 },
})

export const refused = (
  code: number,
  message: string,
  status = 200,
  result: unknown = null,
): BackendAnswer => ({
  status,
  data: { success: false, message, code, result, timestamp: 0 },
})

export const aUser = { id: 'u1', username: 'chen', realname: '陈小舟' }

export const aClue = (id: string, more: Partial<Clue> = {}): Clue => ({
  id,
  title: `恒泰建材 采购咨询 ${id}`,
  customerName: '王先生',
  phone: '13800000000',
  remark: '',
  status: 'pending',
  version: 1,
  assigneeId: aUser.id,
  assignedAt: '2026-11-23T01:42:00.000Z',
  readAt: null,
  createdAt: '2026-11-23T01:00:00.000Z',
  ...more,
})

export const aDetail = (id: string, more: Partial<ClueDetail> = {}): ClueDetail => ({
  ...aClue(id),
  notes: [],
  ...more,
})

export const aLogin = (more: object = {}) =>
  ok({ token: 'token-1', userInfo: aUser, wechat: { bound: true }, ...more })

/** One user with one lead, and a WeChat that is bound to nobody until a password was given. */
export const defaultBackend = (): FakeBackend => ({
  'GET /sys/randomImage/{checkKey}': () => ok('data:image/svg+xml;base64,AAAA', 0),
  'GET /notify/templates': () =>
    ok({ templates: [{ templateId: 'T1', title: '新线索提醒', purpose: 'clue-assigned' }] }),
  'POST /sys/login': () => aLogin(),
  'POST /notify/login': () => refused(401, '这个微信还没有绑定账号', 401),
  'POST /sys/logout': () => ok(null),
  'POST /notify/bind': () => ok({ bound: true }),
  'POST /notify/grants': () => ok({ quota: { T1: 1 } }),
  'GET /notify/quota': () => ok({ quota: { T1: 1 } }),
  'GET /clues': () => ok({ items: [aClue('7')], nextCursor: null, unread: 1 }),
  'GET /clues/{id}': ({ path }) => ok(aDetail(path.id ?? '')),
  'PUT /clues/{id}': ({ path, body }) =>
    ok(aClue(path.id ?? '', { status: body.status as Clue['status'], version: Number(body.version) + 1 })),
  'PUT /clues/{id}/read': () => ok(null),
  'POST /clues/{id}/notes': ({ body }) =>
    ok({ id: body.id, text: body.text, author: aUser.realname, at: '2026-11-23T02:00:00.000Z' }),
})

const routes = (Object.keys(endpoints) as EndpointName[]).map((endpoint) => {
  const [method = '', template = ''] = endpoint.split(' ')
  return { endpoint, method, pattern: new RegExp(`^${template.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`) }
})

/** Which endpoint of the contract a request means. A request outside of it is a mistake of the app. */
export function readRequest(
  base: string,
  {
    url,
    method,
    data,
    header,
  }: { url: string; method: string; data?: object; header: Record<string, string> },
): BackendRequest {
  const [path = '', search = ''] = url.slice(base.length).split('?')
  for (const { endpoint, pattern, ...route } of routes) {
    const match = route.method === method && pattern.exec(path)
    if (!match) continue
    const groups = Object.entries(match.groups ?? {}).map(([name, value]) => [
      name,
      decodeURIComponent(value),
    ])
    return {
      endpoint,
      path: Object.fromEntries(groups) as Record<string, string>,
      query: Object.fromEntries(new URLSearchParams(search)),
      body: data as Record<string, unknown>,
      url,
      header,
    }
  }
  throw new Error(`the contract has no ${method} ${path}`)
}

import { endpoints, type Access, type EndpointName } from '@leadbell/contract'
import { refusals, wordRefusal, type RefusalName } from '../domain/refusal.ts'
import type { Schema } from './openapi-schemas.ts'

const wechatCode = [
  'wechat-code-invalid',
  'wechat-high-risk',
  'wechat-busy',
  'wechat-unreachable',
  'wechat-config-broken',
] as const
const clueOfOwner = ['clue-not-found', 'clue-reassigned', 'clue-deleted'] as const
const clueOfClerk = ['clue-gone', 'clue-changed'] as const
const assignee = ['assignee-not-found', 'assignee-disabled'] as const

/** What only this call can be refused for. */
const special: Partial<Record<EndpointName, readonly RefusalName[]>> = {
  'GET /sys/randomImage/{checkKey}': ['too-many-requests', 'auth-server-unreachable', 'auth-server-failed'],
  'POST /sys/login': [
    'captcha-wrong',
    'captcha-stale',
    'password-wrong',
    'login-locked',
    'too-many-requests',
    'account-disabled',
    'account-frozen',
    'auth-server-locked',
    'auth-server-refused',
    'auth-server-unreachable',
    'auth-server-failed',
    'wechat-taken',
  ],
  'POST /notify/login': ['wechat-bound-to-nobody', 'account-disabled', 'too-many-requests', ...wechatCode],
  'POST /notify/bind': ['wechat-taken'],
  'POST /notify/grants': ['grants-without-wechat'],
  'GET /clues': ['cursor-bad'],
  'GET /clues/{id}': clueOfOwner,
  'PUT /clues/{id}': [...clueOfOwner, 'clue-changed'],
  'PUT /clues/{id}/read': clueOfOwner,
  'POST /clues/{id}/notes': clueOfOwner,
  'GET /admin/clues': ['cursor-bad'],
  'POST /admin/clues/import': [
    'import-undecodable',
    'import-too-large',
    'import-unreadable',
    'import-heading',
    'import-empty',
    'import-rows-wrong',
  ],
  'GET /admin/clues/{id}': ['clue-gone'],
  'PUT /admin/clues/{id}': clueOfClerk,
  'DELETE /admin/clues/{id}': ['clue-gone'],
  'POST /admin/clues/{id}/assign': [...clueOfClerk, 'clue-assigned-meanwhile', ...assignee],
  'POST /admin/clues/{id}/recall': [...clueOfClerk, 'clue-assigned-meanwhile', 'clue-unassigned'],
  'GET /admin/deliveries': ['cursor-bad'],
  'GET /admin/deliveries/{id}': ['delivery-not-found'],
  'POST /admin/deliveries/{id}/redrive': ['delivery-not-found', 'delivery-not-redrivable'],
  'GET /admin/staff': ['cursor-bad'],
  'POST /admin/staff': ['username-taken', 'password-required'],
  'GET /admin/staff/{id}': ['account-not-found'],
  'PUT /admin/staff/{id}': ['account-not-found', 'account-changed', 'last-admin'],
  'DELETE /admin/staff/{id}/sessions': ['account-not-found'],
  'DELETE /admin/staff/{id}/binding': ['account-not-found'],
  'GET /admin/statistics': ['range-bad'],
  'POST /integration/assignments': ['assignee-unknown', 'assignee-disabled', 'clue-deleted'],
}

const ofAccess: Record<Access, readonly RefusalName[]> = {
  open: [],
  session: ['session-invalid'],
  clerk: ['admin-token-wrong', 'session-invalid', 'role-missing'],
  admin: ['admin-token-wrong', 'session-invalid', 'role-missing'],
  // without a secret there is no such call
  integration: ['signature-wrong', 'signature-stale', 'idempotency-key-missing', 'route-unknown'],
}

/** Everything a call can be refused for, by HTTP status. `keyed`: it heeds an Idempotency-Key. */
export function refusalsOf(name: EndpointName, { keyed }: { keyed: boolean }): Map<number, RefusalName[]> {
  const endpoint: { access: Access; path?: unknown; query?: unknown; body?: unknown } = endpoints[name]
  const { access, path, query, body } = endpoint
  return byStatus([
    ...ofAccess[access],
    ...(body ? (['bad-json', 'body-too-large'] as const) : []),
    ...(path || query || body ? (['bad-field'] as const) : []),
    ...(keyed ? (['idempotency-key-bad', 'idempotency-key-reused', 'idempotency-key-busy'] as const) : []),
    ...(special[name] ?? []),
    'server-failed',
  ])
}

/** The same for `GET /admin/events`, which is no endpoint of the contract's table. */
export const refusalsOfEvents = (): Map<number, RefusalName[]> =>
  byStatus([...ofAccess.clerk, 'too-many-streams', 'server-failed'])

function byStatus(names: readonly RefusalName[]): Map<number, RefusalName[]> {
  const grouped = new Map<number, RefusalName[]>()
  for (const refusal of names) {
    const { status } = refusals[refusal]
    grouped.set(status, [...(grouped.get(status) ?? []), refusal])
  }
  return grouped
}

export const refusalRef: Schema = { $ref: '#/components/schemas/Refusal' }

/** What an answer with one of these refusals holds. */
export const refusalContent = (names: readonly RefusalName[]): Schema => ({
  schema: refusalRef,
  examples: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/examples/${name}` }])),
})

/** The answers other than 200, by status. */
export function refusedResponses(refused: ReadonlyMap<number, RefusalName[]>): Record<string, Schema> {
  const statuses = [...refused].filter(([status]) => status !== 200).sort(([a], [b]) => a - b)
  return Object.fromEntries(
    statuses.map(([status, names]) => [
      status,
      {
        description: statusWords[status] ?? '被拒绝',
        content: { 'application/json': refusalContent(names) },
      },
    ]),
  )
}

const statusWords: Record<number, string> = {
  400: '请求有误',
  401: '没有登录，或令牌无效',
  403: '不可以',
  404: '没有这条记录',
  409: '与当前情况冲突',
  410: '已删除',
  413: '内容太大',
  422: '内容不能处理',
  429: '太频繁',
  500: '服务器出错',
}

// what fills the gaps of a sentence in an example
const sample: Record<string, string> = {
  field: 'title',
  label: '线索名称',
  minutes: '10',
  seconds: '30',
  username: 'li***',
  assignee: 'lisi',
  by: '由王主管',
  owner: '陈小舟',
  now: '1795398120',
  message: '该租户已冻结',
  why: '它已经送达',
  row: '12',
  problem: '缺少“电话号码”',
  count: '3',
  rid: '5f1d2c3b4a69',
}

/** One answer for each refusal of these, to be referred to. */
export const refusalExamples = (names: readonly RefusalName[]): Record<string, Schema> =>
  Object.fromEntries(names.map((refusal) => [refusal, exampleOf(refusal)]))

function exampleOf(refusal: RefusalName): Schema {
  const { code, cause, remedy } = refusals[refusal]
  return {
    summary: refusal,
    description: `${cause} → ${remedy}`,
    value: {
      success: false,
      message: wordRefusal({ refusal, values: sample }),
      code,
      result: null,
      timestamp: Date.UTC(2026, 10, 23, 1, 42),
    },
  }
}

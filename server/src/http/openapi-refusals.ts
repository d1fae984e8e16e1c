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
const clueOfClerk = ['clue-not-found', 'clue-changed'] as const
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
  'GET /admin/clues/{id}': ['clue-not-found'],
  'PUT /admin/clues/{id}': clueOfClerk,
  'DELETE /admin/clues/{id}': ['clue-not-found'],
  'POST /admin/clues/{id}/assign': [...clueOfClerk, ...assignee],
  'POST /admin/clues/{id}/recall': [...clueOfClerk, 'clue-unassigned'],
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
  const names: RefusalName[] = [
    ...ofAccess[access],
    ...(body ? (['bad-json', 'body-too-large'] as const) : []),
    ...(path || query || body ? (['bad-field'] as const) : []),
    ...(keyed ? (['idempotency-key-bad', 'idempotency-key-reused', 'idempotency-key-busy'] as const) : []),
    ...(special[name] ?? []),
    'server-failed',
  ]
  const byStatus = new Map<number, RefusalName[]>()
  for (const refusal of names) {
    const { status } = refusals[refusal]
    byStatus.set(status, [...(byStatus.get(status) ?? []), refusal])
  }
  return byStatus
}

// what fills the gaps of a sentence in an example
const sample: Record<string, string> = {
  field: 'title',
  label: '线索名称',
  minutes: '10',
  seconds: '30',
  username: 'li***',
  assignee: 'lisi',
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

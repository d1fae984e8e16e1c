import type { Context as HonoContext } from 'hono'
import * as v from 'valibot'
import { done, refuse, type Outcome } from '../domain/refusal.ts'
import type { HttpEnv } from './env.ts'

const labels: Record<string, string> = {
  username: '用户名',
  password: '密码',
  captcha: '验证码',
  checkKey: '验证码编号',
  code: '微信登录凭证',
  attemptId: '订阅编号',
  at: '时间',
  results: '订阅结果',
  cursor: '翻页位置',
  limit: '每页条数',
  status: '线索状态',
  q: '搜索内容',
  id: '编号',
  title: '线索名称',
  customerName: '客户姓名',
  phone: '电话号码',
  remark: '备注',
  text: '跟进内容',
  assigneeId: '员工编号',
  version: '版本号',
  unbind: '解绑选项',
  openid: '微信标识',
  reason: '原因',
  items: '要分配的线索',
  csv: 'CSV 文件',
  partial: '部分导入选项',
  dryRun: '试导入选项',
  unassigned: '未分配选项',
  order: '排序方式',
  clueId: '线索编号',
  state: '送达状态',
  from: '开始时间',
  to: '结束时间',
  realname: '姓名',
  role: '角色',
  disabled: '停用选项',
  bound: '微信绑定选项',
  maxQuota: '剩余次数',
  externalId: '外部线索编号',
  assignee: '员工用户名',
}

/** Checks a value against its schema; the refusal names the first field that does not fit. */
export function check<S extends v.GenericSchema>(schema: S, value: unknown): Outcome<v.InferOutput<S>> {
  const parsed = v.safeParse(schema, value)
  const field = parsed.success ? fieldWithNul(parsed.output) : (v.getDotPath(parsed.issues[0]) ?? '')
  if (parsed.success && field === undefined) return done(parsed.output)
  return refuse('bad-field', { field: field ?? '', label: labels[field?.split('.')[0] ?? ''] ?? '请求内容' })
}

/** The JSON object in the body; no body at all is an empty one, so that the refusal names what is missing. */
export async function readBody(c: HonoContext<HttpEnv>): Promise<Outcome<unknown>> {
  const text = await c.req.text()
  if (text.trim() === '') return done({})
  try {
    const value: unknown = JSON.parse(text, (_key, inner: unknown) => wellFormed(inner))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? done(value)
      : refuse('bad-json')
  } catch {
    return refuse('bad-json')
  }
}

/** Half an emoji, cut off by somebody's limit, becomes the mark that UTF-8 makes of it; `jsonb` refuses it. */
const wellFormed = (value: unknown) =>
  typeof value === 'string' ? value.replace(/[\ud800-\udfff]/gu, '\ufffd') : value

/** The first field that holds the one character PostgreSQL's text cannot. */
function fieldWithNul(checked: unknown): string | undefined {
  if (typeof checked !== 'object' || checked === null) return undefined
  return Object.entries(checked).find((entry) => entry.some(hasNul))?.[0]
}

function hasNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0')
  return typeof value === 'object' && value !== null && Object.entries(value).flat().some(hasNul)
}

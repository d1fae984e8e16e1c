import { endpoints, type Access, type EndpointName } from '@leadbell/contract'
import type * as v from 'valibot'
import type { RefusalName } from '../domain/refusal.ts'
import { heedsKey } from './idempotency-key.ts'
import { envelope, parameters, refusal, securitySchemes } from './openapi-components.ts'
import { describeEvents } from './openapi-events.ts'
import { plainPaths, plainResponses } from './openapi-plain.ts'
import {
  refusalContent,
  refusalExamples,
  refusalRef,
  refusalsOf,
  refusalsOfEvents,
  refusedResponses,
} from './openapi-refusals.ts'
import { inputSchema, outputSchema, parametersOf, referredSchemas, type Schema } from './openapi-schemas.ts'

interface Described {
  access: Access
  summary: string
  path?: v.GenericSchema
  query?: v.GenericSchema
  body?: v.GenericSchema
  result: v.GenericSchema
}

export interface OpenApiDocument {
  openapi: string
  paths: Record<string, Record<string, Schema>>
  components: Record<string, Record<string, Schema>>
  [part: string]: unknown
}

const tags = [
  { name: '登录', description: '与 JeecgBoot 相同的登录接口，加上微信' },
  { name: '订阅', description: '订阅消息的授权和剩余次数' },
  { name: '我的线索', description: '员工手机上看到的线索' },
  { name: '线索管理', description: '后台录入、导入、分配和收回线索' },
  { name: '提醒', description: '每条微信提醒的经过和统计' },
  { name: '员工', description: '账号、角色、微信绑定和次数账本' },
  { name: '对接', description: '已有业务系统分配线索，由本系统通知' },
  { name: '微信推送', description: '微信服务器调用' },
  { name: '运行', description: '给监控用' },
] as const
type Tag = (typeof tags)[number]['name']

/** The first beginning that fits. */
const tagOf: readonly (readonly [beginning: string, tag: Tag])[] = [
  ['/sys/', '登录'],
  ['/notify/login', '登录'],
  ['/notify/bind', '登录'],
  ['/notify/', '订阅'],
  ['/clues', '我的线索'],
  ['/admin/clues', '线索管理'],
  ['/admin/assignments', '线索管理'],
  ['/admin/deliveries', '提醒'],
  ['/admin/statistics', '提醒'],
  ['/admin/staff', '员工'],
  ['/integration/', '对接'],
]

const securityOf: Record<Access, readonly Schema[]> = {
  open: [],
  session: [{ session: [] }],
  clerk: [{ adminToken: [] }, { session: [] }],
  admin: [{ adminToken: [] }, { session: [] }],
  integration: [{ timestamp: [], signature: [] }],
}

const whoMay: Record<Access, string> = {
  open: '不需要登录。',
  session: '需要员工登录。',
  clerk: '需要管理令牌，或角色为 clerk 或 admin 的账号登录。',
  admin: '需要管理令牌，或角色为 admin 的账号登录。',
  integration: '请求体要签名。',
}

const JSON_TYPE = 'application/json'
const INTRODUCTION = `
- 除微信推送、/metrics 和 /admin/events 外，所有回答都是 JeecgBoot 的信封：\`{success, message, code, result, timestamp}\`。
- **code 为 0 或 200 是成功，其他都是拒绝**：先看 code，再看 HTTP 状态；message 是可以直接显示的中文。
- 编号都是字符串，时间是带时区的 ISO 8601。
- 带 version 的修改若版本已旧，回答 409，result 是当前的记录。
- 列表用游标翻页：把 nextCursor 原样放进下一次请求的 cursor，为 null 表示没有下一页。
- 修改类的后台接口可以带 Idempotency-Key：24 小时内同一个编号只执行一次，重复的请求得到第一次的回答。
`

/** The API of this server as OpenAPI 3.1, made from the contract and from the table of refusals. */
export function describeApi(version: string): OpenApiDocument {
  const paths: OpenApiDocument['paths'] = {}
  const examples = new Set<RefusalName>()
  for (const name of Object.keys(endpoints) as EndpointName[]) {
    const [method = '', path = ''] = name.split(' ')
    paths[path] = { ...paths[path], [method.toLowerCase()]: operationOf(name, method, path, examples) }
  }
  const refusedEvents = refusalsOfEvents()
  for (const one of [...refusedEvents.values()].flat()) examples.add(one)
  Object.assign(paths, plainPaths, {
    '/admin/events': {
      get: describeEvents({ whoMay: whoMay.clerk, security: securityOf.clerk, refused: refusedEvents }),
    },
  })
  const schemas = { ...referredSchemas(paths), Envelope: envelope, Refusal: refusal }
  return {
    openapi: '3.1.0',
    info: { title: '线索铃 Leadbell 接口', version, description: INTRODUCTION },
    servers: [{ url: './', description: '这台服务器' }],
    tags,
    paths,
    components: {
      schemas,
      parameters,
      responses: plainResponses,
      examples: refusalExamples([...examples]),
      securitySchemes,
    },
  }
}

function operationOf(name: EndpointName, method: string, path: string, examples: Set<RefusalName>): Schema {
  const endpoint: Described = endpoints[name]
  const { access, summary, body } = endpoint
  const keyed = heedsKey(method, access)
  const refused = refusalsOf(name, { keyed })
  for (const names of refused.values()) for (const one of names) examples.add(one)
  const keyParameter = access === 'integration' ? 'IdempotencyKeyRequired' : 'IdempotencyKey'
  const tag = tagOf.find(([beginning]) => path.startsWith(beginning))?.[1]
  if (!tag) throw new Error(`${name} has no tag`)
  return {
    operationId: operationId(method, path),
    tags: [tag],
    summary,
    description: whoMay[access],
    security: securityOf[access],
    parameters: [
      ...parametersOf(endpoint.path, 'path'),
      ...parametersOf(endpoint.query, 'query'),
      ...(keyed ? [{ $ref: `#/components/parameters/${keyParameter}` }] : []),
    ],
    ...(body && { requestBody: requestBody(name, body) }),
    responses: responsesOf(name, endpoint, refused),
  }
}

/** `PUT /admin/staff/{id}` → putAdminStaffById. */
const operationId = (method: string, path: string) =>
  method.toLowerCase() +
  path
    .replace(/\/\{(\w)(\w*)\}/g, (_, first: string, rest: string) => `/by${first.toUpperCase()}${rest}`)
    .replace(/\/(\w)/g, (_, first: string) => first.toUpperCase())

function requestBody(name: EndpointName, body: v.GenericSchema): Schema {
  const json = { [JSON_TYPE]: { schema: inputSchema(body) } }
  if (name !== 'POST /admin/clues/import') return { required: true, content: json }
  return {
    required: true,
    description: '也可以直接发送文件（text/csv，UTF-8 或 GB18030），选项写在地址里：?partial=1&dryRun=1',
    content: { ...json, 'text/csv': { schema: { type: 'string' } } },
  }
}

/** JeecgBoot answers 200 to some of what it refuses, so that an answer 200 may be either. */
function responsesOf(
  name: EndpointName,
  { result }: Described,
  refused: ReadonlyMap<number, RefusalName[]>,
): Schema {
  const code = name === 'GET /sys/randomImage/{checkKey}' ? 0 : 200
  const success = {
    allOf: [
      { $ref: '#/components/schemas/Envelope' },
      {
        type: 'object',
        properties: { success: { const: true }, code: { const: code }, result: outputSchema(result) },
        required: ['result'],
      },
    ],
  }
  const politelyRefused = refused.get(200)
  const ok = politelyRefused
    ? { ...refusalContent(politelyRefused), schema: { anyOf: [success, refusalRef] } }
    : { schema: success }
  return {
    '200': {
      description: politelyRefused ? '成功，或 code 不为 0 和 200 的拒绝' : '成功',
      content: { [JSON_TYPE]: ok },
    },
    ...refusedResponses(refused),
  }
}

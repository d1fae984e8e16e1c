import { fileURLToPath } from 'node:url'
import { Template } from '@leadbell/contract'
import * as v from 'valibot'
import { isLoopback, isNearby, urlProblems, type UrlProblem } from './base-url.ts'
import { templateProblems } from './wechat/templates.ts'

const defaultDataDir = fileURLToPath(new URL('../../.data/pglite', import.meta.url))
const defaultAdminDir = fileURLToPath(new URL('../../admin/dist', import.meta.url))

const flag = (fallback: '0' | '1') =>
  v.optional(
    v.pipe(
      v.picklist(['0', '1'], '只能是 0 或 1 (must be 0 or 1)'),
      v.transform((text) => text === '1'),
    ),
    fallback,
  )

const wholeNumber = (min: number, max: number, fallback: string) => {
  const message = `要是 ${min} 到 ${max} 之间的整数 (must be a whole number from ${min} to ${max})`
  return v.optional(
    v.pipe(
      v.string(),
      v.digits(message),
      v.transform(Number),
      v.minValue(min, message),
      v.maxValue(max, message),
    ),
    fallback,
  )
}

const needed = (what: string) => v.string(`未设置：${what} (required)`)

const TemplateSetting = v.object({
  ...Template.entries,
  values: v.optional(v.record(v.string(), v.string())),
  inDoubt: v.optional(v.picklist(['give-up', 'resend'])),
  waiting: v.optional(v.picklist(['each', 'merge']), 'each'),
})
export type TemplateSetting = v.InferOutput<typeof TemplateSetting>

const Templates = v.pipe(
  needed('订阅消息模板，JSON 数组 [{"templateId","title","purpose"}]'),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const parsed = v.safeParse(v.array(TemplateSetting), tryJson(dataset.value))
    if (parsed.success) return parsed.output
    const where = v.getDotPath(parsed.issues[0])
    addIssue({
      message: `${where ? `${where} 有误；` : ''}要是 JSON 数组，每项有 templateId、title 和 purpose（clue-assigned），可选 values、inDoubt（give-up、resend）、waiting（each、merge） (must be a JSON array of {templateId, title, purpose, values?, inDoubt?, waiting?})`,
    })
    return NEVER
  }),
  v.maxLength(3, '最多三个模板 (three templates at most)'),
  v.check(
    (templates) => templates.filter(({ purpose }) => purpose === 'clue-assigned').length === 1,
    '要有且只有一个 purpose 为 clue-assigned 的模板 (exactly one template must have the purpose clue-assigned)',
  ),
  v.check(
    (templates) => new Set(templates.map(({ title }) => title)).size === templates.length,
    '模板标题不能相同，微信会过滤掉后一个 (titles must differ, WeChat filters the second out)',
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    for (const { values } of dataset.value)
      for (const message of values ? templateProblems(values) : []) addIssue({ message })
  }),
)

const urlSentences: Record<UrlProblem, string> = {
  userinfo: '不能带用户名和密码 (must not carry user:password)',
  query: '不能带 ? 参数 (must have no query)',
  hash: '不能带 # 片段 (must have no fragment)',
  scheme: '要以 https:// 开头 (must start with https://)',
  plain: '必须用 https；只有{hosts}可以用 http (must be https unless it is on {places})',
}

const addressOf = (allowed: UrlProblem[], plainFor: (hostname: string) => boolean, where: string[]) =>
  v.pipe(
    v.string(),
    v.url('要是一个网址 (must be a URL)'),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return
      const [hosts = '', places = ''] = where
      for (const problem of urlProblems(dataset.value, plainFor))
        if (!allowed.includes(problem))
          addIssue({ message: urlSentences[problem].replace('{hosts}', hosts).replace('{places}', places) })
    }),
  )

const baseUrl = addressOf([], isLoopback, ['本机', 'this machine'])
/** Theirs to choose, a query included. */
const webhookUrl = addressOf(['query'], isLoopback, ['本机', 'this machine'])
/** Often in the next rack or the next container. */
const nearbyBaseUrl = addressOf([], isNearby, [
  '本机、内网地址或不带点的主机名',
  'this machine, a private address or a host name without a dot',
])

const sharedSecret = v.optional(
  v.pipe(v.string(), v.minLength(32, '太短，至少 32 个字符 (at least 32 characters)')),
)

/** The variables, one by one. What they say of each other is in config.ts. */
export const Environment = v.object({
  PORT: wholeNumber(0, 65535, '5301'),
  HOST: v.optional(v.string(), '127.0.0.1'),
  DATABASE_URL: v.optional(
    v.pipe(v.string(), v.regex(/^postgres(ql)?:\/\//, '要以 postgres:// 开头 (must start with postgres://)')),
  ),
  DATA_DIR: v.optional(v.string(), defaultDataDir),
  DATABASE_POOL_SIZE: wholeNumber(2, 200, '10'),
  MIGRATE_ON_START: flag('1'),
  ADMIN_DIR: v.optional(v.string(), defaultAdminDir),
  TRIAL: flag('0'),
  ADMIN_TOKEN: v.optional(v.string()),
  TRUST_PROXY: flag('0'),
  AUTH: v.optional(
    v.picklist(['local', 'jeecgboot'], '只能是 local 或 jeecgboot (must be local or jeecgboot)'),
    'local',
  ),
  JEECGBOOT_URL: v.optional(nearbyBaseUrl),
  WECHAT_API_BASE: v.optional(baseUrl, 'https://api.weixin.qq.com'),
  WECHAT_APPID: v.pipe(
    needed('小程序的 AppID'),
    v.regex(/^wx[0-9a-f]{16}$/, '要是 wx 加 16 位十六进制字符 (must be wx and 16 hexadecimal digits)'),
  ),
  WECHAT_SECRET: needed('小程序的 AppSecret'),
  WECHAT_TEMPLATES: Templates,
  WECHAT_MINIPROGRAM_STATE: v.optional(
    v.picklist(
      ['developer', 'trial', 'formal'],
      '只能是 developer、trial 或 formal (must be developer, trial or formal)',
    ),
    'formal',
  ),
  WECHAT_PUSH_TOKEN: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[A-Za-z0-9]{3,32}$/, '要是 3 到 32 个字母或数字 (must be 3 to 32 letters or digits)'),
    ),
  ),
  WECHAT_PUSH_AES_KEY: v.optional(
    v.pipe(v.string(), v.regex(/^[A-Za-z0-9]{43}$/, '要是 43 个字母或数字 (must be 43 letters or digits)')),
  ),
  INTEGRATION_SECRET: sharedSecret,
  WEBHOOK_URL: v.optional(webhookUrl),
  WEBHOOK_SECRET: sharedSecret,
  IN_DOUBT_POLICY: v.optional(
    v.picklist(['give-up', 'resend'], '只能是 give-up 或 resend (must be give-up or resend)'),
  ),
  IN_DOUBT_GRACE_MS: wholeNumber(1000, 86_400_000, '120000'),
  // two sends of 8 s with a token fetched in between must fit
  LEASE_MS: wholeNumber(30_000, 600_000, '45000'),
  WAITING_EXPIRES_HOURS: wholeNumber(0, 8760, '0'),
  DELIVERY_CONCURRENCY: wholeNumber(1, 500, '64'),
  RETENTION_DAYS: wholeNumber(7, 3650, '400'),
  SHUTDOWN_MS: wholeNumber(1000, 600_000, '20000'),
  LOG_LEVEL: v.optional(
    v.picklist(
      ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
      '只能是 trace、debug、info、warn、error、fatal 或 silent (must be a pino level)',
    ),
    'info',
  ),
})

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

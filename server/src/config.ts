import { fileURLToPath } from 'node:url'
import { Template } from '@leadbell/contract'
import * as v from 'valibot'
import type { DeliveryTemplate } from './domain/context.ts'
import { defaultValues, isFact, templateProblems, type Fact } from './wechat/templates.ts'

export interface Config {
  /** 0 takes any free one. */
  port: number
  host: string
  database: { url: string } | { dir: string }
  trial: boolean
  /** Undefined in trial mode only. */
  adminToken: string | undefined
  trustProxy: boolean
  /** Who checks passwords. */
  auth: { kind: 'local' } | { kind: 'jeecgboot'; baseUrl: string }
  wechat: {
    baseUrl: string
    appid: string
    secret: string
    templates: DeliveryTemplate[]
    miniprogramState: 'developer' | 'trial' | 'formal'
  }
  /** Undefined: WeChat's event pushes are not taken. */
  push: { token: string; aesKey: string | undefined } | undefined
  /** Undefined: no other system assigns leads. */
  integrationSecret: string | undefined
  /** Who is told what became of deliveries. */
  webhook: { url: string; secret: string } | undefined
  delivery: {
    inDoubtGraceMs: number
    leaseMs: number
    waitingExpiresMs: number | undefined
    concurrency: number
  }
  /** How long what is only history is kept. */
  retentionDays: number
  logLevel: string
}

export type ConfigOutcome = { ok: true; config: Config } | { ok: false; errors: string[] }

const defaultDataDir = fileURLToPath(new URL('../../.data/pglite', import.meta.url))
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

// what WeChat's emulator is called with; a real server has no defaults for these
const trialWechat = {
  WECHAT_API_BASE: 'http://127.0.0.1:5300',
  WECHAT_APPID: 'wx1ead0be110000001',
  WECHAT_SECRET: 'emulated-secret',
  WECHAT_TEMPLATES: JSON.stringify([
    {
      templateId: 'TPL_CLUE_ASSIGNED_0000000000000000000000001',
      title: '新线索提醒',
      purpose: 'clue-assigned',
    },
  ]),
}

const flag = v.optional(
  v.pipe(
    v.picklist(['0', '1'], '只能是 0 或 1 (must be 0 or 1)'),
    v.transform((text) => text === '1'),
  ),
  '0',
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
type TemplateSetting = v.InferOutput<typeof TemplateSetting>

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

const httpsUrl = v.pipe(
  v.string(),
  v.url('要是一个网址 (must be a URL)'),
  v.check(isSafeBase, '除本机外必须用 https (must be https unless it is on this machine)'),
)

const sharedSecret = v.optional(
  v.pipe(v.string(), v.minLength(32, '太短，至少 32 个字符 (at least 32 characters)')),
)

const Environment = v.object({
  PORT: wholeNumber(0, 65535, '5301'),
  HOST: v.optional(v.string(), '127.0.0.1'),
  DATABASE_URL: v.optional(
    v.pipe(v.string(), v.regex(/^postgres(ql)?:\/\//, '要以 postgres:// 开头 (must start with postgres://)')),
  ),
  DATA_DIR: v.optional(v.string(), defaultDataDir),
  TRIAL: flag,
  ADMIN_TOKEN: v.optional(v.string()),
  TRUST_PROXY: flag,
  AUTH: v.optional(
    v.picklist(['local', 'jeecgboot'], '只能是 local 或 jeecgboot (must be local or jeecgboot)'),
    'local',
  ),
  JEECGBOOT_URL: v.optional(httpsUrl),
  WECHAT_API_BASE: v.optional(httpsUrl, 'https://api.weixin.qq.com'),
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
  WEBHOOK_URL: v.optional(httpsUrl),
  WEBHOOK_SECRET: sharedSecret,
  IN_DOUBT_POLICY: v.optional(
    v.picklist(['give-up', 'resend'], '只能是 give-up 或 resend (must be give-up or resend)'),
    'give-up',
  ),
  IN_DOUBT_GRACE_MS: wholeNumber(1000, 86_400_000, '120000'),
  // two sends of 8 s with a token fetched in between must fit
  LEASE_MS: wholeNumber(30_000, 600_000, '45000'),
  WAITING_EXPIRES_HOURS: wholeNumber(0, 8760, '0'),
  DELIVERY_CONCURRENCY: wholeNumber(1, 500, '32'),
  RETENTION_DAYS: wholeNumber(7, 3650, '400'),
  LOG_LEVEL: v.optional(
    v.picklist(
      ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
      '只能是 trace、debug、info、warn、error、fatal 或 silent (must be a pino level)',
    ),
    'info',
  ),
})

const DatabaseEnvironment = v.pick(Environment, ['DATABASE_URL', 'DATA_DIR'])

/** Where the data is, for a command that needs nothing else. */
export function readDatabaseSource(
  environment: NodeJS.ProcessEnv,
): { ok: true; source: Config['database'] } | { ok: false; errors: string[] } {
  const parsed = v.safeParse(DatabaseEnvironment, withoutEmpty(environment))
  return parsed.success
    ? { ok: true, source: databaseOf(parsed.output) }
    : { ok: false, errors: parsed.issues.map(wordIssue) }
}

/** Reads the environment. Every error at once, each a line that begins with the variable's name; no value is repeated. */
export function readConfig(environment: NodeJS.ProcessEnv): ConfigOutcome {
  const set = withoutEmpty(environment)
  const parsed = v.safeParse(Environment, set.TRIAL === '1' ? { ...trialWechat, ...set } : set)
  const errors = (parsed.issues ?? []).map(wordIssue)
  if (set.TRIAL !== '1' && (set.ADMIN_TOKEN ?? '').length < 16)
    errors.push('ADMIN_TOKEN: 未设置或太短，至少 16 个字符 (required, at least 16 characters)')
  errors.push(...missingPartners(set))
  if (!parsed.success || errors.length > 0) return { ok: false, errors }

  const env = parsed.output
  return {
    ok: true,
    config: {
      port: env.PORT,
      host: env.HOST,
      database: databaseOf(env),
      trial: env.TRIAL,
      adminToken: env.ADMIN_TOKEN,
      trustProxy: env.TRUST_PROXY,
      wechat: {
        baseUrl: env.WECHAT_API_BASE,
        appid: env.WECHAT_APPID,
        secret: env.WECHAT_SECRET,
        templates: env.WECHAT_TEMPLATES.map((setting) => templateOf(setting, env.IN_DOUBT_POLICY)),
        miniprogramState: env.WECHAT_MINIPROGRAM_STATE,
      },
      auth:
        env.AUTH === 'jeecgboot' && env.JEECGBOOT_URL !== undefined
          ? { kind: 'jeecgboot', baseUrl: env.JEECGBOOT_URL }
          : { kind: 'local' },
      push:
        env.WECHAT_PUSH_TOKEN === undefined
          ? undefined
          : { token: env.WECHAT_PUSH_TOKEN, aesKey: env.WECHAT_PUSH_AES_KEY },
      integrationSecret: env.INTEGRATION_SECRET,
      webhook:
        env.WEBHOOK_URL === undefined || env.WEBHOOK_SECRET === undefined
          ? undefined
          : { url: env.WEBHOOK_URL, secret: env.WEBHOOK_SECRET },
      delivery: {
        inDoubtGraceMs: env.IN_DOUBT_GRACE_MS,
        leaseMs: env.LEASE_MS,
        waitingExpiresMs: env.WAITING_EXPIRES_HOURS === 0 ? undefined : env.WAITING_EXPIRES_HOURS * 3600_000,
        concurrency: env.DELIVERY_CONCURRENCY,
      },
      retentionDays: env.RETENTION_DAYS,
      logLevel: env.LOG_LEVEL,
    },
  }
}

/** What one variable is worth nothing without. */
function missingPartners(set: Record<string, string | undefined>): string[] {
  const needs = (name: string, partner: string) =>
    set[name] !== undefined && set[partner] === undefined
      ? [`${partner}: 未设置，但已设置 ${name} (required with ${name})`]
      : []
  return [
    ...(set.AUTH === 'jeecgboot' && set.JEECGBOOT_URL === undefined
      ? ['JEECGBOOT_URL: 未设置，AUTH=jeecgboot 时必填 (required with AUTH=jeecgboot)']
      : []),
    ...needs('WECHAT_PUSH_AES_KEY', 'WECHAT_PUSH_TOKEN'),
    ...needs('WEBHOOK_URL', 'WEBHOOK_SECRET'),
    ...needs('WEBHOOK_SECRET', 'WEBHOOK_URL'),
  ]
}

function templateOf(
  { values, inDoubt, ...template }: TemplateSetting,
  inDoubtPolicy: DeliveryTemplate['inDoubt'],
): DeliveryTemplate {
  const facts: [string, Fact][] = Object.entries(values ?? {}).flatMap(([key, fact]) =>
    isFact(fact) ? [[key, fact]] : [],
  )
  return {
    ...template,
    values: values ? Object.fromEntries(facts) : defaultValues[template.purpose],
    inDoubt: inDoubt ?? inDoubtPolicy,
  }
}

const withoutEmpty = (environment: NodeJS.ProcessEnv) =>
  Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()))

const databaseOf = ({ DATABASE_URL, DATA_DIR }: v.InferOutput<typeof DatabaseEnvironment>) =>
  DATABASE_URL === undefined ? { dir: DATA_DIR } : { url: DATABASE_URL }

const wordIssue = (issue: v.BaseIssue<unknown>) => `${v.getDotPath(issue)}: ${issue.message}`

function isSafeBase(text: string): boolean {
  if (!URL.canParse(text)) return true // said already
  const { protocol, hostname } = new URL(text)
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname))
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

import * as v from 'valibot'
import { isLoopback, isPlainOverNetwork } from './base-url.ts'
import { Environment, type TemplateSetting } from './config-environment.ts'
import type { DeliveryTemplate } from './domain/context.ts'
import { defaultValues, isFact, type Fact } from './wechat/templates.ts'

export interface Config {
  /** 0 takes any free one. */
  port: number
  host: string
  database: { url: string; poolSize?: number } | { dir: string }
  /** False: refuses to start on an older schema instead of bringing it up to date. */
  migrateOnStart: boolean
  /** Where the built back office is. */
  adminDir: string
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
  /** How long a stop may take. */
  shutdownMs: number
  logLevel: string
}

export type ConfigOutcome = { ok: true; config: Config } | { ok: false; errors: string[] }

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

const DatabaseEnvironment = v.pick(Environment, ['DATABASE_URL', 'DATA_DIR', 'DATABASE_POOL_SIZE'])

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
  errors.push(...missingPartners(set), ...sharedSecrets(set))
  if (!parsed.success || errors.length > 0) return { ok: false, errors }

  const env = parsed.output
  // where events arrive, silence means that WeChat never had it (docs/decisions/0013)
  const inDoubt = env.IN_DOUBT_POLICY ?? (env.WECHAT_PUSH_TOKEN === undefined ? 'give-up' : 'resend')
  return {
    ok: true,
    config: {
      port: env.PORT,
      host: env.HOST,
      database: databaseOf(env),
      migrateOnStart: env.MIGRATE_ON_START,
      adminDir: env.ADMIN_DIR,
      trial: env.TRIAL,
      adminToken: env.ADMIN_TOKEN,
      trustProxy: env.TRUST_PROXY,
      wechat: {
        baseUrl: env.WECHAT_API_BASE,
        appid: env.WECHAT_APPID,
        secret: env.WECHAT_SECRET,
        templates: env.WECHAT_TEMPLATES.map((setting) => templateOf(setting, inDoubt)),
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
      shutdownMs: env.SHUTDOWN_MS,
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
    ...(set.AUTH !== 'jeecgboot' && set.JEECGBOOT_URL !== undefined
      ? ['JEECGBOOT_URL: 已设置，但 AUTH 不是 jeecgboot，密码不会由它检查 (set without AUTH=jeecgboot)']
      : []),
    ...needs('WECHAT_PUSH_AES_KEY', 'WECHAT_PUSH_TOKEN'),
    ...needs('WEBHOOK_URL', 'WEBHOOK_SECRET'),
    ...needs('WEBHOOK_SECRET', 'WEBHOOK_URL'),
  ]
}

const secretNames = ['ADMIN_TOKEN', 'WECHAT_SECRET', 'INTEGRATION_SECRET', 'WEBHOOK_SECRET'] as const

/** Each of these is known to somebody else: with one in two places, who may do one thing could do the other. */
function sharedSecrets(set: Record<string, string | undefined>): string[] {
  return secretNames.flatMap((name, n) => {
    const same = secretNames.slice(0, n).find((other) => set[name] !== undefined && set[name] === set[other])
    return same ? [`${name}: 不能和 ${same} 相同 (must differ from ${same})`] : []
  })
}

/** What is allowed and yet worth a line at every start. */
export function configWarnings({ auth, host, trustProxy }: Config): string[] {
  return [
    ...(auth.kind === 'jeecgboot' && isPlainOverNetwork(auth.baseUrl)
      ? [
          'JEECGBOOT_URL: 密码以明文经过网络，只在可信的内网里这样用 (passwords cross the network in plain text)',
        ]
      : []),
    ...(trustProxy && !isLoopback(host)
      ? ['TRUST_PROXY: 服务对外监听，要保证只有反向代理能连到它 (only the proxy may reach this port)']
      : []),
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

const databaseOf = (env: v.InferOutput<typeof DatabaseEnvironment>): Config['database'] =>
  env.DATABASE_URL === undefined
    ? { dir: env.DATA_DIR }
    : { url: env.DATABASE_URL, poolSize: env.DATABASE_POOL_SIZE }

const wordIssue = (issue: v.BaseIssue<unknown>) => `${v.getDotPath(issue)}: ${issue.message}`

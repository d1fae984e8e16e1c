import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { jsonMistake } from '../package/json-place.ts'
import type { PushTarget } from '../cloud/push/target.ts'
import { platforms, type Platform } from '../profiles.ts'
import type { EmulatorOptions } from './options.ts'
import { StartError } from './start-error.ts'

export const usage = `leadbell-emulator <dist> [选项 options]

  <dist>             构建好的小程序文件夹 (the built mini-program)，如 dist/build/mp-weixin；
                     原生的是 app.json 或 project.config.json 所在的 (native: the one with either)
  --port <n>         端口 (port)，默认 5300，0 为任意空闲端口
  --appid <wx…>      小程序 appid
  --secret-env <名>  从这个环境变量读 AppSecret (the environment variable that holds it)
  --push-token-env <名>    从这个环境变量读消息推送的 Token (of the event pushes; where to is \`push\` in the config)
  --push-aes-key-env <名>  同上，EncodingAESKey
  --platform <名>    手机上是谁的微信 (whose WeChat)：${platforms.join('、')}
  --config <文件>    JSON 配置 (JSON file)：port, appid, templates, accounts, profile, push, latencyMs, keepSends, requestDomains, networkDelays, deskActions, beside, icon, envVersion, version, platform, clientProfile, privacy, stateFile
  --help             这些说明 (this text)`

export type CommandLine = { kind: 'help' } | { kind: 'start'; options: EmulatorOptions }

/** What the config file may say. Secrets are not among it: they come from the environment. */
const configKeys = [
  'port',
  'appid',
  'templates',
  'accounts',
  'profile',
  'push',
  'latencyMs',
  'keepSends',
  'requestDomains',
  'networkDelays',
  'deskActions',
  'beside',
  'icon',
  'envVersion',
  'version',
  'platform',
  'clientProfile',
  'privacy',
  'stateFile',
] as const

/** The command line over the config file over the defaults. @throws StartError */
export function readCommandLine(args: readonly string[], env: NodeJS.ProcessEnv): CommandLine {
  const { values, positionals } = parse(args)
  if (values.help) return { kind: 'help' }
  const [dist, ...more] = positionals
  if (dist === undefined || more.length > 0)
    throw new StartError(`要有且只有一个文件夹 (exactly one folder)：leadbell-emulator dist/build/mp-weixin`)
  const options: EmulatorOptions = {
    ...(values.config === undefined ? {} : readConfig(values.config)),
    dist,
    ...(values.port !== undefined && { port: portOf(values.port) }),
    ...(values.appid !== undefined && { appid: values.appid }),
    ...(values.platform !== undefined && { platform: platformOf(values.platform) }),
  }
  const secret = secretIn(env, values['secret-env'])
  const token = secretIn(env, values['push-token-env'])
  const aesKey = secretIn(env, values['push-aes-key-env'])
  const push = withSecrets(options.push, { ...(token && { token }), ...(aesKey && { aesKey }) })
  return { kind: 'start', options: { ...options, ...(secret && { secret }), ...(push && { push }) } }
}

/** Undefined: no variable was named. */
function secretIn(env: NodeJS.ProcessEnv, name: string | undefined): string | undefined {
  if (name === undefined) return undefined
  const secret = env[name]
  if (!secret) throw new StartError(`环境变量 ${name} 没有设置 (not set)`)
  return secret
}

function withSecrets(
  push: PushTarget | undefined,
  secrets: Pick<Partial<PushTarget>, 'token' | 'aesKey'>,
): PushTarget | undefined {
  if (push === undefined && Object.keys(secrets).length > 0)
    throw new StartError('配置文件里没有 push：推送到哪里？ (push is not in the config file)')
  if (typeof push !== 'object' || push === null) return push
  if ('token' in push || 'aesKey' in push)
    throw new StartError(
      'push 的 token 和 aesKey 不写在文件里，用 --push-token-env、--push-aes-key-env (from the environment)',
    )
  return { ...(push as PushTarget), ...secrets }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        appid: { type: 'string' },
        platform: { type: 'string' },
        'secret-env': { type: 'string' },
        'push-token-env': { type: 'string' },
        'push-aes-key-env': { type: 'string' },
        config: { type: 'string' },
        help: { type: 'boolean' },
      },
    })
  } catch (error) {
    throw new StartError(`参数不对 (bad arguments)：${(error as Error).message.split('.')[0]}。--help 看用法`)
  }
}

function portOf(text: string): number {
  if (!/^\d+$/.test(text)) throw new StartError(`--port ${text} 不是端口号 (not a port)`)
  return Number(text)
}

function platformOf(text: string): Platform {
  const found = platforms.find((platform) => platform === text)
  if (!found)
    throw new StartError(`--platform ${text} 应当是 ${platforms.join('、')} 之一 (must be one of them)`)
  return found
}

function readConfig(file: string): Partial<EmulatorOptions> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new StartError(`读不了配置文件 ${file} (cannot read): ${(error as NodeJS.ErrnoException).code}`)
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    const { line, column } = jsonMistake(text) ?? { line: 1, column: 1 }
    throw new StartError(`配置文件 ${file}:${line}:${column} 不是正确的 JSON (broken JSON)`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new StartError(`配置文件 ${file} 应当是一个 JSON 对象 (must be an object)`)
  const unknown = Object.keys(value).find((key) => !configKeys.includes(key as (typeof configKeys)[number]))
  if (unknown !== undefined)
    throw new StartError(`配置文件 ${file} 里的 ${unknown} 不认识 (unknown)，可用：${configKeys.join('、')}`)
  // the values are checked where all options are: checkOptions
  return value as Partial<EmulatorOptions>
}

import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { jsonMistake } from '../package/json-place.ts'
import { StartError, type EmulatorOptions } from './options.ts'

export const usage = `leadbell-emulator <dist> [选项 options]

  <dist>             构建好的小程序文件夹 (the built mini-program)，如 dist/build/mp-weixin
  --port <n>         端口 (port)，默认 5300，0 为任意空闲端口
  --appid <wx…>      小程序 appid
  --secret-env <名>  从这个环境变量读 AppSecret (the environment variable that holds it)
  --config <文件>    JSON 配置 (JSON file)：port, appid, templates, accounts, profile, requestDomains, deskActions, envVersion, version, privacy, stateFile
  --help             这些说明 (this text)`

export type CommandLine = { kind: 'help' } | { kind: 'start'; options: EmulatorOptions }

/** What the config file may say. The secret is not among it: it comes from the environment. */
const configKeys = [
  'port',
  'appid',
  'templates',
  'accounts',
  'profile',
  'requestDomains',
  'deskActions',
  'envVersion',
  'version',
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
  }
  const name = values['secret-env']
  if (name === undefined) return { kind: 'start', options }
  const secret = env[name]
  if (!secret) throw new StartError(`环境变量 ${name} 没有设置 (not set)`)
  return { kind: 'start', options: { ...options, secret } }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        appid: { type: 'string' },
        'secret-env': { type: 'string' },
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

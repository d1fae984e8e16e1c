import { fork } from 'node:child_process'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { demoAccounts, demoAppid, demoTemplates } from '../cloud/demo.ts'
import type { Cloud } from '../cloud/cloud.ts'
import { startEmulator, StartError, type EmulatorOptions } from '../index.ts'
import { newPhone } from '../phone-settings.ts'
import { folderOf, smallProgram } from '../testing/folders.ts'
import { eventually } from '../testing/eventually.ts'
import { testEmulator } from '../testing/emulator.ts'
import { readCommandLine } from './config.ts'

const openid = demoAccounts[0]?.openid ?? ''
const templateId = demoTemplates[0]?.priTmplId ?? ''
const command = resolve(import.meta.dirname, '../../bin/leadbell-emulator.mjs')

/** A port that somebody listens on. */
async function busyPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

function run(args: string[], env: Record<string, string> = {}) {
  const child = fork(command, args, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
    env: { ...process.env, ...env },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const exit = new Promise<number | null>((ended) => child.once('exit', (code) => ended(code)))
  const ready = new Promise<unknown>((said) => child.once('message', said))
  return { child, exit, ready, output: () => output }
}

describe('leadbell-emulator', () => {
  it('tells its parent where it is, answers there, and Ctrl-C ends it', async () => {
    const { child, exit, ready, output } = run([folderOf(smallProgram), '--port', '0'])
    const { kind, url } = (await ready) as { kind: string; url: string }
    expect(kind).toBe('ready')
    expect((await fetch(`${url}/package.js`)).status).toBe(200)
    // a phone that listens must not keep it alive
    const listening = await fetch(`${url}/__phone/events?openid=${openid}`)
    child.kill('SIGINT')
    expect(await exit).toBe(0)
    expect(output()).toContain(`打开 (open): ${url}`)
    await listening.body?.cancel().catch(() => undefined)
  })

  it.each([
    ['a missing folder', () => ['/nowhere/dist'], /先运行 npm run build:mp-weixin/],
    ['no folder', () => [], /要有且只有一个文件夹/],
    [
      'a port in use',
      async () => [folderOf(smallProgram), '--port', String(await busyPort())],
      /端口 \d+ 被占用/,
    ],
    ['broken JSON', () => withConfig('{\n  "port": 1,\n  oops\n}'), /emulator\.json:3:3 不是正确的 JSON/],
    ['an unknown setting', () => withConfig('{"prot": 1}'), /里的 prot 不认识/],
    [
      'no config file',
      () => [folderOf(smallProgram), '--config', '/nowhere.json'],
      /读不了配置文件 \/nowhere\.json/,
    ],
    ['a bad option', () => [folderOf(smallProgram), '--fast'], /参数不对/],
    [
      'an empty secret',
      () => [folderOf(smallProgram), '--secret-env', 'NOT_SET_ANYWHERE'],
      /NOT_SET_ANYWHERE 没有设置/,
    ],
  ])('%s: one line that says what to do, and exit code 1', async (_, args, line) => {
    const { exit, output } = run(await args())
    expect(await exit).toBe(1)
    expect(output()).toMatch(line)
    expect(output().trimEnd().split('\n')).toHaveLength(1)
  })

  it('says what is wrong with the mini-program and starts all the same', async () => {
    const dist = folderOf({ ...smallProgram, 'pages/login/login.wxml': '<view' })
    const { ready, output } = run([dist, '--port', '0'])
    await ready
    await eventually(output).toMatch(/✗ pages\/login\/login\.wxml:1:1: /)
  })

  it('a warning has another sign than an error: it keeps nothing from running', async () => {
    const dist = folderOf({ ...smallProgram, 'pages/login/login.wxml': '<view wx:else>x</view>' })
    const { ready, output } = run([dist, '--port', '0'])
    await ready
    await eventually(output).toMatch(/! pages\/login\/login\.wxml:1:\d+: /)
    expect(output()).not.toContain('✗')
  })

  it('serves the pictures of the program in a project’s miniprogramRoot', async () => {
    const files = Object.entries(smallProgram).map(([file, text]) => [`client/${file}`, text] as const)
    const emulator = await testEmulator({
      dist: folderOf({
        ...Object.fromEntries(files),
        'client/a.png': 'png',
        'project.config.json': '{"miniprogramRoot":"client"}',
      }),
    })
    expect(emulator.problems()).toEqual([])
    expect(await (await fetch(`${emulator.url}/app/a.png`)).text()).toBe('png')
  })
})

function withConfig(text: string): string[] {
  const dist = folderOf(smallProgram)
  const file = join(folderOf({}), 'emulator.json')
  writeFileSync(file, text)
  return [dist, '--config', file]
}

describe('settings', () => {
  it('the command line goes over the config file; the secret comes from the environment', () => {
    const args = withConfig('{"port": 1, "appid": "wx1111111111111111", "requestDomains": ["https://a.cn"]}')
    const read = readCommandLine([...args, '--port', '2', '--secret-env', 'S'], { S: 'hush' })
    expect(read).toMatchObject({
      kind: 'start',
      options: { port: 2, appid: 'wx1111111111111111', requestDomains: ['https://a.cn'], secret: 'hush' },
    })
    expect(readCommandLine(['--help'], {})).toEqual({ kind: 'help' })
  })

  it('whose WeChat it is: on the command line, over the config file; an unknown one is named', () => {
    const args = withConfig('{"platform": "ios15", "clientProfile": {"keptAtTopLevel": true}}')
    const clientProfile = { keptAtTopLevel: true }
    expect(readCommandLine(args, {})).toMatchObject({ options: { platform: 'ios15', clientProfile } })
    expect(readCommandLine([...args, '--platform', 'android'], {})).toMatchObject({
      options: { platform: 'android', clientProfile },
    })
    expect(() => readCommandLine([...args, '--platform', 'nokia'], {})).toThrow(
      /--platform nokia 应当是 strict、android/,
    )
  })

  it('every phone runs it, one whose account says otherwise does not, and it goes over what a file remembers', async () => {
    const stateFile = join(folderOf({}), 'wechat.json')
    const accounts = demoAccounts.map((account, at) =>
      at === 1 ? { ...account, platform: 'ios' as const } : account,
    )
    const platformsOf = (emulator: { cloud: Cloud }) =>
      emulator.cloud.phone.all().map(({ platform }) => platform)
    const first = await testEmulator({ accounts, stateFile })
    expect(platformsOf(first)).toEqual(['strict', 'ios'])
    first.setPhone({ platform: 'windows' })
    await first.close()
    const second = await testEmulator({ accounts, stateFile })
    expect(platformsOf(second)).toEqual(['windows', 'ios'])
    await second.close()
    const third = await testEmulator({ accounts, stateFile, platform: 'android' })
    expect(platformsOf(third)).toEqual(['android', 'ios'])
    third.cloud.reset()
    expect(platformsOf(third)).toEqual(['android', 'ios'])
  })

  it('where events are pushed is in the config file, their token and key in the environment', () => {
    const push = { url: 'http://127.0.0.1:9/', mode: 'encrypted', format: 'json' }
    const env = { T: 'pushToken', K: 'k'.repeat(43) }
    const named = ['--push-token-env', 'T', '--push-aes-key-env', 'K']
    expect(readCommandLine([...withConfig(JSON.stringify({ push })), ...named], env)).toMatchObject({
      options: { push: { ...push, token: env.T, aesKey: env.K } },
    })
    const inTheFile = withConfig(JSON.stringify({ push: { ...push, token: 'pushToken' } }))
    expect(() => readCommandLine(inTheFile, env)).toThrow(/--push-token-env/)
    expect(() => readCommandLine([...withConfig('{}'), ...named], env)).toThrow(/没有 push/)
    expect(() => readCommandLine([...withConfig(JSON.stringify({ push })), ...named], {})).toThrow(
      /T 没有设置/,
    )
  })

  const template = { priTmplId: 'T', title: 't', content: '{{thing1.DATA}}', example: '', type: 2 as const }
  const action = { name: 'a', label: 'a', method: 'POST' as const, url: 'http://127.0.0.1:1' }
  it.each<[string, Partial<EmulatorOptions>]>([
    ['port', { port: 70000 }],
    ['appid', { appid: 'wx1' }],
    ['secret', { secret: '' }],
    ['accounts', { accounts: [] }],
    ['openid', { accounts: [{ openid: 'a b', nickname: '' }] }],
    ['两次', { accounts: [...demoAccounts, ...demoAccounts] }],
    ['content', { templates: [{ ...template, content: 'no keys' }] }],
    ['type', { templates: [{ ...template, type: 4 as 2 }] }],
    ['两次', { templates: [template, template] }],
    // as a JSON file may have them
    ['accounts', { accounts: 3 as unknown as [] }],
    ['templates', { templates: ['T'] as unknown as [] }],
    ['openid', { accounts: [{}] as unknown as [] }],
    ['requestDomains', { requestDomains: [1] as unknown as [] }],
    ['profile', { profile: { maxTemplates: 4 as 3 } }],
    ['silentPopupEvent', { profile: { silentPopupEvent: 'some' as 'none' } }],
    ['push', { push: { url: 'https://a.cn', token: 'abc', mode: 'plain', format: 'json' } }],
    ['speed', { profile: { speed: 1 } as object }],
    ['stateFile', { stateFile: 7 as unknown as string }],
    ['requestDomains', { requestDomains: ['https://a.cn/path'] }],
    ['deskActions', { deskActions: [{ ...action, name: '../x' }] }],
    ['url', { deskActions: [{ ...action, url: 'nowhere' }] }],
    ['envVersion', { envVersion: 'formal' as 'release' }],
    ['version', { version: '' }],
    ['icon', { icon: 'missing.png' }],
    ['icon', { icon: import.meta.filename }],
    ['beside', { beside: { title: '后台', url: 'javascript:1' } }],
    ['declares', { privacy: { declares: ['login' as 'setClipboardData'] } }],
    ['needsConsent', { privacy: { needsConsent: 'no' as unknown as boolean } }],
    ['platform', { platform: 'nokia' as 'ios' }],
    ['platform', { accounts: [{ openid: 'oSomebody1', nickname: '', platform: 'nokia' as 'ios' }] }],
    ['microtasks', { clientProfile: { microtasks: 'some' as 'kept' } }],
    ['speed', { clientProfile: { speed: 1 } as object }],
    ['device', { clientProfile: { device: { model: 'x' } as never } }],
    ['clientProfile', { clientProfile: [] as object }],
    ['contract', { privacy: { contract: 'mine' } as object }],
  ])('a bad %s is refused with a line that names it', async (word, options) => {
    const starting = startEmulator({ dist: folderOf(smallProgram), port: 0, ...options })
    await expect(starting).rejects.toThrow(StartError)
    await expect(starting).rejects.toThrow(word)
  })

  it('the appid is the built one; another one is used and said', async () => {
    const config = JSON.stringify({ appid: 'wx3333333333333333' })
    const dist = folderOf({ ...smallProgram, 'project.config.json': config })
    expect((await testEmulator({ dist })).cloud.appid).toBe('wx3333333333333333')
    const lines: string[] = []
    const other = await testEmulator({
      dist,
      appid: 'wx2222222222222222',
      onProblem: (line) => lines.push(line),
    })
    expect(other.cloud.appid).toBe('wx2222222222222222')
    expect(lines).toEqual([expect.stringContaining('appids differ')])
    const tourist = folderOf({ ...smallProgram, 'project.config.json': '{"appid":"touristappid"}' })
    expect((await testEmulator({ dist: tourist })).cloud.appid).toBe(demoAppid)
  })
})

describe('what WeChat remembers', () => {
  it('grants, kept choices, messages and tokens survive a restart when there is a file for them', async () => {
    const stateFile = join(folderOf({}), 'deep/wechat.json')
    const first = await testEmulator({ stateFile })
    await first.post('/__phone/subscribe/open', { openid, tmplIds: [templateId] })
    const decisions = { [templateId]: 'accept' }
    await first.post('/__phone/subscribe/close', { openid, settled: {}, decisions, keep: true })
    await first.close()
    expect(statSync(stateFile).mode & 0o777).toBe(0o600)

    const second = await testEmulator({ stateFile })
    expect(second.quota()).toEqual({ [templateId]: 1 })
    const { json } = await second.post('/__phone/subscribe/open', { openid, tmplIds: [templateId] })
    expect(json).toEqual({ kind: 'silent', results: { [templateId]: 'accept' } })
    // written while it runs, not only at the end
    await eventually(() => readFileSync(stateFile, 'utf8')).toContain(`"grants":{"${templateId}":2}`)
    expect(existsSync(`${stateFile}.new`)).toBe(false)
  })

  it('the privacy consent and the phone’s own settings survive it too; an older file lacks them and is good', async () => {
    const stateFile = join(folderOf({}), 'wechat.json')
    const first = await testEmulator({ stateFile })
    first.setPhone({ privacyConsent: true, notifications: 'denied' })
    await first.close()
    const second = await testEmulator({ stateFile })
    expect(second.cloud.phone.state(openid)).toMatchObject({ privacyConsent: true, notifications: 'denied' })
    await second.close()
    const saved = (
      JSON.parse(readFileSync(stateFile, 'utf8')) as { cloud: { users: Record<string, object> } }
    ).cloud
    for (const user of Object.values(saved.users))
      for (const name of ['privacyConsent', 'notifications', 'weakNetwork'])
        Reflect.deleteProperty(user, name)
    writeFileSync(stateFile, JSON.stringify(saved))
    const third = await testEmulator({ stateFile })
    expect(third.cloud.phone.state(openid)).toMatchObject(newPhone)
  })

  it('without a file nothing is written and nothing survives; a broken file is named', async () => {
    const broken = join(folderOf({ 'wechat.json': '{' }), 'wechat.json')
    await expect(testEmulator({ stateFile: broken })).rejects.toThrow(/wechat\.json 坏了/)
    const impossible = join(broken, 'inside-a-file.json')
    await expect(testEmulator({ stateFile: impossible })).rejects.toThrow(StartError)
    const first = await testEmulator()
    first.setMainSwitch(false)
    await first.close()
    expect((await testEmulator()).cloud.phone.readSettings(openid).mainSwitch).toBe(true)
  })
})

import { fork } from 'node:child_process'
import { resolve } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { demoAppid, demoSecret, demoTemplates } from '../cloud/demo.ts'
import { accountNumber, startCloud, type CloudServerOptions } from './start-cloud.ts'
import { StartError } from './start-error.ts'

const templateId = demoTemplates[0]?.priTmplId ?? ''
const first = accountNumber(1).openid

function client(url: string) {
  const post = async (path: string, body: unknown = {}) => {
    const response = await fetch(url + path, { method: 'POST', body: JSON.stringify(body) })
    const text = await response.text()
    return { status: response.status, json: text === '' ? undefined : (JSON.parse(text) as unknown) }
  }
  const get = async (path: string) => {
    const response = await fetch(url + path)
    return { status: response.status, json: (await response.json()) as unknown }
  }
  const token = async () => {
    const credentials = { appid: demoAppid, secret: demoSecret, grant_type: 'client_credential' }
    return ((await post('/cgi-bin/stable_token', credentials)).json as { access_token: string }).access_token
  }
  const send = async (page: string, touser = first) =>
    (
      await post(`/cgi-bin/message/subscribe/send?access_token=${await token()}`, {
        ...{ touser, template_id: templateId, page },
        data: { thing1: { value: 'a' }, time2: { value: '9:42' }, phrase3: { value: '待' } },
      })
    ).json as { errcode: number }
  return { post, get, token, send }
}

async function started(options: CloudServerOptions = {}) {
  const running = await startCloud({ port: 0, ...options })
  onTestFinished(() => running.close())
  return { ...running, ...client(running.url) }
}

describe('the cloud alone', () => {
  it('answers the public calls without a mini-program; any page is one', async () => {
    const { cloud, send, get } = await started({ accounts: 3 })
    cloud.grant(first, templateId)
    expect(await send('pages/anything/at-all?x=1')).toMatchObject({ errcode: 0 })
    expect((await get('/phone')).status).toBe(404)
  })

  it('knows only the pages that it is told', async () => {
    const { cloud, send } = await started({ accounts: 1, hasPage: (path) => path === 'pages/a' })
    cloud.grant(first, templateId)
    expect(await send('pages/b')).toMatchObject({ errcode: 41030 })
  })

  it('a backend can be led from login to send by HTTP alone', async () => {
    const { post, get, send } = await started({ accounts: 2, keepSends: true })
    const { code } = (await post('/__phone/login', { openid: first })).json as { code: string }
    const query = new URLSearchParams({
      ...{ appid: demoAppid, secret: demoSecret, js_code: code },
      grant_type: 'authorization_code',
    }).toString()
    expect((await get(`/sns/jscode2session?${query}`)).json).toMatchObject({ openid: first })
    expect((await post('/__desk/grants', { templateId, n: 2 })).status).toBe(204)
    await post('/__desk/grants', { templateId, openid: first })
    expect((await get('/__desk/quota')).json).toEqual({
      [first]: { [templateId]: 3 },
      [accountNumber(2).openid]: { [templateId]: 2 },
    })
    expect((await post(`/__desk/quota/${first}`, { templateId, n: 2 })).json).toEqual({ [templateId]: 2 })
    await send('pages/a')
    await send('pages/b')
    expect((await get('/__desk/sends?after=1')).json).toMatchObject([
      { openid: first, templateId, page: 'pages/b', data: { phrase3: '待' }, arrived: true },
    ])
  })

  it('tokens are revoked and the latency is set by HTTP', async () => {
    const { post, get, token } = await started()
    const before = await token()
    expect((await post('/__desk/tokens/revoke')).status).toBe(204)
    expect((await get(`/wxaapi/newtmpl/gettemplate?access_token=${before}`)).json).toMatchObject({
      errcode: 40001,
    })
    expect((await post('/__desk/latency', { ms: [0, 1] })).status).toBe(204)
    expect(await token()).not.toBe(before)
  })

  it.each([
    ['/__desk/grants', { templateId: 'nope' }],
    ['/__desk/grants', { templateId, n: 0.5 }],
    [`/__desk/quota/${first}`, { templateId, by: 0.5 }],
    [`/__desk/quota/${first}`, { templateId, n: 1, by: 1 }],
    [`/__desk/quota/${first}`, { templateId }],
    ['/__desk/latency', { ms: -1 }],
  ])('%s %j is refused with 400', async (path, body) => {
    const { post, get } = await started({ accounts: 1 })
    expect((await post(path, body)).status).toBe(400)
    expect((await get('/__desk/sends')).status).toBe(400)
  })

  it.each<[string, CloudServerOptions]>([
    ['accounts', { accounts: 0 }],
    ['latencyMs', { latencyMs: -1 }],
    ['keepSends', { keepSends: 'yes' as unknown as boolean }],
    ['concurrentSends', { profile: { concurrentSends: 'no' as 'refused' } }],
    ['push', { push: {} as NonNullable<CloudServerOptions['push']> }],
  ])('a bad %s is refused with a line that names it', async (word, options) => {
    const starting = startCloud({ port: 0, ...options })
    await expect(starting).rejects.toThrow(StartError)
    await expect(starting).rejects.toThrow(word)
  })
})

describe('as a process of its own', () => {
  const run = (args: string[], env: Record<string, string> = {}) => {
    const child = fork(resolve(import.meta.dirname, 'cloud-main.ts'), args, {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: ['--import', 'tsx'],
      env: { ...process.env, ...env },
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString()))
    const exit = new Promise<number | null>((ended) => child.once('exit', ended))
    const ready = new Promise<unknown>((said) => child.once('message', said))
    return { child, exit, ready, output: () => output }
  }

  it('tells its address to parent and stdout, serves there, and ends with its parent', async () => {
    const { child, exit, ready, output } = run(['{"accounts":2000}'])
    const { url } = (await ready) as { url: string }
    const { get } = client(url)
    expect((await get('/__desk/phones')).json).toHaveLength(2000)
    child.disconnect()
    expect(await exit).toBe(0)
    expect(JSON.parse(output())).toMatchObject({ kind: 'ready', url })
  })

  it('reads the environment where there is no argument; bad options are one line and exit code 1', async () => {
    const { exit, output } = run([], { EMULATED_CLOUD: '{"accounts":0}' })
    expect(await exit).toBe(1)
    expect(output()).toMatch(/^✗ accounts .*\n$/)
  })
})

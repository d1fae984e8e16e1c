import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createWechatClient, type SubscribeMessage } from './client.ts'
import { wechatCodes } from './codes.ts'

const servers: Server[] = []
const sockets: Socket[] = []
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
  for (const server of servers.splice(0)) server.close()
})

/** A bare socket that does with a request what `act` says. */
async function listening(act: (socket: Socket, request: string) => void): Promise<string> {
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => undefined)
    socket.once('data', (chunk) => act(socket, chunk.toString()))
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function closedPort(): Promise<string> {
  const url = await listening(() => undefined)
  const server = servers.pop()
  await new Promise((resolve) => server?.close(resolve))
  return url
}

const answering = (body: string, head = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain') =>
  listening((socket) => socket.end(`${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`))

const clientOf = (baseUrl: string) =>
  createWechatClient({
    baseUrl,
    appid: 'wx1',
    secret: 's',
    loginTimeoutMs: 200,
    tokenTimeoutMs: 200,
    sendTimeoutMs: 200,
  })
const message: SubscribeMessage = {
  touser: 'o',
  template_id: 't',
  page: 'p',
  miniprogram_state: 'formal',
  lang: 'zh_CN',
  data: {},
}

describe('a send', () => {
  it('that could not connect was certainly not sent: later again', async () => {
    expect(await clientOf(await closedPort()).send('token', message)).toMatchObject({
      kind: 'retryLater',
      errcode: null,
    })
  })

  it.each<[string, (socket: Socket) => void]>([
    ['is never answered', () => undefined],
    ['is cut off before the answer', (socket) => void socket.destroy()],
    ['is reset', (socket) => void socket.resetAndDestroy()],
    [
      'is cut off within the answer',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"errcode":0'),
    ],
    ['is answered with something else', (socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')],
  ])('that %s may have been sent', async (_what, act) => {
    const url = await listening((socket) => act(socket))
    expect(await clientOf(url).send('token', message)).toMatchObject({ kind: 'unanswered' })
  })

  it.each([
    ['HTML', '<html>502</html>', 'HTTP/1.1 502 Bad Gateway'],
    ['nothing', '', 'HTTP/1.1 200 OK'],
    ['JSON of someone else', '{"errcode":"no"}', 'HTTP/1.1 200 OK'],
    ['a number', '42', 'HTTP/1.1 200 OK'],
    ['two megabytes', 'x'.repeat(2_000_000), 'HTTP/1.1 200 OK'],
  ])('answered with %s may have been sent', async (_what, body, head) => {
    expect(await clientOf(await answering(body, head)).send('token', message)).toMatchObject({
      kind: 'unanswered',
    })
  })

  it.each([
    ['{"errcode":0,"errmsg":"ok","msgid":2097683633284153344}', '2097683633284153344'],
    ['{"errcode": 0, "msgid" : 9007199254740993}', '9007199254740993'],
    ['{"errcode":0,"msgid":"text already"}', 'text already'],
    ['{"errcode":0,"errmsg":"ok"}', null],
  ])('reads the msgid of %s to the last digit', async (body, msgid) => {
    expect(await clientOf(await answering(body)).send('token', message)).toEqual({ kind: 'sent', msgid })
  })

  it('puts the token into the query and the message into the body', async () => {
    let seen = ''
    const url = await listening((socket, request) => {
      seen = request
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{"errcode":0}')
    })
    await clientOf(`${url}/`).send('a token', message)
    expect(seen).toMatch(/^POST \/cgi-bin\/message\/subscribe\/send\?access_token=a\+token HTTP\/1\.1\r\n/)
    expect(JSON.parse(seen.slice(seen.indexOf('\r\n\r\n')))).toEqual(message)
  })
})

describe('a code', () => {
  it.each([
    ['{"openid":"o1","session_key":"k"}', { kind: 'identified', openid: 'o1', unionid: null }],
    ['{"errcode":0,"openid":"o1","unionid":"u1"}', { kind: 'identified', openid: 'o1', unionid: 'u1' }],
    [
      '{"errcode":40226,"errmsg":"code blocked"}',
      { kind: 'highRisk', errcode: 40226, errmsg: 'code blocked' },
    ],
    ['{}', { kind: 'unreachable', why: 'an answer without openid' }],
  ])('answered with %s', async (body, outcome) => {
    expect(await clientOf(await answering(body)).code2Session('c')).toEqual(outcome)
  })

  it('with nobody to ask is unreachable, within the time allowed', async () => {
    const started = performance.now()
    expect(await clientOf(await listening(() => undefined)).code2Session('c')).toMatchObject({
      kind: 'unreachable',
    })
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

describe('a token', () => {
  it.each([
    ['{"access_token":"t","expires_in":7200}', { kind: 'token', token: 't', expiresInSeconds: 7200 }],
    [
      '{"errcode":40164,"errmsg":"invalid ip"}',
      { kind: 'configBroken', errcode: 40164, errmsg: 'invalid ip' },
    ],
    ['{"errcode":-1,"errmsg":"busy"}', { kind: 'retryLater', errcode: -1, errmsg: 'busy' }],
    ['{"access_token":""}', { kind: 'retryLater', errcode: 0, errmsg: 'an answer without access_token' }],
  ])('answered with %s', async (body, outcome) => {
    expect(await clientOf(await answering(body)).stableToken(false)).toEqual(outcome)
  })
})

describe('the list of templates', () => {
  const template = { priTmplId: 'T', title: '提醒', content: '{{thing1.DATA}}', example: '', type: 2 }

  it('is read with its enum values, and without', async () => {
    const keywordEnumValueList = [{ keywordCode: 'enum_string2.DATA', enumValueList: ['客厅'] }]
    const data = [template, { ...template, keywordEnumValueList }]
    const outcome = await clientOf(
      await answering(JSON.stringify({ errcode: 0, errmsg: 'ok', data })),
    ).getTemplates('t')
    const { example: _example, ...read } = template
    expect(outcome).toEqual({ kind: 'templates', templates: [read, { ...read, keywordEnumValueList }] })
  })

  it('is asked for with the token in the query', async () => {
    let seen = ''
    const url = await listening((socket, request) => {
      seen = request
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{"data":[]}')
    })
    expect(await clientOf(url).getTemplates('a token')).toEqual({ kind: 'templates', templates: [] })
    expect(seen).toMatch(/^GET \/wxaapi\/newtmpl\/gettemplate\?access_token=a\+token HTTP\/1\.1\r\n/)
  })

  it.each(['{"errcode":0}', '{"data":{}}', '{"data":[{"priTmplId":1}]}', '<html>', ''])(
    'answered with %j is for later',
    async (body) => {
      expect(await clientOf(await answering(body)).getTemplates('t')).toMatchObject({ kind: 'retryLater' })
    },
  )

  it('with nobody to ask is for later', async () => {
    expect(await clientOf(await closedPort()).getTemplates('t')).toMatchObject({
      kind: 'retryLater',
      errcode: null,
    })
  })
})

describe('a code of WeChat’s', () => {
  const call = {
    code2Session: (url: string) => clientOf(url).code2Session('c'),
    token: (url: string) => clientOf(url).stableToken(false),
    send: (url: string) => clientOf(url).send('t', message),
    gettemplate: (url: string) => clientOf(url).getTemplates('t'),
  }
  const rows = Object.entries(wechatCodes).flatMap(([name, codes]) =>
    codes.map(({ errcode, outcome }) => [name as keyof typeof call, errcode, outcome] as const),
  )

  it.each(rows)('%s %i comes to %s', async (name, errcode, kind) => {
    const errmsg = 'as WeChat put it rid: 1-2-3'
    const url = await answering(JSON.stringify({ errcode, errmsg }))
    expect(await call[name](url)).toMatchObject({ kind, errcode, errmsg })
  })

  it.each(Object.keys(call) as (keyof typeof call)[])('%s 987654 is ours to mend', async (name) => {
    const url = await answering('{"errcode":987654,"errmsg":"new"}')
    expect(await call[name](url)).toEqual({ kind: 'configBroken', errcode: 987654, errmsg: 'new' })
  })

  it.each([
    [47003, 'argument invalid! data.thing1.value invalid rid: 1', 'thing1'],
    [47003, 'argument invalid! data.character_string12.value is empty rid: 1', 'character_string12'],
    [47003, 'argument invalid! data.time2.v i rid: 1', null],
    [47003, '', null],
    [45168, '命中敏感词', null],
  ])('send %i “%s” names the key %s', async (errcode, errmsg, key) => {
    const url = await answering(JSON.stringify({ errcode, errmsg }))
    expect(await call.send(url)).toEqual({ kind: 'contentRefused', errcode, errmsg, key })
  })

  it.each([
    [-1, 2],
    [45011, 1],
    [40029, 1],
  ])('code2Session %i is asked %i times', async (errcode, times) => {
    let asked = 0
    const body = JSON.stringify({ errcode, errmsg: '' })
    const url = await listening((socket) => {
      asked++
      socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
    })
    expect(await call.code2Session(url)).toMatchObject({ errcode })
    expect(asked).toBe(times)
  })
})

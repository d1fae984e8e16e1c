import { createHmac } from 'node:crypto'
import { request } from 'node:http'
import { expect, it } from 'vitest'
import { demoAccounts, demoAppid, demoSecret, demoTemplates } from './demo.ts'
import { testEmulator } from '../testing/emulator.ts'

// what libraries and tutorials do to api.weixin.qq.com beyond its documentation

const openid = demoAccounts[0]?.openid ?? ''
const templateId = demoTemplates[0]?.priTmplId ?? ''
const SEND = '/cgi-bin/message/subscribe/send'

async function world() {
  const problems: string[] = []
  const emulator = await testEmulator({ onProblem: (line) => problems.push(line) })
  const token = await emulator.accessToken()
  const post = async (
    path: string,
    body?: RequestInit['body'],
    init: RequestInit & { duplex?: 'half' } = {},
  ) => {
    const url = `${emulator.url}${path}?access_token=${token}`
    const response = await fetch(url, { method: 'POST', ...(body === undefined ? {} : { body }), ...init })
    const answer = (await response.json()) as Record<string, unknown>
    return { ...answer, status: response.status, hint: answer.hint }
  }
  return { emulator, token, post, problems }
}

const message = (thing = '城东物流园') => ({
  touser: openid,
  template_id: templateId,
  data: { thing1: { value: thing }, time2: { value: '09:42' }, phrase3: { value: '待跟进' } },
})

it('H32 a login is answered as text/plain, everything else as JSON: clients that parse by it are in use', async () => {
  const { emulator } = await world()
  const typeOf = async (path: string) => (await fetch(emulator.url + path)).headers.get('content-type')
  expect(await typeOf('/sns/jscode2session')).toBe('text/plain')
  for (const path of ['/cgi-bin/token', SEND, '/wxaapi/newtmpl/gettemplate', '/wxa/unknown'])
    expect(await typeOf(path)).toBe('application/json; encoding=utf-8')
})

it('no body at all is 44002, whatever the content type', async () => {
  const { post, emulator } = await world()
  expect(await post(SEND)).toMatchObject({ status: 200, errcode: 44002 })
  expect(emulator.log()).toMatch(/subscribe\/send {2}44002 请求体是空的/)
})

it('a body above 1 MiB is 45002, in one piece or in chunks, and the log says so', async () => {
  const { post, emulator } = await world()
  const large = 'x'.repeat(1024 * 1024 + 1)
  const chunks = new ReadableStream({
    start(controller) {
      for (let n = 0; n < 40; n++) controller.enqueue(new Uint8Array(64 * 1024).fill(120))
      controller.close()
    },
  })
  expect(await post(SEND, large)).toMatchObject({ status: 200, errcode: 45002 })
  expect(await post(SEND, chunks, { duplex: 'half' })).toMatchObject({ status: 200, errcode: 45002 })
  expect(await post('/wxaapi/newtmpl/addtemplate', large)).toMatchObject({ errcode: 45002 })
  expect(emulator.log().match(/45002 请求体太大.*超过 1024 KiB/g)).toHaveLength(3)
})

it('a form where JSON is wanted is 47001, and the log says what is', async () => {
  const { post, emulator } = await world()
  expect(await post(SEND, new URLSearchParams({ touser: openid }))).toMatchObject({ errcode: 47001 })
  expect(emulator.log()).toMatch(/47001 请求体不是 JSON.*要一个 JSON 对象/)
})

it('JSON with \\u escapes, a byte order mark or any content type is read; GBK is 47003', async () => {
  const { post, emulator } = await world()
  emulator.cloud.setQuota(openid, templateId, 9)
  const whole = JSON.stringify(message())
  const escaped = whole.replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  for (const body of [whole, escaped, `\uFEFF${whole}`])
    expect(await post(SEND, body)).toMatchObject({ errcode: 0 })
  const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' } }
  expect(await post(SEND, whole, form)).toMatchObject({ errcode: 0 })
  const gbk = Buffer.concat(
    JSON.stringify(message('@'))
      .split('@')
      .flatMap((part, n) => (n === 0 ? [Buffer.from(part)] : [Buffer.from([0xb3, 0xc7]), Buffer.from(part)])),
  )
  expect(await post(SEND, gbk)).toMatchObject({ errcode: 47003 })
  expect(emulator.log()).toContain('thing1 不是 UTF-8')
})

it('a GET may have its parameters in a body, as the page of checksession has them', async () => {
  const { emulator, token } = await world()
  const js_code = emulator.cloud.phone.login(openid)
  const query = new URLSearchParams({
    ...{ appid: demoAppid, secret: demoSecret, js_code, grant_type: 'authorization_code' },
  })
  const session = await fetch(`${emulator.url}/sns/jscode2session?${query.toString()}`)
  const { session_key } = (await session.json()) as { session_key: string }
  const signature = createHmac('sha256', session_key).update('').digest('hex')
  const body = JSON.stringify({ openid, signature, sig_method: 'hmac_sha256' })
  const answer = await new Promise<string>((resolve, reject) => {
    const url = `${emulator.url}/wxa/checksession?access_token=${token}`
    const headers = { 'content-length': Buffer.byteLength(body) }
    const call = request(url, { method: 'GET', headers }, (response) => {
      let text = ''
      response.on('data', (part: Buffer) => (text += part.toString()))
      response.on('end', () => resolve(text))
    })
    call.on('error', reject)
    call.end(body)
  })
  expect(JSON.parse(answer)).toMatchObject({ errcode: 0 })
})

it.each([`/${SEND}`, `${SEND}/`, SEND.replace('message', '/message')])(
  'a slash too many, as in %s: 40066, and the hint is the right address',
  async (path) => {
    const { post, emulator, problems } = await world()
    const answer = await post(path, JSON.stringify(message()))
    expect(answer).toMatchObject({ status: 200, errcode: 40066 })
    expect(answer.hint).toContain(`网址里多了斜杠，应当是 POST ${SEND}`)
    expect(emulator.log()).toContain('网址里多了斜杠')
    expect(problems).toEqual([expect.stringContaining(`${path}，网址里多了斜杠`)])
  },
)

it('a token in the body is 41001, and the log says where it belongs', async () => {
  const { emulator, token } = await world()
  const body = { ...message(), access_token: token }
  expect((await emulator.post(SEND, body)).json).toMatchObject({ errcode: 41001 })
  expect(emulator.log()).toContain('access_token 要写在网址里')
  expect(emulator.log()).not.toContain(token)
})

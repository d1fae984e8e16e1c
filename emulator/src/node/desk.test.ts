import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { demoAccounts } from '../cloud/demo.ts'
import { testEmulator } from '../testing/emulator.ts'
import type { DeskActionConfig } from './desk-actions.ts'

const openid = demoAccounts[0]?.openid ?? ''

async function backOffice(answer: RequestListener): Promise<DeskActionConfig> {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return {
    name: 'assign',
    label: '分配一条线索',
    method: 'POST',
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/trial/assign`,
    headers: { authorization: 'Bearer secret-of-the-desk' },
    body: { to: { openid: '{{openid}}' }, note: 'for {{openid}}', count: 1 },
  }
}

const envelope =
  (status: number, code: number, message: string): RequestListener =>
  (_, response) =>
    void response.writeHead(status).end(JSON.stringify({ success: true, code, message, result: null }))

describe('the desk’s buttons', () => {
  it('the call carries token and openid; the browser sees neither token nor address', async () => {
    const seen: unknown[] = []
    const action = await backOffice((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        seen.push(request.method, request.url, request.headers.authorization, JSON.parse(body))
        response.end(JSON.stringify({ code: 200, message: '已分配给小陈', result: {} }))
      })
    })
    const emulator = await testEmulator({ deskActions: [action] })
    const listed = await (await fetch(`${emulator.url}/__desk/actions`)).text()
    expect(JSON.parse(listed)).toEqual([{ name: 'assign', label: '分配一条线索' }])
    const { json } = await emulator.post('/__desk/actions/assign', { openid })
    expect(json).toEqual({ ok: true, message: '已分配给小陈' })
    expect(seen).toEqual([
      'POST',
      '/trial/assign',
      'Bearer secret-of-the-desk',
      { to: { openid }, note: `for ${openid}`, count: 1 },
    ])
  })

  it.each([
    ['code 0', 200, 0, '', { ok: true, message: '「分配一条线索」已完成' }],
    ['code 200', 200, 200, '好', { ok: true, message: '好' }],
    ['another code', 200, 500, '没有可分配的线索', { ok: false, message: '没有可分配的线索' }],
    [
      'another status',
      404,
      200,
      '',
      { ok: false, message: '「分配一条线索」没有做成：后台服务答复 HTTP 404' },
    ],
  ])('%s', async (_, status, code, message, expected) => {
    const emulator = await testEmulator({ deskActions: [await backOffice(envelope(status, code, message))] })
    expect((await emulator.post('/__desk/actions/assign', { openid })).json).toEqual(expected)
  })

  it('an answer that is no envelope, and no answer, are sentences', async () => {
    const html = await backOffice((_, response) => void response.end('<html>'))
    const emulator = await testEmulator({
      deskActions: [html, { ...html, name: 'gone', url: 'http://127.0.0.1:1/' }],
    })
    expect((await emulator.post('/__desk/actions/assign', { openid })).json).toEqual({
      ok: false,
      message: '「分配一条线索」没有做成：后台服务答复 HTTP 200',
    })
    expect((await emulator.post('/__desk/actions/gone', { openid })).json).toEqual({
      ok: false,
      message: '「分配一条线索」没有做成：后台服务没有应答，它启动了吗？',
    })
  })
})

it('reset: choices, grants, calls, faults and phones are as new', async () => {
  const emulator = await testEmulator()
  emulator.fault({ call: 'token', kind: 'hang' })
  emulator.setPhone({ theme: 'dark', privacyConsent: true, notifications: 'denied' })
  emulator.setMainSwitch(false)
  await fetch(`${emulator.url}/sns/jscode2session`)
  expect((await emulator.post('/__desk/reset')).status).toBe(204)
  const read = async (path: string) => (await fetch(emulator.url + path)).json()
  expect(await read('/__desk/calls')).toEqual([])
  expect(await read(`/__desk/quota/${openid}`)).toEqual({})
  expect(await read('/__desk/phones')).toMatchObject([
    { openid, theme: 'light', privacyConsent: false, notifications: 'authorized' },
    { nickname: '小林的手机' },
  ])
  expect((await emulator.post('/__phone/settings/read', { openid })).json).toEqual({
    mainSwitch: true,
    items: [],
  })
  expect(await read('/cgi-bin/token?grant_type=client_credential')).toMatchObject({ errcode: 41002 })
})

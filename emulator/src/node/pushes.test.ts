import { describe, expect, it } from 'vitest'
import { demoAccounts, demoAppid, demoTemplates } from '../cloud/demo.ts'
import { testEmulator, type TestEmulator } from '../testing/emulator.ts'
import { openPush } from '../testing/opened-push.ts'
import { pushReceiver } from '../testing/receiver.ts'

const openid = demoAccounts[0]?.openid ?? ''
const templateId = demoTemplates[0]?.priTmplId ?? ''
const secrets = { token: 'pushTokenOfTheTest', aesKey: 'k1'.repeat(21) + 'Z' }

async function allow(emulator: TestEmulator) {
  await emulator.post('/__phone/subscribe/open', { openid, tmplIds: [templateId] })
  const decisions = { [templateId]: 'accept' }
  await emulator.post('/__phone/subscribe/close', { openid, settled: {}, decisions, keep: false })
}

async function send(emulator: TestEmulator) {
  const { json } = await emulator.post(
    `/cgi-bin/message/subscribe/send?access_token=${await emulator.accessToken()}`,
    {
      touser: openid,
      template_id: templateId,
      data: { thing1: { value: 'a' }, time2: { value: '9:42' }, phrase3: { value: '待' } },
    },
  )
  return json
}

describe('over HTTP', () => {
  const modes = ['plain', 'compatible', 'encrypted'] as const
  const formats = ['json', 'xml'] as const
  it.each(modes.flatMap((mode) => formats.map((format) => [mode, format] as const)))(
    'H42 H43 %s %s: panel, send and 拒收 reach the backend, signed, sealed as the mode says',
    async (mode, format) => {
      const { url, received } = await pushReceiver()
      const emulator = await testEmulator()
      expect(await emulator.setPush({ url, ...secrets, mode, format })).toEqual({ ok: true })
      await allow(emulator)
      await emulator.cloud.pushesSettled()
      await send(emulator)
      await emulator.cloud.pushesSettled()
      await emulator.post('/__phone/messages/refuse', { openid, templateId })
      await emulator.cloud.pushesSettled()

      expect(received.map(({ method }) => method)).toEqual(['GET', 'POST', 'POST', 'POST'])
      const opened = received.map((push) => openPush(push, secrets)).slice(1)
      const names = ['subscribe_msg_popup_event', 'subscribe_msg_sent_event', 'subscribe_msg_change_event']
      opened.forEach(({ plain, sealed }, n) => {
        expect(sealed?.appid).toBe(mode === 'plain' ? undefined : demoAppid)
        for (const text of [...(mode === 'encrypted' ? [] : [plain]), ...(sealed ? [sealed.text] : [])]) {
          expect(text).toContain(names[n])
          expect(text).toContain(openid)
          expect(text).toContain(templateId)
        }
        if (mode === 'encrypted') expect(plain).not.toContain(templateId)
        if (mode === 'compatible' && format === 'json') {
          const { Encrypt, ...rest } = JSON.parse(plain) as Record<string, unknown>
          expect(typeof Encrypt).toBe('string')
          expect(rest).toEqual(JSON.parse(sealed?.text ?? ''))
        }
      })
      const query = new URL(received[1]?.url ?? '', url).searchParams
      expect(query.get('encrypt_type')).toBe(mode === 'plain' ? null : 'aes')
      expect(query.get('openid')).toBe(mode === 'plain' ? null : openid)
      expect(received[1]?.contentType).toBe(format === 'json' ? 'application/json' : 'text/xml')
      expect(emulator.pushes().map(({ event, outcome }) => [event.kind, outcome])).toEqual([
        ['popup', 'accepted'],
        ['sent', 'accepted'],
        ['change', 'accepted'],
      ])
    },
  )

  it('H40 the answer is dropped after delivery, and the sent event arrives all the same', async () => {
    const { url, received } = await pushReceiver()
    const emulator = await testEmulator({ push: { url, ...secrets, mode: 'encrypted', format: 'json' } })
    emulator.cloud.grant(openid, templateId)
    emulator.fault({ call: 'subscribe/send', kind: 'drop' })
    await expect(send(emulator)).rejects.toThrow('fetch failed')
    await emulator.cloud.pushesSettled()
    const [event] = received.filter(({ method }) => method === 'POST').map((push) => openPush(push, secrets))
    expect(JSON.parse(event?.sealed?.text ?? '')).toMatchObject({
      Event: 'subscribe_msg_sent_event',
      List: { ErrorCode: '0' },
    })
  })

  it('a backend that hangs is cut off and asked again, three times; the API answers meanwhile', async () => {
    const emulator = await testEmulator()
    // the emulator's own hanging call stands for a backend that never answers
    emulator.fault({ call: 'token', kind: 'hang' })
    const url = `${emulator.url}/cgi-bin/token`
    const slow = { url, ...secrets, mode: 'plain', format: 'json', timeoutMs: 50 } as const
    expect(await emulator.setPush(slow)).toEqual({ ok: false, answer: { kind: 'timeout' } })
    emulator.cloud.grant(openid, templateId)
    expect(await send(emulator)).toMatchObject({ errcode: 0 })
    await emulator.cloud.pushesSettled()
    const [record] = emulator.pushes()
    expect(record?.outcome).toBe('abandoned')
    expect(record?.attempts).toHaveLength(3)
  })
})

describe('over /__desk', () => {
  it('the target is set, shown without its secrets, and taken away; the log is read', async () => {
    const { url, received } = await pushReceiver()
    const emulator = await testEmulator()
    const read = async (path: string) => (await fetch(emulator.url + path)).json() as Promise<unknown>
    expect(await read('/__desk/push')).toBeNull()
    const target = { url, ...secrets, mode: 'encrypted', format: 'json' }
    expect((await emulator.post('/__desk/push', target)).json).toEqual({ ok: true })
    expect(await read('/__desk/push')).toEqual({
      ...{ url, mode: 'encrypted', format: 'json' },
      verification: { ok: true },
    })
    await emulator.post('/__desk/push/faults', { kind: 'lose', push: 'popup', times: 1 })
    await allow(emulator)
    await allow(emulator)
    await emulator.cloud.pushesSettled()
    const log = await read('/__desk/pushes')
    expect(log).toMatchObject([
      { event: { kind: 'popup', openid }, outcome: 'lost', attempts: [] },
      { event: { kind: 'popup', openid }, outcome: 'accepted', attempts: [{ answer: { kind: 'accepted' } }] },
    ])
    expect(JSON.stringify(log)).not.toContain(secrets.token)
    await fetch(`${emulator.url}/__desk/push`, { method: 'DELETE' })
    await allow(emulator)
    await emulator.cloud.pushesSettled()
    expect(received.filter(({ method }) => method === 'POST')).toHaveLength(1)
  })

  it.each([
    ['/__desk/push', { url: 'https://example.com', ...secrets, mode: 'plain', format: 'json' }],
    ['/__desk/push/faults', { kind: 'explode' }],
    ['/__desk/push/faults', { kind: 'late' }],
    ['/__desk/faults', { call: 'token', kind: 'slow' }],
    ['/__desk/faults', { call: 'token', kind: 'drop', probability: 2 }],
  ])('%s %j is refused with 400', async (path, body) => {
    const emulator = await testEmulator()
    expect((await emulator.post(path, body)).status).toBe(400)
  })
})

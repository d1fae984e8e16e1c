import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fakeBackend, plainTarget } from '../testing/backend.ts'
import { phone, template, testCloud } from '../testing/cloud.ts'
import type { CloudOptions } from './options.ts'

const other = 'oLeadbellDemoPhone000000002'
const seconds = Date.parse('2026-11-23T09:00:00+08:00') / 1000

/** A cloud that pushes in plain JSON; `events` are those the backend has received. */
async function world(options: Partial<CloudOptions> = {}) {
  const { calls, transport } = fakeBackend()
  const made = testCloud({ pushTransport: transport, ...options })
  await made.cloud.setPush(plainTarget)
  const events = async () => {
    await made.live(0)
    return calls.map(({ body = '' }) => JSON.parse(body) as Record<string, unknown>)
  }
  return { ...made, events }
}

const entry = (TemplateId: string, SubscribeStatusString: string) => ({
  ...{ TemplateId, SubscribeStatusString },
  PopupScene: '0',
})

describe('subscribe_msg_popup_event', () => {
  it('H43 after a decision: one entry a row, with what was chosen', async () => {
    const { ask, events } = await world()
    ask(['A', 'B'], ['A'])
    ask(['C'], [])
    expect(await events()).toEqual([
      {
        ToUserName: 'gh_1ead0be11000',
        FromUserName: phone,
        CreateTime: seconds,
        MsgType: 'event',
        Event: 'subscribe_msg_popup_event',
        List: [entry('A', 'accept'), entry('B', 'reject')],
      },
      expect.objectContaining({ List: entry('C', 'reject') }),
    ])
  })

  it('a stronger reminder is told as accept; what is not on the panel is not told', async () => {
    const templates = [
      template('A', { acceptedAs: 'acceptWithAlert' }),
      template('B', { title: '标题 A' }),
      template('X', { banned: true }),
    ]
    const { ask, events } = await world({ templates })
    expect(ask(['A', 'B', 'X'], ['A'])).toEqual({ A: 'acceptWithAlert', B: 'filter', X: 'ban' })
    expect(await events()).toMatchObject([{ List: entry('A', 'accept') }])
  })

  it('H52 what the devtools ask for an unknown id is told to nobody', async () => {
    const { cloud, ask, events } = await world()
    cloud.phone.change(phone, { platform: 'devtools' })
    ask(['nope'], ['nope'])
    ask(['nope', 'A'], ['nope'])
    expect(await events()).toMatchObject([{ List: entry('A', 'reject') }])
  })

  it('an open panel and one that fails to close tell nothing', async () => {
    const { cloud, events } = await world()
    cloud.phone.openPanel(phone, ['A'])
    cloud.phone.change(phone, { network: 'none' })
    cloud.phone.closePanel({ openid: phone, settled: {}, decisions: { A: 'accept' }, keep: false })
    expect(await events()).toEqual([])
  })

  it('H46 a silently kept accept is not told, and is where the profile says so; a kept reject never is', async () => {
    const seen = async (silentPopupEvent: 'none' | 'pushed') => {
      const { ask, events } = await world({ profile: { silentPopupEvent } })
      ask(['A', 'B'], ['A'], true)
      ask(['A', 'B'], [])
      ask(['A', 'B', 'C'], ['C'])
      return (await events()).slice(1).map(({ List }) => List)
    }
    expect(await seen('none')).toEqual([entry('C', 'accept')])
    expect(await seen('pushed')).toEqual([entry('A', 'accept'), [entry('C', 'accept'), entry('A', 'accept')]])
  })
})

describe('subscribe_msg_change_event', () => {
  it('H43 拒收 in 服务通知 is told as a reject; the settings page tells nothing', async () => {
    const { cloud, ask, events } = await world()
    ask(['B'], [], true)
    cloud.phone.writeSettings({ openid: phone, mainSwitch: false, items: { B: 'accept' } })
    cloud.phone.writeSettings({ openid: phone, mainSwitch: true, items: { B: 'reject' } })
    cloud.phone.refuse(phone, 'A')
    expect((await events()).slice(1)).toMatchObject([
      {
        FromUserName: phone,
        Event: 'subscribe_msg_change_event',
        List: { TemplateId: 'A', SubscribeStatusString: 'reject' },
      },
    ])
  })
})

describe('subscribe_msg_sent_event', () => {
  const msgidIn = (body: string) => /"msgid":(\d+)/.exec(body)?.[1]

  it('H43 an accepted send is told, with the msgid of its answer; a refused one is not', async () => {
    const { cloud, serveSend, events } = await world()
    cloud.grant(phone, 'A')
    const served = serveSend('A')
    expect(serveSend('A')).toMatchObject({ body: expect.stringContaining('43101') as string })
    expect(await events()).toMatchObject([
      {
        FromUserName: phone,
        Event: 'subscribe_msg_sent_event',
        List: {
          TemplateId: 'A',
          MsgID: served.kind === 'answer' ? msgidIn(served.body) : '',
          ErrorCode: '0',
          ErrorStatus: 'success',
        },
      },
    ])
  })

  it.each([
    [{ kind: 'drop' }, true],
    [{ kind: 'drop', performed: false }, false],
    [{ kind: 'hang' }, false],
    [{ kind: 'hang', performed: true }, true],
    [{ kind: 'slow', ms: 60_000 }, true],
    [{ kind: 'errcode', errcode: -1, errmsg: 'system error' }, false],
  ] as const)(
    'H40 after the fault %j the send was done: %s, and told exactly then',
    async (fault, isDone) => {
      const { cloud, serveSend, events } = await world({ keepSends: true })
      cloud.grant(phone, 'A')
      cloud.addFault({ call: 'subscribe/send', ...fault })
      serveSend('A')
      const sent = await events()
      expect(sent).toHaveLength(isDone ? 1 : 0)
      expect(cloud.quota(phone)).toEqual({ A: isDone ? 0 : 1 })
      expect(cloud.phone.messages(phone)).toHaveLength(isDone ? 1 : 0)
      expect(cloud.ledger().map(({ msgid }) => msgid)).toEqual(
        sent.map(({ List }) => (List as { MsgID: string }).MsgID),
      )
    },
  )

  it('U11 one that fails behind its answer: the grant is spent, no card arrives, the event has the failure', async () => {
    const { cloud, send, events } = await world({ keepSends: true })
    cloud.grant(phone, 'A', 3)
    cloud.addPushFault({ kind: 'failSend', times: 1 })
    expect(send('A')).toBe(0)
    cloud.addPushFault({ kind: 'failSend', times: 1, errorCode: '20001', errorStatus: 'busy' })
    expect([send('A'), send('A')]).toEqual([0, 0])
    expect(cloud.quota(phone)).toEqual({ A: 0 })
    expect(cloud.phone.messages(phone)).toHaveLength(1)
    expect(cloud.ledger().map(({ arrived }) => arrived)).toEqual([false, false, true])
    expect((await events()).map(({ List }) => List)).toMatchObject([
      { ErrorCode: '-1', ErrorStatus: 'failed: system failed' },
      { ErrorCode: '20001', ErrorStatus: 'busy' },
      { ErrorCode: '0', ErrorStatus: 'success' },
    ])
  })
})

it('whatever users and backend do: popup accepts are the grants given, sent events the grants spent', async () => {
  const who = fc.constantFrom(phone, other)
  const id = fc.constantFrom('A', 'B')
  const step = fc.oneof(
    fc.record({
      do: fc.constant('ask' as const),
      openid: who,
      ids: fc.uniqueArray(id, { minLength: 1 }),
      yes: id,
    }),
    fc.record({ do: fc.constant('send' as const), openid: who, id, kind: fc.constantFrom('drop', 'none') }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { cloud, serveSend, events } = await world()
      for (const it of steps) {
        if (it.do === 'send') {
          if (it.kind === 'drop') cloud.addFault({ call: 'subscribe/send', kind: 'drop' })
          serveSend(it.id, { touser: it.openid })
          cloud.clearFaults()
          continue
        }
        cloud.phone.openPanel(it.openid, it.ids)
        const decisions = Object.fromEntries(
          it.ids.map((one) => [one, one === it.yes ? ('accept' as const) : ('reject' as const)]),
        )
        cloud.phone.closePanel({ openid: it.openid, settled: {}, decisions, keep: false })
      }
      const book: Record<string, number> = {}
      for (const { FromUserName, Event, List } of await events())
        for (const { TemplateId, SubscribeStatusString } of [List].flat() as Record<string, string>[]) {
          const key = `${String(FromUserName)} ${TemplateId ?? ''}`
          if (Event === 'subscribe_msg_sent_event') book[key] = (book[key] ?? 0) - 1
          else if (SubscribeStatusString === 'accept') book[key] = (book[key] ?? 0) + 1
        }
      for (const openid of [phone, other])
        for (const one of ['A', 'B'])
          expect(book[`${openid} ${one}`] ?? 0).toBe(cloud.quota(openid)[one] ?? 0)
    }),
    { numRuns: 60 },
  )
})

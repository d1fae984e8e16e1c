import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { Harness, TEMPLATE, type Person } from '../testing/harness.ts'
import type { Reply } from '../testing/wechat-stand-in.ts'

let server: Harness
beforeAll(async () => {
  server = await Harness.start()
  server.worker.start()
})
afterAll(() => server.stop())
beforeEach(() => server.wechat.reset())

async function personWithGrants(grants: number, of: Harness = server): Promise<Person & { token: string }> {
  const person = await of.hire()
  const token = await of.tokenOf(person)
  for (let n = 0; n < grants; n++) await of.accept(person, token)
  return { ...person, token }
}

/** Another process looks at everything there is: what it leaves alone stays alone. */
const rounds = (of: Harness = server): Promise<void> => of.services().worker.round()

describe('a delivery', () => {
  it('goes out with the template filled in, and costs one grant', async () => {
    const person = await personWithGrants(2)
    const { clue, delivery } = await server.assign(person, '恒泰建材 采购咨询')
    expect(delivery).toMatchObject({ state: 'ready', reason: null, clueId: clue.id, assigneeId: person.id })
    const sent = await server.until(delivery.id, 'sent')
    // beyond 2^53: a number would end in 000
    expect(sent.msgid).toBe('2097683633284153001')
    expect(server.wechat.taken).toEqual([
      {
        touser: person.openid,
        template_id: TEMPLATE,
        page: `pages/clue/detail?id=${clue.id}`,
        miniprogram_state: 'formal',
        lang: 'zh_CN',
        data: {
          thing1: { value: '恒泰建材 采购咨询' },
          time2: { value: '2026-11-23 09:42' },
          phrase3: { value: '待跟进' },
        },
      },
    ])
    expect(await server.quotaOf(person.token)).toBe(1)
  })

  it('waits without a grant, and goes out with the next one', async () => {
    const person = await personWithGrants(0)
    const { delivery } = await server.assign(person)
    expect(delivery).toMatchObject({ state: 'waiting', reason: expect.stringContaining('订阅次数已用完') })
    await rounds()
    expect(server.wechat.sendCalls).toBe(0)
    await server.accept(person, person.token)
    await server.until(delivery.id, 'sent')
    expect(await server.quotaOf(person.token)).toBe(0)
  })

  it('waits for a person who has not logged in, and says so', async () => {
    const person = await server.hire()
    const { delivery } = await server.assign(person)
    expect(delivery).toMatchObject({
      state: 'waiting',
      reason: expect.stringContaining('还没有在小程序里用微信登录'),
    })
    const token = await server.tokenOf(person)
    await vi.waitFor(async () =>
      expect((await server.delivery(delivery.id)).reason).toContain('订阅次数已用完'),
    )
    await server.accept(person, token)
    await server.until(delivery.id, 'sent')
  })

  it('of those that wait the oldest go first, as many as are paid for', async () => {
    const person = await personWithGrants(0)
    const waiting = []
    for (const title of ['一', '二', '三']) waiting.push((await server.assign(person, title)).delivery)
    await server.accept(person, person.token)
    await server.accept(person, person.token)
    await server.until(waiting[0]?.id ?? '', 'sent')
    await server.until(waiting[1]?.id ?? '', 'sent')
    await rounds()
    expect((await server.delivery(waiting[2]?.id ?? '')).state).toBe('waiting')
    expect(server.wechat.taken.map(({ data }) => data.thing1?.value)).toEqual(['一', '二'])
  })

  it('a grant reported twice pays for one message', async () => {
    const person = await personWithGrants(0)
    const [first, second] = [await server.assign(person), await server.assign(person)]
    server.wechat.allow(person.openid, 2)
    await server.report(person.token, 'attempt-same', 'accept')
    await server.report(person.token, 'attempt-same', 'accept')
    await server.until(first.delivery.id, 'sent')
    await rounds()
    expect((await server.delivery(second.delivery.id)).state).toBe('waiting')
  })

  it('43101 takes what the ledger thought was left, and the delivery waits', async () => {
    const person = await personWithGrants(0)
    for (const attempt of ['attempt-a', 'attempt-b', 'attempt-c'])
      await server.report(person.token, attempt, 'accept')
    expect(await server.quotaOf(person.token)).toBe(3)
    const { delivery } = await server.assign(person)
    const row = await server.until(delivery.id, 'waiting')
    expect(row.reason).toContain('订阅次数已用完')
    expect(await server.quotaOf(person.token)).toBe(0)
    await rounds()
    expect(server.wechat.sendCalls).toBe(1)
    server.advance(1000)
    await server.accept(person, person.token)
    await server.until(delivery.id, 'sent')
  })

  it('one person gets one message at a time', async () => {
    const person = await personWithGrants(3)
    let inFlight = 0
    let most = 0
    const send = server.ctx.wechat.send
    const counted = vi.spyOn(server.ctx.wechat, 'send').mockImplementation(async (...args) => {
      most = Math.max(most, ++inFlight)
      return send(...args).finally(() => inFlight--)
    })
    const queued = await Promise.all([1, 2, 3].map(() => server.assign(person)))
    for (const { delivery } of queued) await server.until(delivery.id, 'sent')
    expect(most).toBe(1)
    counted.mockRestore()
  })
})

describe('what WeChat answers', () => {
  it.each([
    ['a refused token', 40001],
    ['an expired token', 42001],
    ['another way to say so', 40014],
  ])('%s is replaced once and the message sent again', async (_name, errcode) => {
    const person = await personWithGrants(1)
    const { delivery: warmUp } = await server.assign(person)
    await server.until(warmUp.id, 'sent')
    server.wechat.tokenCalls.length = 0
    await server.accept(person, person.token)
    let refusals = 0
    server.wechat.onSend = () =>
      refusals++ === 0 ? { errcode, errmsg: 'invalid credential rid: 1-2-3' } : undefined
    server.advance(31_000)
    const { delivery } = await server.assign(person)
    await server.until(delivery.id, 'sent')
    expect(refusals).toBe(2)
    // first asked nicely; by force only because WeChat handed out the refused one again
    expect(server.wechat.tokenCalls).toEqual([{ force_refresh: false }, { force_refresh: true }])
  })

  it('takes a token WeChat has renewed by itself, without force', async () => {
    const person = await personWithGrants(2)
    const { delivery: warmUp } = await server.assign(person)
    await server.until(warmUp.id, 'sent')
    server.wechat.tokenCalls.length = 0
    server.wechat.token = 'renewed-by-wechat'
    const { delivery } = await server.assign(person)
    await server.until(delivery.id, 'sent')
    expect(server.wechat.tokenCalls).toEqual([{ force_refresh: false }])
  })

  it.each([
    ['40003', { errcode: 40003, errmsg: 'invalid openid' }, '重新登录'],
    ['47003', { errcode: 47003, errmsg: 'argument invalid! data.thing1.value invalid' }, '拒绝了消息内容'],
    ['45168', { errcode: 45168, errmsg: 'hit sensitive words' }, '拒绝了消息内容'],
  ])('%s: refused, not tried again, no grant spent', async (_code, reply, reason) => {
    const person = await personWithGrants(1)
    server.wechat.onSend = () => reply
    const { delivery } = await server.assign(person)
    expect((await server.until(delivery.id, 'refused')).reason).toContain(reason)
    await rounds()
    expect(server.wechat.sendCalls).toBe(1)
    expect(await server.quotaOf(person.token)).toBe(1)
  })

  it.each([
    ['-1', -1, 3_000],
    ['43108', 43108, 3_000],
    ['41030', 41030, 61_000],
    ['40037', 40037, 61_000],
  ])('%s: tried again later', async (_code, errcode, later) => {
    const person = await personWithGrants(1)
    server.wechat.onSend = (_message, call) => (call === 1 ? { errcode, errmsg: 'no' } : undefined)
    const { delivery } = await server.assign(person)
    await vi.waitFor(async () =>
      expect(await server.delivery(delivery.id)).toMatchObject({ state: 'ready', attempts: 1 }),
    )
    await rounds()
    expect(server.wechat.sendCalls).toBe(1)
    server.advance(later)
    await server.until(delivery.id, 'sent')
    expect(server.wechat.sendCalls).toBe(2)
  })

  it.each([
    ['is busy', -1, 4],
    ['asks to come back later', 43108, 9],
    ['is configured wrongly', 40037, 9],
  ])(
    'when WeChat %s again and again: gives up, in words, after the published tries',
    async (_, errcode, tries) => {
      const person = await personWithGrants(1)
      server.wechat.onSend = () => ({ errcode, errmsg: 'system error' })
      const { delivery } = await server.assign(person)
      for (let attempt = 1; attempt <= tries; attempt++) {
        await vi.waitFor(async () => expect((await server.delivery(delivery.id)).attempts).toBe(attempt))
        await vi.waitFor(async () => expect((await server.delivery(delivery.id)).state).not.toBe('leased'))
        server.advance(24 * 3600_000)
      }
      expect((await server.until(delivery.id, 'dead')).reason).toContain('请直接联系员工')
      expect(server.wechat.sendCalls).toBe(tries)
    },
  )

  it('45009: goes on after midnight in China, however often that happens', async () => {
    const person = await personWithGrants(1)
    server.wechat.onSend = () => ({ errcode: 45009, errmsg: 'reach max api daily quota limit' })
    const { delivery } = await server.assign(person)
    await vi.waitFor(async () =>
      expect((await server.delivery(delivery.id)).reason).toContain('明天自动继续'),
    )
    server.wechat.onSend = undefined
    server.advance(11 * 3600_000)
    await rounds()
    expect(server.wechat.sendCalls).toBe(1)
    server.advance(13 * 3600_000)
    await server.until(delivery.id, 'sent')
  })

  it.each(['hang', 'drop', 'html'] as const)(
    'no answer (%s): in doubt, never sent again, given up after the grace time',
    async (reply) => {
      const person = await personWithGrants(2)
      server.wechat.onSend = () => reply
      const { delivery } = await server.assign(person)
      await server.until(delivery.id, 'in_doubt')
      server.wechat.onSend = undefined
      const next = await server.assign(person)
      await rounds()
      // and nothing else to this person meanwhile
      expect(server.wechat.sendCalls).toBe(1)
      server.advance(121_000)
      expect((await server.until(delivery.id, 'dead')).reason).toContain('可能已经送达')
      await server.until(next.delivery.id, 'sent')
      expect(server.wechat.sendCalls).toBe(2)
    },
  )

  it('nothing is leased while there is no access token', async () => {
    const person = await personWithGrants(1)
    server.advance(3 * 3600_000)
    server.wechat.onToken = () => 'hang'
    const { delivery } = await server.assign(person)
    await vi.waitFor(() => expect(server.wechat.tokenCalls.length).toBeGreaterThan(0))
    expect(await server.delivery(delivery.id)).toMatchObject({ state: 'ready', attempts: 0 })
    server.wechat.onToken = undefined
    await server.until(delivery.id, 'sent')
  })
})

describe('reassigning', () => {
  it('silences what is unsent to the earlier owner', async () => {
    const [first, second] = [await personWithGrants(0), await personWithGrants(1)]
    const { clue, delivery } = await server.assign(first)
    expect(delivery.state).toBe('waiting')
    const again = await server.reassign(clue, second)
    await server.until(again.result.delivery.id, 'sent')
    expect(await server.delivery(delivery.id)).toMatchObject({
      state: 'dead',
      reason: expect.stringContaining('已改派'),
    })
    await server.accept(first, first.token)
    await rounds()
    expect(server.wechat.taken.map(({ touser }) => touser)).toEqual([second.openid])
  })

  it('does not send again what was in the air when the lead went to someone else', async () => {
    const [first, second] = [await personWithGrants(1), await personWithGrants(1)]
    let reassigned: Promise<unknown> | undefined
    let { clue } = { clue: await server.enterClue() }
    server.wechat.onSend = (message) => {
      if (message.touser !== first.openid) return undefined
      reassigned ??= server.reassign(clue, second)
      return { errcode: -1, errmsg: 'system error' }
    }
    // the answer waits until the lead has a new owner
    const send = server.ctx.wechat.send
    const slow = vi.spyOn(server.ctx.wechat, 'send').mockImplementation(async (...args) => {
      const outcome = await send(...args)
      await reassigned
      return outcome
    })
    const assigned = await server.reassign(clue, first)
    clue = assigned.result.clue
    expect((await server.until(assigned.result.delivery.id, 'dead')).reason).toContain('已改派')
    slow.mockRestore()
  })
})

describe('deleting a lead', () => {
  it('silences what is unsent, for good, and leaves the grant for another', async () => {
    const person = await personWithGrants(0)
    const { clue, delivery } = await server.assign(person)
    const next = await server.assign(person)
    await server.deleteClue(clue.id)
    expect(await server.delivery(delivery.id)).toMatchObject({
      state: 'dead',
      reason: '线索已删除，不再提醒',
    })
    await server.accept(person, person.token)
    await server.until(next.delivery.id, 'sent')
    await rounds()
    expect(server.wechat.taken).toHaveLength(1)
  })

  it.each<[string, Reply]>([
    ['WeChat was busy', { errcode: -1, errmsg: 'system error' }],
    ['nothing was left to pay for it', { errcode: 43101, errmsg: 'user refuse to accept the msg' }],
  ])('does not send again what was in the air: %s', async (_name, reply) => {
    const person = await personWithGrants(1)
    const clue = await server.enterClue()
    let deleted: Promise<unknown> | undefined
    server.wechat.onSend = () => {
      deleted ??= server.deleteClue(clue.id)
      return reply
    }
    // the answer waits until the lead is gone
    const send = server.ctx.wechat.send
    const slow = vi.spyOn(server.ctx.wechat, 'send').mockImplementation(async (...args) => {
      const outcome = await send(...args)
      await deleted
      return outcome
    })
    const { delivery } = (await server.reassign(clue, person)).result
    expect((await server.until(delivery.id, 'dead')).reason).toBe('线索已删除，不再提醒')
    slow.mockRestore()
  })

  it('is the last word on a message in doubt', async () => {
    const person = await personWithGrants(1)
    server.wechat.onSend = () => 'drop'
    const { clue, delivery } = await server.assign(person)
    await server.until(delivery.id, 'in_doubt')
    await server.deleteClue(clue.id)
    server.advance(121_000)
    expect((await server.until(delivery.id, 'dead')).reason).toBe('线索已删除，不再提醒')
  })
})

describe('two processes on one database', () => {
  // several that look about all the time would leave PGlite, and with it this whole process, no time for anything else
  const calm = { pollMs: 300 }
  const harnesses: Harness[] = []
  afterEach(async () => {
    for (const harness of harnesses.splice(0)) await harness.stop()
  })

  it('send each message once', async () => {
    const many = await Harness.start({ delivery: calm })
    harnesses.push(many)
    const people = await Promise.all([1, 2, 3, 4].map(() => personWithGrants(4, many)))
    const queued = []
    for (const person of people)
      for (let n = 0; n < 4; n++) queued.push((await many.assign(person)).delivery.id)
    const workers = [many.worker, many.services().worker, many.services().worker]
    for (const worker of workers) worker.start()
    for (const id of queued) await many.until(id, 'sent')
    expect(many.wechat.taken).toHaveLength(16)
    expect(many.wechat.tokenCalls).toHaveLength(1)
    for (const person of people) expect(await many.quotaOf(person.token)).toBe(0)
  })

  it('a lease that ran out is in doubt, and its late answer still counts', async () => {
    const slow = await Harness.start({ delivery: { leaseMs: 30_000, ...calm } })
    harnesses.push(slow)
    const person = await personWithGrants(1, slow)
    let release = () => {}
    const gate = new Promise<void>((resolve) => (release = resolve))
    const send = slow.ctx.wechat.send
    vi.spyOn(slow.ctx.wechat, 'send').mockImplementation(async (...args) => {
      const outcome = await send(...args)
      await gate
      return outcome
    })
    const { delivery } = await slow.assign(person)
    slow.worker.start()
    await slow.until(delivery.id, 'leased')
    slow.advance(31_000)
    slow.services().worker.start()
    await slow.until(delivery.id, 'in_doubt')
    release()
    await slow.until(delivery.id, 'sent')
    expect(slow.wechat.taken).toHaveLength(1)
  })

  it('resend, where that is the policy, sends once more after the grace time', async () => {
    const bold = await Harness.start({ template: { inDoubt: 'resend' }, delivery: calm })
    harnesses.push(bold)
    const person = await personWithGrants(2, bold)
    bold.wechat.onSend = (_message, call) => (call === 1 ? 'drop' : undefined)
    bold.worker.start()
    const { delivery } = await bold.assign(person)
    await bold.until(delivery.id, 'in_doubt')
    bold.advance(119_000)
    await rounds(bold)
    expect(bold.wechat.sendCalls).toBe(1)
    bold.advance(2_000)
    await bold.until(delivery.id, 'sent')
    expect(bold.wechat.sendCalls).toBe(2)
  })
})

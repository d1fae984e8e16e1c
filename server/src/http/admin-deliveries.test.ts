import type { AdminDelivery, DeliveryDetail, DeliveryPage, StaffDetail } from '@leadbell/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Harness, type Person } from '../testing/harness.ts'

let server: Harness
beforeAll(async () => {
  server = await Harness.start()
})
afterAll(() => server.stop())

const list = async (query: string) =>
  (await server.call<DeliveryPage>('GET', `/admin/deliveries?${query}`, { admin: true })).result
const detail = async (id: string) =>
  (await server.call<DeliveryDetail>('GET', `/admin/deliveries/${id}`, { admin: true })).result
const redrive = (id: string) =>
  server.call<AdminDelivery>('POST', `/admin/deliveries/${id}/redrive`, { admin: true })
async function hireBound(realname?: string): Promise<Person & { token: string }> {
  const person = await server.hire(realname)
  return { ...person, token: await server.tokenOf(person) }
}
function answerOnce(reply: Record<string, unknown>): void {
  server.wechat.onSend = () => {
    server.wechat.onSend = undefined
    return reply
  }
}
const idsOf = ({ items }: DeliveryPage) => items.map(({ id }) => id)

describe('the list of deliveries', () => {
  it('says whom and what each is about, newest first, and why it is where it is', async () => {
    const [bound, unbound] = [await hireBound('高远'), await server.hire('丁宁')]
    const queuedAt = server.now().toISOString()
    await server.accept(bound, bound.token)
    const paid = await server.assign(bound, '第一条')
    const unpaid = await server.assign(bound, '第二条')
    const away = await server.assign(unbound, '第三条')
    await server.worker.round()
    const { items } = await list('limit=3')
    expect(items).toMatchObject([
      {
        id: away.delivery.id,
        clueId: away.clue.id,
        clueTitle: '第三条',
        assignee: { id: unbound.id, realname: '丁宁' },
        state: 'waiting',
        reason: '员工还没有在小程序里用微信登录，登录并允许订阅后自动送达',
        attempts: 0,
        createdAt: queuedAt,
        settledAt: null,
        nextTryAt: null,
      },
      { id: unpaid.delivery.id, state: 'waiting', reason: '员工的订阅次数已用完，下次允许订阅后自动送达' },
      {
        id: paid.delivery.id,
        state: 'sent',
        reason: null,
        attempts: 1,
        settledAt: queuedAt,
        nextTryAt: null,
      },
    ])
  })

  it('says of one that waits for a disabled person why it waits', async () => {
    const person = await server.hire()
    const { delivery } = await server.assign(person)
    const { version } = (await server.call<StaffDetail>('GET', `/admin/staff/${person.id}`, { admin: true }))
      .result
    await server.call('PUT', `/admin/staff/${person.id}`, { admin: true, body: { version, disabled: true } })
    expect(await detail(delivery.id)).toMatchObject({ reason: '员工账号已停用，重新启用后自动处理' })
  })

  it('is narrowed to a state, a person, a lead, and all three', async () => {
    const [one, two] = [await hireBound(), await hireBound()]
    await server.accept(one, one.token)
    const sent = await server.assign(one)
    const waiting = await server.assign(one)
    const others = await server.assign(two)
    await server.worker.round()
    expect(idsOf(await list(`assigneeId=${one.id}`))).toEqual([waiting.delivery.id, sent.delivery.id])
    expect(idsOf(await list(`assigneeId=${one.id}&state=sent`))).toEqual([sent.delivery.id])
    expect(idsOf(await list(`clueId=${others.clue.id}`))).toEqual([others.delivery.id])
    expect(idsOf(await list(`clueId=${others.clue.id}&assigneeId=${one.id}&state=waiting`))).toEqual([])
    expect(idsOf(await list('state=waiting&limit=1'))).toEqual([others.delivery.id])
    expect(idsOf(await list('assigneeId=nobody'))).toEqual([])
  })

  it('is cut into pages that nothing falls between while new ones come', async () => {
    const person = await server.hire()
    const queued: string[] = []
    for (let n = 0; n < 5; n++) queued.unshift((await server.assign(person)).delivery.id)
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: DeliveryPage = await list(`assigneeId=${person.id}&limit=2${cursor && `&cursor=${cursor}`}`)
      seen.push(...idsOf(page))
      cursor = page.nextCursor
      await server.assign(person)
    }
    expect(seen).toEqual(queued)
  })

  it.each(['cursor=bm8', 'state=gone', 'limit=51', 'limit=0'])('refuses %s', async (query) => {
    expect(await server.call('GET', `/admin/deliveries?${query}`, { admin: true })).toMatchObject({
      status: 400,
    })
  })
})

describe('one delivery', () => {
  it('comes with everything that happened to it', async () => {
    const person = await hireBound()
    await server.accept(person, person.token)
    answerOnce({ errcode: -1, errmsg: 'system error' })
    const { delivery } = await server.assign(person)
    await server.worker.round()
    const failed = await detail(delivery.id)
    expect(failed).toMatchObject({ state: 'ready', reason: '微信暂时没有受理，正在重试' })
    expect(Date.parse(failed.nextTryAt ?? '')).toBeGreaterThan(server.now().getTime())
    server.advance(3600_000)
    await server.worker.round()
    const { history, ...rest } = await detail(delivery.id)
    expect(rest).toMatchObject({ state: 'sent', attempts: 2, nextTryAt: null })
    expect(history).toMatchObject([
      { what: '已排队，等待发送' },
      { what: '第 1 次发送：微信暂时没有受理，稍后重试', errcode: -1, errmsg: 'system error' },
      { what: '第 2 次发送：微信已接收', errcode: null, msgid: expect.stringMatching(/^\d+$/) },
    ])
  })

  it.each(['0', 'abc', '999999'])('that does not exist is 404: %s', async (id) => {
    expect(await server.call('GET', `/admin/deliveries/${id}`, { admin: true })).toMatchObject({
      status: 404,
    })
    expect(await redrive(id)).toMatchObject({ status: 404 })
  })

  it('that was refused is queued anew on request, and one that was sent is not', async () => {
    const person = await hireBound()
    await server.accept(person, person.token)
    answerOnce({ errcode: 45168, errmsg: 'sensitive' })
    const { delivery } = await server.assign(person)
    await server.worker.round()
    expect(await detail(delivery.id)).toMatchObject({ state: 'refused' })
    expect(await redrive(delivery.id)).toMatchObject({
      code: 200,
      result: { id: delivery.id, state: 'ready', reason: null, settledAt: null, assignee: { id: person.id } },
    })
    await server.worker.round()
    expect(await detail(delivery.id)).toMatchObject({ state: 'sent' })
    expect(await redrive(delivery.id)).toMatchObject({ status: 409 })
  })

  it('is for the back office only', async () => {
    const { token } = await hireBound()
    expect(await server.call('GET', '/admin/deliveries', { token })).toMatchObject({ status: 403 })
    expect(await server.call('GET', '/admin/statistics')).toMatchObject({ status: 401 })
  })
})

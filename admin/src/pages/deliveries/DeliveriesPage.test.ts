import type { AdminDelivery, DeliveryDetail } from '@leadbell/contract'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { bodyText, button, dialog, hasButton, press } from '../../testing/act.ts'
import { Backend, Refusal } from '../../testing/backend.ts'
import { aMember, anAdminDelivery } from '../../testing/made-up.ts'
import { open, settle } from '../../testing/open.ts'
import DeliveriesPage from './DeliveriesPage.vue'

const sent = anAdminDelivery({ id: '1', clueTitle: '甲公司' })
const refused = anAdminDelivery({
  id: '2',
  clueTitle: '乙公司',
  state: 'refused',
  reason: '微信拒绝了消息内容（可能含敏感词），请修改线索名称后重新发送',
})
const waiting = anAdminDelivery({
  id: '3',
  clueTitle: '丙公司',
  state: 'waiting',
  reason: '员工的订阅次数已用完，下次允许订阅后自动送达',
  settledAt: null,
})
const history: DeliveryDetail['history'] = [
  { at: '2026-11-23T01:00:00.000Z', what: '已排队，等待发送', errcode: null, errmsg: null, msgid: null },
  {
    at: '2026-11-23T01:00:02.000Z',
    what: '第 1 次发送：微信答复没有剩余次数，等员工下次允许订阅后再发',
    errcode: 43101,
    errmsg: 'user refuse to accept the msg',
    msgid: null,
  },
]
let backend: Backend
let deliveries: AdminDelivery[]

beforeEach(() => {
  deliveries = [sent, refused, waiting]
  backend = new Backend()
    .on('GET /admin/deliveries', () => ({ items: deliveries, nextCursor: null }))
    .on('GET /admin/deliveries/{id}', ({ path }) => {
      const delivery = deliveries.find(({ id }) => id === path.id)
      return delivery ? { ...delivery, history } : new Refusal(404, '没有这条提醒，请回到列表刷新')
    })
    .on('GET /admin/staff/{id}', () => ({ ...aMember({ quota: { TPL: 0 }, waiting: 1 }), ledger: [] }))
})

const openPage = (path = '/deliveries') => open(DeliveriesPage, { path })

describe('the list', () => {
  it('says where each message is, why, and how long it took', async () => {
    const { page } = await openPage()
    const rows = page.findAll('tbody tr').map((row) => row.text())
    expect(rows[0]).toContain('已送达')
    expect(rows[0]).toContain('2 秒')
    expect(rows[1]).toContain('请修改线索名称后重新发送')
    expect(rows[2]).toContain('订阅次数已用完')
    expect(page.find('tbody a').attributes('href')).toBe('/clues?open=1')
  })

  it('asks for what the address says, and a chip changes both', async () => {
    const { router } = await openPage('/deliveries?clueId=1&assigneeId=7&state=nonsense')
    expect(backend.of('GET /admin/deliveries').at(-1)?.query).toEqual({ clueId: '1', assigneeId: '7' })
    await press('等待中')
    expect(router.currentRoute.value.query.state).toBe('waiting')
    expect(backend.of('GET /admin/deliveries').at(-1)?.query).toEqual({
      clueId: '1',
      assigneeId: '7',
      state: 'waiting',
    })
    await press('看全部线索的')
    expect(backend.of('GET /admin/deliveries').at(-1)?.query).toEqual({ assigneeId: '7', state: 'waiting' })
  })

  it('shows and tells the message that rings while somebody looks, for a moment', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { page, change } = await openPage()
    deliveries = [sent, refused, { ...waiting, state: 'sent', reason: null, settledAt: waiting.createdAt }]
    await change()
    expect(page.findAll('tr.just-sent').map((row) => row.find('th').text())).toEqual(['丙公司'])
    expect(page.find('[role=status]').text()).toBe('陈小舟 的提醒「丙公司」已送达')
    await vi.advanceTimersByTimeAsync(4_000)
    await settle()
    expect(page.findAll('tr.just-sent')).toHaveLength(0)
  })

  it('does not tell of what had rung before', async () => {
    const { page, change } = await openPage()
    deliveries = [anAdminDelivery({ id: '9', clueTitle: '丁公司' }), ...deliveries]
    await change()
    expect(page.findAll('tr.just-sent')).toHaveLength(0)
  })

  it('of nothing says where messages come from', async () => {
    deliveries = []
    await openPage()
    expect(bodyText()).toContain('把一条线索分配给员工')
  })
})

describe('sending again', () => {
  const redriven = { ...refused, state: 'ready' as const, reason: null, settledAt: null }

  it('is offered for what was refused or given up, and for nothing else', async () => {
    await openPage()
    const offered = [...document.querySelectorAll('button[aria-label^=重新发送]')]
    expect(offered.map((one) => one.getAttribute('aria-label'))).toEqual(['重新发送：乙公司，陈小舟'])
  })

  it('shows the row as it is afterwards', async () => {
    backend.on('POST /admin/deliveries/{id}/redrive', () => {
      deliveries = [sent, redriven, waiting]
      return redriven
    })
    const { page } = await openPage()
    await press('重新发送：乙公司，陈小舟')
    expect(page.findAll('tbody tr')[1]?.text()).toContain('排队中')
    expect(bodyText()).toContain('已重新排队，马上发送')
  })

  it('refused by the backend says why, in the page', async () => {
    const words = '这条提醒不能重新发送：线索已不在这名员工名下，请重新分配'
    backend.on('POST /admin/deliveries/{id}/redrive', () => new Refusal(409, words))
    const { page } = await openPage()
    await press('重新发送：乙公司，陈小舟')
    expect(page.text()).toContain(`「乙公司」给 陈小舟：${words}`)
  })

  it('pressed again without an answer is the same try; after an answer it is another', async () => {
    backend.on('POST /admin/deliveries/{id}/redrive', () => redriven)
    await openPage()
    backend.offline = true
    await press('重新发送：乙公司，陈小舟')
    expect(bodyText()).toContain('连不上服务器')
    backend.offline = false
    await press('重新发送：乙公司，陈小舟')
    await press('重新发送：乙公司，陈小舟')
    const keys = backend
      .of('POST /admin/deliveries/{id}/redrive')
      .map(({ headers }) => headers.get('idempotency-key'))
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/)
    expect(keys[1]).toBe(keys[0])
    expect(keys[2]).not.toBe(keys[0])
  })
})

describe('the story of a message', () => {
  it('opens by a link, with WeChat’s own words folded away', async () => {
    await openPage('/deliveries?open=2')
    const story = dialog('提醒的经过')
    expect(story?.textContent).toContain('第 1 次发送')
    const details = story?.querySelector('details')
    expect(details?.open).toBe(false)
    expect(details?.textContent).toContain('43101')
    expect(story?.querySelectorAll('details')).toHaveLength(1)
  })

  it('of a waiting one says what to ask the person, who is read only now', async () => {
    await openPage()
    expect(backend.of('GET /admin/staff/{id}')).toHaveLength(0)
    await press('经过：丙公司，陈小舟')
    expect(dialog('提醒的经过')?.textContent).toContain('再允许一次')
    expect(button('复制话术')).toBeDefined()
  })

  it('of a refused one asks nobody and offers to send again', async () => {
    await openPage('/deliveries?open=2')
    expect(hasButton('重新发送')).toBe(true)
    expect(backend.of('GET /admin/staff/{id}')).toHaveLength(0)
  })

  it('follows what happens', async () => {
    const { change } = await openPage('/deliveries?open=3')
    deliveries = [sent, refused, { ...waiting, state: 'sent', reason: null, settledAt: waiting.createdAt }]
    await change()
    expect(dialog('提醒的经过')?.textContent).toContain('已送达')
    expect(dialog('提醒的经过')?.textContent).not.toContain('再允许一次')
  })

  it('that does not exist says so', async () => {
    await openPage('/deliveries?open=77')
    expect(bodyText()).toContain('没有这条提醒')
  })
})

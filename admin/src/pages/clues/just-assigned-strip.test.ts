import type { AdminDelivery, DeliveryState } from '@leadbell/contract'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createApp } from 'vue'
import { useSession } from '../../stores/session.ts'
import { anAdminDelivery } from '../../testing/made-up.ts'
import { settle } from '../../testing/open.ts'
import { leads, openClues, playClues } from './testing/clues-page.ts'
import JustAssigned from './JustAssigned.vue'

const { dialog } = vi.hoisted(() => ({ dialog: { finish: (_ids: string[]) => {} } }))
vi.mock('./AssignDialog.vue', () => ({
  __esModule: true,
  default: {
    props: { clues: Array, open: Boolean },
    emits: ['done', 'update:open'],
    setup(_props: unknown, { emit }: { emit: (name: string, said: unknown) => void }) {
      dialog.finish = (assigned) => {
        emit('update:open', false)
        emit('done', { assigned })
      }
      return () => null
    },
  },
}))

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})

const ids = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => String(from + n))
/** Deliveries about leads in this order, as many of each state as said. */
const deliveries = (counts: Partial<Record<DeliveryState, number>>, said: Partial<AdminDelivery> = {}) =>
  Object.entries(counts)
    .flatMap(([state, count]) => Array<DeliveryState>(count).fill(state as DeliveryState))
    .map((state, n) => anAdminDelivery({ id: `9${n}`, clueId: String(n + 1), state, ...said }))

/** The page with nobody's leads on it any more, and what the clerk does. */
async function openPage(path = '/clues') {
  const played = playClues(leads(3))
  const at = await openClues(path)
  const strip = () => at.page.find('.just-assigned')
  return {
    ...at,
    played,
    strip,
    summary: () => strip().get('.head p').text(),
    lines: () =>
      strip()
        .findAll('li')
        .map((line) => line.text()),
    bar: () => strip().get('[role=progressbar]').attributes(),
    told: () => at.page.findComponent(JustAssigned).get('[role=status]').text(),
    asked: () => played.backend.of('GET /admin/deliveries'),
    assign: async (assigned: string[]) => {
      at.focusRow(0)
      await at.press('a')
      dialog.finish(assigned)
      await settle()
    },
    /** Something changed, more than a second after the last time. */
    change: async () => {
      await vi.advanceTimersByTimeAsync(1_000)
      await at.change()
    },
  }
}

describe('leads that were just assigned', () => {
  it('are followed until they have arrived, although their rows left the page', async () => {
    const { played, assign, strip, summary, lines, bar, change, asked } = await openPage()
    expect([strip().exists(), asked()]).toEqual([false, []])
    played.deliveries = deliveries({ sent: 37, leased: 10, waiting: 3 }, { reason: '订阅次数已用完' })
    await assign(ids(1, 50))
    expect(summary()).toBe('刚分配的 50 条：已送达 37，正在发送 10，等待中 3')
    expect(lines()).toEqual(['等待中 3 条：陈小舟（订阅次数已用完）'])
    expect(strip().get('li a').attributes('href')).toBe('/deliveries?state=waiting')
    expect(bar()).toMatchObject({
      'aria-label': '送达进度',
      'aria-valuenow': '74',
      'aria-valuetext': '已送达 37 条，共 50 条',
    })
    played.deliveries = deliveries({ sent: 50 })
    await change()
    expect([summary(), lines(), bar()['aria-valuenow']]).toEqual(['刚分配的 50 条：已送达 50', [], '100'])
    const readings = asked().length
    await change()
    expect(asked()).toHaveLength(readings)
  })

  it('are not called all while one is missing', async () => {
    const { played, assign, bar } = await openPage()
    played.deliveries = deliveries({ sent: 199, waiting: 1 })
    await assign(ids(1, 200))
    expect(bar()['aria-valuenow']).toBe('99')
  })

  it('are told at rest, and seldom before', async () => {
    const { played, assign, told, change } = await openPage()
    played.deliveries = deliveries({ sent: 1, leased: 3 })
    await assign(ids(1, 4))
    expect(told()).toBe('刚分配的 4 条：已送达 1，正在发送 3')
    played.deliveries = deliveries({ sent: 2, leased: 2 })
    await change()
    expect(told()).toBe('刚分配的 4 条：已送达 1，正在发送 3')
    played.deliveries = deliveries({ sent: 4 })
    await change()
    expect(told()).toBe('4 条全部送达')
  })

  it('that wait are followed on', async () => {
    const { played, assign, summary, change } = await openPage()
    played.deliveries = deliveries({ waiting: 2 })
    await assign(ids(1, 2))
    played.deliveries = deliveries({ sent: 2 })
    await change()
    expect(summary()).toBe('刚分配的 2 条：已送达 2')
  })

  it('are left alone when nothing goes on by itself', async () => {
    const { played, assign, asked, change } = await openPage()
    played.deliveries = deliveries({ sent: 1, refused: 1, dead: 1 })
    await assign(ids(1, 3))
    const readings = asked().length
    await change()
    expect(asked()).toHaveLength(readings)
  })

  it('are looked for page by page, no further than needed and never further than five', async () => {
    const { played, assign, summary, asked } = await openPage()
    played.deliveries = deliveries({ sent: 400 })
    await assign(ids(60, 61))
    expect(asked().map(({ query }) => query)).toEqual([{ limit: '50' }, { limit: '50', cursor: '50' }])
    await assign(['399'])
    expect(asked()).toHaveLength(2 + 5)
    expect(summary()).toBe('刚分配的 3 条：已送达 2，还没有查到 1')
  })

  it('of several assignments add up until it is closed', async () => {
    const { played, assign, summary, strip, button, told, focused } = await openPage()
    played.deliveries = deliveries({ sent: 5 })
    await assign(ids(1, 2))
    await assign(ids(3, 5))
    expect(summary()).toBe('刚分配的 5 条：已送达 5')
    button('关闭').focus()
    button('关闭').click()
    await settle()
    expect([strip().exists(), told(), focused()]).toEqual([false, '', 0])
    await assign(['1'])
    expect(summary()).toBe('刚分配的 1 条：已送达 1')
  })

  it('stay as they were seen when a reading fails, which is said quietly', async () => {
    const { played, assign, summary, strip, change, button } = await openPage()
    played.deliveries = deliveries({ sent: 1, leased: 1 })
    await assign(ids(1, 2))
    played.backend.offline = true
    await change()
    expect(summary()).toBe('刚分配的 2 条：已送达 1，正在发送 1')
    expect(strip().text()).toContain('暂时读不到')
    expect(strip().find('[role=alert]').exists()).toBe(false)
    played.backend.offline = false
    played.deliveries = deliveries({ sent: 2 })
    strip()
      .findAll('button')
      .find((one) => one.text() === '重试')
      ?.element.click()
    await settle()
    expect(summary()).toBe('刚分配的 2 条：已送达 2')
    expect(strip().text()).not.toContain('暂时读不到')
    expect(button('关闭').disabled).toBe(false)
  })

  it('are still there after a look at another page, read again', async () => {
    const { page, played, assign, summary, strip, router } = await openPage()
    played.deliveries = deliveries({ refused: 1, sent: 1 })
    await assign(ids(1, 2))
    expect(strip().get('a.el-button').text()).toBe('查看提醒')
    expect(strip().get('a.el-button').attributes('href')).toBe('/deliveries')
    expect(summary()).toBe('刚分配的 2 条：已送达 1，微信拒绝 1')
    page.unmount()
    played.deliveries = deliveries({ sent: 2 })
    const place = document.body.appendChild(document.createElement('div'))
    const later = createApp(JustAssigned).use(router)
    later.mount(place)
    await settle()
    expect(place.querySelector('.head p')?.textContent).toBe('刚分配的 2 条：已送达 2')
    later.unmount()
  })

  it('are nobody else’s', async () => {
    const { played, assign, strip } = await openPage()
    const backend = played.backend.on('POST /sys/login', () => ({
      token: 'of-another',
      userInfo: { id: '2', username: 'wang', realname: '王主管', role: 'clerk' },
    }))
    played.deliveries = deliveries({ waiting: 1 })
    await assign(['1'])
    expect(strip().exists()).toBe(true)
    await useSession().login({ username: 'wang', password: 'p', captcha: 'c', checkKey: 'k' })
    await settle()
    expect(backend.of('POST /sys/login')).toHaveLength(1)
    expect(strip().exists()).toBe(false)
  })
})

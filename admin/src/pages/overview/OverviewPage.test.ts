import type { Statistics } from '@leadbell/contract'
import type * as ChartJs from 'chart.js'
import { afterEach, beforeEach, describe, expect, it, vi, type Mock } from 'vitest'
import { Backend, Refusal } from '../../testing/backend.ts'
import { open, settle } from '../../testing/open.ts'
import OverviewPage from './OverviewPage.vue'

/** Each chart that was made; while `breaks`, none can be. */
const played = vi.hoisted(() => ({
  drawn: [] as { update: Mock; destroy: Mock; options: object }[],
  breaks: false,
}))

// no canvas here; what is drawn is looked at in a browser
vi.mock('chart.js', async (original) => ({
  ...(await original<typeof ChartJs>()),
  Chart: class {
    static register = vi.fn()
    static defaults = { font: {} }
    update = vi.fn()
    destroy = vi.fn()
    data: object
    options: object
    constructor(_canvas: unknown, { data, options }: { data: object; options: object }) {
      if (played.breaks) throw new Error('out of memory')
      this.data = data
      this.options = options
      played.drawn.push(this)
    }
  },
}))

const someStatistics = (said: Partial<Statistics> = {}): Statistics => ({
  from: '2026-11-16T16:00:00.000Z',
  to: '2026-11-23T16:00:00.000Z',
  assigned: 1000,
  states: { ready: 0, leased: 0, sent: 932, refused: 20, waiting: 48, in_doubt: 0, dead: 0 },
  deliveryRate: 0.932,
  medianSecondsToRing: 2.4,
  waiting: { unpaid: 12, unbound: 3 },
  unassigned: 10_000,
  days: [{ day: '2026-11-20', assigned: 1000, sent: 932, medianSecondsToRing: 2.4 }],
  ...said,
})

let backend: Backend
const { drawn } = played

beforeEach(() => {
  vi.useFakeTimers({
    now: new Date('2026-11-23T10:00:00+08:00'),
    toFake: ['Date', 'setTimeout', 'clearTimeout'],
  })
  backend = new Backend().on('GET /admin/statistics', () => someStatistics())
  drawn.length = 0
  played.breaks = false
})
afterEach(() => document.documentElement.classList.remove('dark'))

const asked = () => backend.of('GET /admin/statistics').map(({ query }) => query)
const openPage = async (path = '/overview') => {
  const opened = await open(OverviewPage, { path })
  await vi.dynamicImportSettled()
  await settle()
  return opened
}

describe('the figures', () => {
  it('say how many rang, how fast, what waits and what nobody has', async () => {
    const { page } = await openPage()
    const text = page.text()
    for (const said of ['93.2%', '共 1000 条提醒，已送达 932 条', '2.4 秒', '15 条', '12 条等订阅次数'])
      expect(text).toContain(said)
    expect(text).toContain('3 条等绑定微信')
    expect(text).toContain('10000+ 条')
  })

  it('lead to where something can be done', async () => {
    const { page } = await openPage()
    expect(page.findAll('a').map((link) => link.attributes('href'))).toEqual([
      '/deliveries?state=waiting',
      '/staff?maxQuota=0',
      '/staff?bound=0',
      '/clues?unassigned=1',
    ])
  })
})

describe('the range', () => {
  it('is the last seven days in Beijing', async () => {
    await openPage()
    expect(asked()).toEqual([{ from: '2026-11-17T00:00:00.000+08:00', to: '2026-11-24T00:00:00.000+08:00' }])
  })

  it('is kept in the address', async () => {
    const { page, router } = await openPage()
    await page.get('input[value="30"]').setValue()
    await settle()
    expect(router.currentRoute.value.query).toEqual({ days: '30' })
    expect(asked().at(-1)).toMatchObject({ from: '2026-10-25T00:00:00.000+08:00' })
  })

  it('can be any days', async () => {
    const { page, router } = await openPage('/overview?from=2026-10-01&to=2026-10-07')
    expect(asked()).toEqual([{ from: '2026-10-01T00:00:00.000+08:00', to: '2026-10-08T00:00:00.000+08:00' }])
    await page.get('#first-day').setValue('2026-10-05')
    await page.get('#first-day').trigger('change')
    await settle()
    expect(router.currentRoute.value.query).toEqual({ from: '2026-10-05', to: '2026-10-07' })
  })

  it.each([
    ['2026-10-09', '开始日期要早于结束日期'],
    ['2026-06-01', '一次最多看 92 天'],
  ])('that cannot be counted (from %s) stays as typed, and the page says why', async (first, why) => {
    const { page } = await openPage('/overview?from=2026-10-01&to=2026-10-07')
    await page.get('#first-day').setValue(first)
    await page.get('#first-day').trigger('change')
    await settle()
    expect(page.text()).toContain(why)
    expect(page.get<HTMLInputElement>('#first-day').element.value).toBe(first)
    expect(asked()).toHaveLength(1)
  })

  it('asks nothing more on the way to another page', async () => {
    const { router } = await openPage('/overview?days=30')
    await router.push('/clues')
    await settle()
    expect(asked()).toHaveLength(1)
  })

  it('of two the later one is shown, whichever is answered last', async () => {
    let answerFirst: (statistics: Statistics) => void = () => undefined
    backend.on('GET /admin/statistics', ({ query }) =>
      query.from?.startsWith('2026-11-17')
        ? new Promise((resolve) => {
            answerFirst = resolve
          })
        : someStatistics({ medianSecondsToRing: 30 }),
    )
    const { page } = await openPage()
    await page.get('input[value="30"]').setValue()
    await settle()
    answerFirst(someStatistics({ medianSecondsToRing: 7 }))
    await settle()
    expect(page.text()).toContain('30 秒')
    expect(page.text()).not.toContain('7 秒')
  })
})

describe('a change', () => {
  it('is counted at once, then at most every five seconds', async () => {
    const { change } = await openPage()
    await change()
    expect(asked()).toHaveLength(2)
    await change()
    await vi.advanceTimersByTimeAsync(4_900)
    expect(asked()).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(200)
    expect(asked()).toHaveLength(3)
  })

  it('updates the charts in place', async () => {
    const { change } = await openPage()
    expect(drawn).toHaveLength(2)
    await change()
    expect(drawn).toHaveLength(2)
    expect(drawn[0]?.update).toHaveBeenCalledOnce()
  })
})

describe('the charts', () => {
  it('are in the theme’s colours, and again when the theme changes', async () => {
    await openPage()
    document.documentElement.classList.add('dark')
    await vi.waitFor(() => expect(drawn.map(({ update }) => update.mock.calls.length)).toEqual([1, 1]))
  })

  it('do not move for whoever asked for that', async () => {
    vi.spyOn(globalThis, 'matchMedia').mockReturnValue({ matches: true } as MediaQueryList)
    await openPage()
    expect(drawn.map(({ options }) => 'animation' in options && options.animation)).toEqual([false, false])
  })

  it('say what they show, and show it as a table', async () => {
    const { page } = await openPage()
    const [days, states] = page.findAll('canvas')
    expect(days?.attributes('role')).toBe('img')
    expect(days?.attributes('aria-label')).toContain('共 1000 条提醒，已送达 932 条')
    expect(states?.attributes('aria-label')).toContain('等待中 48 条')
    await page.get('figure button').trigger('click')
    expect(page.findAll('tbody tr').map((row) => row.text())).toHaveLength(7)
    expect(
      page
        .get('tbody tr:nth-child(4)')
        .findAll('th, td')
        .map((cell) => cell.text()),
    ).toEqual(['2026-11-20', '1000', '932', '68', '2.4 秒'])
  })

  it('that cannot be drawn leave a table', async () => {
    played.breaks = true
    const { page } = await openPage()
    expect(page.text()).toContain('图表没有加载出来')
    expect(page.findAll('table')).toHaveLength(2)
  })

  it('are given back when the page is left', async () => {
    const { page } = await openPage()
    page.unmount()
    expect(drawn.map(({ destroy }) => destroy.mock.calls.length)).toEqual([1, 1])
  })
})

it('says what to do when there were no messages', async () => {
  backend.on('GET /admin/statistics', () =>
    someStatistics({ assigned: 0, states: {}, deliveryRate: null, medianSecondsToRing: null, days: [] }),
  )
  const { page } = await openPage()
  expect(page.text()).toContain('还没有发过提醒')
  expect(page.find('canvas').exists()).toBe(false)
})

it('keeps the figures when a reading fails, and reads again', async () => {
  const { page, change } = await openPage()
  backend.on('GET /admin/statistics', () => new Refusal(503, '暂时无法统计'))
  await change()
  expect(page.text()).toContain('暂时无法统计')
  expect(page.text()).toContain('93.2%')
  backend.on('GET /admin/statistics', () => someStatistics({ deliveryRate: 1 }))
  await page
    .findAll('button')
    .find((button) => button.text() === '重试')
    ?.trigger('click')
  await settle()
  expect(page.text()).toContain('100%')
  expect(page.text()).not.toContain('暂时无法统计')
})

import type { Clue } from '@leadbell/contract'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import CluePage from '@/pages/clue/clue.vue'
import { useNetwork } from '@/stores/network.ts'
import { useSession } from '@/stores/session.ts'
import { aClue, ok, refused, type Reply } from '../fakes/backend.ts'
import { servePages } from '../fakes/clue-pages.ts'
import { useFakeHost, type FakeHost } from '../fakes/host.ts'
import { restart } from '../fakes/restart.ts'
import { fire } from '../fakes/uni-app.ts'
import { openPage, tap, textsOf } from './open-page.ts'

let host: FakeHost
let clues: Clue[]
const openList = () => openPage(host, CluePage, 'pages/clue/clue')
const asked = () => host.requests('GET /clues').length

beforeEach(() => {
  host = useFakeHost({ loggedIn: true })
  clues = [aClue('7'), aClue('6', { status: 'won', readAt: '2026-11-23T02:00:00.000Z' })]
  servePages(host, () => clues)
})

describe('the states of the list page', () => {
  it('a skeleton until the first answer', async () => {
    let answer = (_: Reply): void => undefined
    host.backend['GET /clues'] = () => new Promise((resolve) => (answer = resolve))
    const page = await openList()
    expect(page.findAll('.skeleton')).toHaveLength(5)
    answer(ok({ items: clues, nextCursor: null, unread: 1 }))
    await host.settled()
    expect(page.findAll('.skeleton')).toEqual([])
    expect(textsOf(page, '#clue-list .title')).toEqual(['恒泰建材 采购咨询 7', '恒泰建材 采购咨询 6'])
  })

  it('leads with their status, the new ones marked, counted and said aloud', async () => {
    const page = await openList()
    expect(textsOf(page, '#clue-list .status')).toEqual(['待跟进', '已成交'])
    expect(page.findAll('.row').map((row) => row.find('.dot').exists())).toEqual([true, false])
    expect(page.get('#unread').text()).toBe('1 条新线索还没看')
    expect(page.get('.clue-row').attributes('aria-label')).toBe('新线索，恒泰建材 采购咨询 7，待跟进')
    expect(page.text()).toContain('没有更多了')
  })

  it('none at all: where they will appear', async () => {
    clues = []
    expect((await openList()).text()).toContain('分配给您的线索会出现在这里')
  })

  it('none that fit: another filter may help', async () => {
    const page = await openList()
    await tap(host, page, '.filter[data-status="invalid"]')
    expect(page.text()).toContain('没有符合条件的线索')
    await tap(host, page, '.filter:not([data-status])')
    expect(page.findAll('.clue-row')).toHaveLength(2)
  })

  it('failed: says why, and 重试 brings the list', async () => {
    const works = host.backend['GET /clues']
    host.backend['GET /clues'] = () => refused(500, '服务器正在维护')
    const page = await openList()
    expect(page.text()).toContain('服务器正在维护')
    host.backend['GET /clues'] = works
    await tap(host, page, '.action')
    expect(page.findAll('.clue-row')).toHaveLength(2)
  })

  it('offline: the last list with its time, and a bar that says so', async () => {
    vi.useFakeTimers({ now: new Date(2026, 10, 23, 9, 42) })
    await openList()
    host = restart(host)
    host.network = 'none'
    useNetwork().watchHost()
    const page = await openList()
    expect(page.findAll('.clue-row')).toHaveLength(2)
    expect(page.text()).toContain('这是 11月23日 09:42 的列表')
    expect(page.get('#offline').text()).toBe('网络已断开，恢复后自动刷新')
  })

  it('another account meanwhile: nothing of the former list, not for a moment', async () => {
    await openList()
    const { session } = useSession()
    if (session) useSession().session = { ...session, user: { id: 'u2', username: 'lin', realname: '林' } }
    host.backend['GET /clues'] = () => 'never'
    const page = await openList()
    expect(page.findAll('.clue-row')).toEqual([])
  })

  it('logged out: the login page', async () => {
    host = useFakeHost()
    await openList()
    expect(host.wentTo()).toEqual(['/pages/login/login'])
    expect(host.of('request')).toEqual([])
  })
})

describe('when the list is looked at again', () => {
  it('the network coming back refreshes it', async () => {
    useNetwork().watchHost()
    const page = await openList()
    host.network = 'none'
    await host.settled()
    clues = [aClue('8'), ...clues]
    host.network = 'wifi'
    await host.settled()
    expect(page.findAll('.clue-row')).toHaveLength(3)
    expect(page.find('#offline').exists()).toBe(false)
  })

  it('a page shown again within ten seconds asks for nothing, later it does', async () => {
    vi.useFakeTimers()
    await openList()
    await fire('onHide')
    await fire('onShow')
    expect(asked()).toBe(1)
    vi.advanceTimersByTime(10_000)
    await fire('onShow')
    expect(asked()).toBe(2)
  })

  it('a page that is only looked at asks every minute, a hidden or closed one never', async () => {
    vi.useFakeTimers()
    await openList()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(asked()).toBe(2)
    await fire('onHide')
    await vi.advanceTimersByTimeAsync(300_000)
    expect(asked()).toBe(2)
    await fire('onShow')
    await fire('onUnload')
    await vi.advanceTimersByTimeAsync(300_000)
    expect(asked()).toBe(3)
  })

  it('a pull refreshes, starts anew and lets go, with and without a network', async () => {
    const page = await openList()
    clues = [aClue('8')]
    await fire('onPullDownRefresh')
    expect(textsOf(page, '#clue-list .title')).toEqual(['恒泰建材 采购咨询 8'])
    host.network = 'none'
    await fire('onPullDownRefresh')
    expect(host.of('stopPullDownRefresh')).toHaveLength(2)
  })

  it('the bottom brings more; what failed comes with a tap', async () => {
    clues = Array.from({ length: 30 }, (_, n) => aClue(String(90 - n)))
    const page = await openList()
    host.network = 'none'
    await fire('onReachBottom')
    await host.settled()
    expect(page.get('#more-retry').text()).toBe('没有加载出来，点这里重试')
    host.network = 'wifi'
    await tap(host, page, '#more-retry')
    expect(page.findAll('.clue-row')).toHaveLength(30)
    expect(page.text()).toContain('没有更多了')
  })
})

describe('search', () => {
  const queries = () => host.requests('GET /clues').map(({ query }) => query.q)

  it('asks when the typing pauses, not for every letter, and trimmed', async () => {
    vi.useFakeTimers()
    const page = await openList()
    for (const text of ['恒', '恒泰', '恒泰 ']) await page.get('#search').setValue(text)
    await vi.advanceTimersByTimeAsync(400)
    expect(queries()).toEqual([undefined, '恒泰'])
  })

  it('asks at once with the keyboard’s 搜索, and only then', async () => {
    vi.useFakeTimers()
    const page = await openList()
    await page.get('#search').setValue('恒泰')
    await page.get('#search').trigger('confirm')
    await vi.advanceTimersByTimeAsync(1000)
    expect(queries()).toEqual([undefined, '恒泰'])
  })

  it('清除 shows everything again', async () => {
    const page = await openList()
    await page.get('#search').setValue('没有这个')
    await page.get('#search').trigger('confirm')
    await host.settled()
    await tap(host, page, '#clear-search')
    expect(page.findAll('.clue-row')).toHaveLength(2)
    expect(page.get<HTMLInputElement>('#search').element.value).toBe('')
  })
})

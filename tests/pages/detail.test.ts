import { beforeEach, describe, expect, it } from 'vitest'
import DetailPage from '@/pages/clue/detail.vue'
import { useNetwork } from '@/stores/network.ts'
import { useSubscription } from '@/stores/subscription.ts'
import { aDetail, ok, refused, type Reply } from '../fakes/backend.ts'
import { useFakeHost, type FakeHost } from '../fakes/host.ts'
import { fire } from '../fakes/uni-app.ts'
import { openPage, tap, textsOf } from './open-page.ts'

let host: FakeHost
const openDetail = (query: Record<string, string> = { id: '7' }) =>
  openPage(host, DetailPage, 'pages/clue/detail', query)

beforeEach(() => {
  host = useFakeHost({ loggedIn: true })
})

describe('the states of a lead’s page', () => {
  it('a skeleton, then the lead', async () => {
    let answer = (_: Reply): void => undefined
    host.backend['GET /clues/{id}'] = () => new Promise((resolve) => (answer = resolve))
    const page = await openDetail()
    expect(page.findAll('.bone').length).toBeGreaterThan(0)
    answer(ok(aDetail('7', { remark: '上午别打电话' })))
    await host.settled()
    expect(page.get('#clue-title').text()).toBe('恒泰建材 采购咨询 7')
    expect(page.get('#clue-status').text()).toBe('待跟进')
    expect(page.get('#clue-phone').text()).toBe('13800000000')
    expect(page.text()).toContain('上午别打电话')
    expect(page.text()).toContain('还没有跟进记录')
    expect(page.findAll('.bone')).toEqual([])
  })

  it.each([
    [404, '线索不存在，或已不在您名下', '可能不是分配给您的线索，或者链接不完整'],
    [403, '这条线索已经转给其他同事', '后台已经改派，请不要再联系这位客户'],
    [410, '这条线索已被后台删除', '不需要再跟进了'],
  ])('%i has a screen of its own, and a way back to the list', async (code, message, hint) => {
    host.backend['GET /clues/{id}'] = () => refused(code, message, code)
    const page = await openDetail()
    expect(page.text()).toContain(message)
    expect(page.text()).toContain(hint)
    await tap(host, page, '.action')
    expect(host.wentTo()).toEqual(['/pages/clue/clue'])
  })

  it('a link without an id', async () => {
    expect((await openDetail({})).text()).toContain('链接里没有线索编号，请从列表打开')
  })

  it('an id that WeChat hands over encoded is read as it was meant', async () => {
    await openDetail({ id: encodeURIComponent('a/7') })
    expect(host.requests('GET /clues/{id}').map(({ path }) => path.id)).toEqual(['a/7'])
  })

  it('failed: says why, and 重试 brings the lead', async () => {
    host.network = 'none'
    const page = await openDetail()
    expect(page.text()).toContain('网络不通，请检查网络后重试')
    host.network = 'wifi'
    await tap(host, page, '.action')
    expect(page.get('#clue-title').text()).toBe('恒泰建材 采购咨询 7')
  })

  it('offline after it was open: stays readable, says that it may be old, and is refreshed by the network', async () => {
    useNetwork().watchHost()
    const page = await openDetail()
    host.network = 'none'
    await fire('onShow')
    await host.settled()
    expect(page.get('#stale').text()).toContain('以下内容可能不是最新的')
    expect(page.find('#offline').exists()).toBe(true)
    host.backend['GET /clues/{id}'] = () => ok(aDetail('7', { status: 'won' }))
    host.network = 'wifi'
    await host.settled()
    expect(page.get('#clue-status').text()).toBe('已成交')
    expect(page.find('#stale').exists()).toBe(false)
  })

  it('logged out, from a message: the login, which leads back here', async () => {
    host = useFakeHost()
    await openDetail()
    expect(host.wentTo()).toEqual([`/pages/login/login?to=${encodeURIComponent('/pages/clue/detail?id=7')}`])
    expect(host.requests('GET /clues/{id}')).toEqual([])
  })

  it('shown again, it is refreshed and keeps what was typed', async () => {
    const page = await openDetail()
    await page.get('#note').setValue('客户说')
    await fire('onShow')
    await host.settled()
    expect(host.requests('GET /clues/{id}')).toHaveLength(2)
    expect(page.get<HTMLTextAreaElement>('#note').element.value).toBe('客户说')
  })
})

describe('what can be done with a lead', () => {
  it('the customer is called, the number copied', async () => {
    const page = await openDetail()
    await tap(host, page, '#call')
    await tap(host, page, '#copy')
    expect(host.of('makePhoneCall').map((call) => call.arg.phoneNumber)).toEqual(['13800000000'])
    expect(host.of('setClipboardData').map((call) => call.arg.data)).toEqual(['13800000000'])
  })

  it('标记为已跟进 saves the status and takes a grant along in the same tap, then goes away', async () => {
    host.settings.kept = { T1: 'accept' }
    useSubscription().readSettings()
    await host.settled()
    const page = await openDetail()
    host.calls.length = 0
    await tap(host, page, '#follow')
    expect(host.calls[0]).toMatchObject({ name: 'requestSubscribeMessage', tap: true })
    expect(host.sent('PUT /clues/{id}')).toEqual([{ status: 'following', version: 1 }])
    expect(page.get('#clue-status').text()).toBe('跟进中')
    expect(page.find('#follow').exists()).toBe(false)
  })

  it('each status has a button that keeps its tap state and says whether it is the present one', async () => {
    const page = await openDetail()
    const choices = page.findAll('.choice')
    expect(choices.map((choice) => choice.text())).toEqual(['待跟进', '跟进中', '已成交', '无效'])
    expect(choices.map((choice) => choice.attributes('data-eventsync'))).toEqual(Array(4).fill('true'))
    await tap(host, page, '#status-won')
    expect(choices.map((choice) => choice.attributes('aria-checked'))).toEqual([
      'false',
      'false',
      'true',
      'false',
    ])
  })

  it('a note is shown at once as being saved, then with its time', async () => {
    let answer = (_: Reply): void => undefined
    host.backend['POST /clues/{id}/notes'] = () => new Promise((resolve) => (answer = resolve))
    const page = await openDetail()
    await page.get('#note').setValue('约了周三')
    await tap(host, page, '#save-note')
    expect(textsOf(page, '#notes .remark')).toEqual(['约了周三'])
    expect(page.get('#notes .meta').text()).toBe('陈小舟 · 正在保存…')
    const [sent] = host.sent('POST /clues/{id}/notes')
    answer(ok({ id: sent?.id, text: '约了周三', author: '陈小舟', at: '2026-11-23T02:00:00.000Z' }))
    await host.settled()
    expect(page.get('#notes .meta').text()).not.toContain('正在保存')
    expect(page.get<HTMLTextAreaElement>('#note').element.value).toBe('')
  })

  it('a note of a lead that went to somebody else is kept on the screen, and can be copied', async () => {
    const page = await openDetail()
    host.backend['POST /clues/{id}/notes'] = () => refused(403, '这条线索已经转给其他同事', 403)
    await page.get('#note').setValue('约了周三')
    await tap(host, page, '#save-note')
    expect(page.text()).toContain('这条线索已经转给其他同事')
    expect(page.get('#kept-note').text()).toContain('约了周三')
    await tap(host, page, '#copy-note')
    expect(host.of('setClipboardData').map((call) => call.arg.data)).toEqual(['约了周三'])
  })
})

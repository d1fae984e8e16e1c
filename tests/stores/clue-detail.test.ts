import { beforeEach, describe, expect, it } from 'vitest'
import { useClueDetail } from '@/stores/clue-detail.ts'
import { useClueList } from '@/stores/clue-list.ts'
import { aClue, aDetail, ok, refused, type Reply } from '../fakes/backend.ts'
import { useFakeHost, type FakeHost } from '../fakes/host.ts'

const READ_AT = '2026-11-23T02:00:00.000Z'
let host: FakeHost
beforeEach(() => {
  host = useFakeHost({ loggedIn: true })
})

describe('opening a lead', () => {
  it('shows what the list knows at once, then what the backend says', async () => {
    await useClueList().refresh()
    host.backend['GET /clues/{id}'] = () => ok(aDetail('7', { remark: '上午别打电话' }))
    const opening = useClueDetail().open('7')
    expect(useClueDetail().state).toMatchObject({ kind: 'ready', clue: { id: '7', remark: '' }, notes: null })
    await opening
    expect(useClueDetail().state).toMatchObject({
      kind: 'ready',
      clue: { remark: '上午别打电话' },
      notes: [],
    })
  })

  it('that the list does not know waits for the backend', async () => {
    const opening = useClueDetail().open('7')
    expect(useClueDetail().state).toEqual({ kind: 'loading' })
    await opening
    expect(useClueDetail().state).toMatchObject({ kind: 'ready', stale: '' })
  })

  it('without a network shows what the list knows, and says that it may be old', async () => {
    await useClueList().refresh()
    host.network = 'none'
    await useClueDetail().open('7')
    expect(useClueDetail().state).toMatchObject({
      kind: 'ready',
      notes: null,
      stale: '网络不通，请检查网络后重试',
    })
  })

  it('a failure can be tried again', async () => {
    host.network = 'none'
    await useClueDetail().open('7')
    expect(useClueDetail().state).toEqual({ kind: 'failed', message: '网络不通，请检查网络后重试' })
    host.network = 'wifi'
    await useClueDetail().refresh()
    expect(useClueDetail().state.kind).toBe('ready')
  })

  it.each([
    [404, 'missing', '线索不存在，或已不在您名下'],
    [403, 'reassigned', '这条线索已经转给其他同事'],
    [410, 'deleted', '这条线索已被后台删除'],
  ])('%i is %s, in the backend’s words, and leaves the list', async (code, why, message) => {
    await useClueList().refresh()
    host.backend['GET /clues/{id}'] = () => refused(code, message, code)
    await useClueDetail().open('7')
    expect(useClueDetail().state).toEqual({ kind: 'gone', why, message })
    expect(useClueList().items).toEqual([])
  })

  it('a link without an id is said to be one, without asking the backend', async () => {
    await useClueDetail().open('')
    expect(useClueDetail().state).toMatchObject({ kind: 'gone', message: '链接里没有线索编号，请从列表打开' })
    expect(host.of('request')).toEqual([])
  })

  it('a late answer to an earlier lead does not replace the one that is open', async () => {
    let answerLate = (_: Reply): void => undefined
    host.backend['GET /clues/{id}'] = ({ path }) =>
      path.id === '8' ? new Promise((resolve) => (answerLate = resolve)) : ok(aDetail('7'))
    const late = useClueDetail().open('8')
    await useClueDetail().open('7')
    answerLate(refused(410, '已删除', 410))
    await late
    expect(useClueDetail().state).toMatchObject({ kind: 'ready', clue: { id: '7' } })
  })
})

describe('the unread mark', () => {
  beforeEach(async () => {
    await useClueList().refresh()
  })

  it('goes with the first opening, here and on the backend', async () => {
    await useClueDetail().open('7')
    await host.settled()
    expect(host.requests('PUT /clues/{id}/read').map(({ path }) => path.id)).toEqual(['7'])
    expect(useClueList()).toMatchObject({ unread: 0, items: [{ readAt: expect.any(String) as string }] })
  })

  it('is not set again for a lead that was read before', async () => {
    host.backend['GET /clues/{id}'] = () => ok(aDetail('7', { readAt: READ_AT }))
    await useClueDetail().open('7')
    await host.settled()
    expect(host.sent('PUT /clues/{id}/read')).toEqual([])
  })

  it('that the backend has not heard of is told again with the next look, and counted once', async () => {
    host.backend['GET /clues'] = () => ok({ items: [aClue('7'), aClue('6')], nextCursor: null, unread: 2 })
    await useClueList().refresh()
    host.backend['PUT /clues/{id}/read'] = () => 'offline'
    await useClueDetail().open('7')
    await useClueDetail().refresh()
    await host.settled()
    expect(host.sent('PUT /clues/{id}/read')).toHaveLength(2)
    expect(useClueList().unread).toBe(1)
    expect(useClueList().find('7')?.readAt).not.toBeNull()
    expect(host.toasts()).toEqual([])
  })
})

describe('the phone number', () => {
  beforeEach(async () => {
    await useClueDetail().open('7')
    host.calls.length = 0
  })

  it('is called', async () => {
    await host.tap(() => useClueDetail().call())
    expect(host.of('makePhoneCall').map((call) => call.arg)).toEqual([{ phoneNumber: '13800000000' }])
  })

  it('is copied, and WeChat says so itself', async () => {
    await host.tap(() => useClueDetail().copyPhone())
    expect(host.of('setClipboardData').map((call) => call.arg)).toEqual([{ data: '13800000000' }])
    expect(host.of('showModal')).toEqual([])
  })

  it.each([
    ['declined now', { errno: 104, errMsg: 'setClipboardData:fail' }, '您没有同意隐私保护指引'],
    ['declined with another', { errno: 103, errMsg: 'setClipboardData:fail' }, '您没有同意隐私保护指引'],
    [
      'declined in words',
      { errMsg: 'setClipboardData:fail privacy permission is not authorized' },
      '您没有同意隐私保护指引',
    ],
    ['not declared', { errno: 112, errMsg: 'setClipboardData:fail' }, '小程序还没有声明要用剪贴板'],
    [
      'not declared in words',
      { errMsg: 'setClipboardData:fail api scope is not declared in the privacy agreement' },
      '小程序还没有声明要用剪贴板',
    ],
    ['banned', { errMsg: 'setClipboardData:fail appid privacy api banned' }, '小程序还没有声明要用剪贴板'],
    ['anything else', { errMsg: 'setClipboardData:fail' }, '没有复制成功，请长按文字选中复制'],
  ])('that cannot be copied is explained: %s', async (_case, failure, words) => {
    host.clipboard = failure
    await host.tap(() => useClueDetail().copyPhone())
    expect(host.modalTexts()).toHaveLength(1)
    expect(host.modalTexts()[0]).toContain(words)
    expect(host.of('showModal')[0]?.arg).toMatchObject({ showCancel: false, confirmText: '知道了' })
  })
})

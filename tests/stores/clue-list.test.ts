import type { Clue } from '@leadbell/contract'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { useClueList } from '@/stores/clue-list.ts'
import { useSession } from '@/stores/session.ts'
import { aClue, aLogin, ok, type Reply } from '../fakes/backend.ts'
import { servePages } from '../fakes/clue-pages.ts'
import { useFakeHost, type FakeHost } from '../fakes/host.ts'
import { restart } from '../fakes/restart.ts'
import { tapLogin } from './tap-login.ts'

let host: FakeHost
let clues: Clue[]

const shown = () => useClueList().items.map(({ id }) => id)
const ids = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, n) => String(from - n))

beforeEach(() => {
  host = useFakeHost({ loggedIn: true })
  // Lead 60 was assigned last.
  clues = ids(60, 1).map((id) => aClue(id, { assignedAt: new Date(Number(id) * 1000).toISOString() }))
  servePages(host, () => clues)
})

describe('the list', () => {
  it('loads twenty, then twenty more each time, and says when that was all', async () => {
    const list = useClueList()
    await list.refresh()
    expect(shown()).toEqual(ids(60, 41))
    await list.loadMore()
    expect(list.more).toBe('idle')
    await list.loadMore()
    expect(shown()).toEqual(ids(60, 1))
    expect(list.more).toBe('end')
    await list.loadMore()
    expect(host.requests('GET /clues')).toHaveLength(3)
  })

  it('asks for more once, however often the bottom is reached', async () => {
    const list = useClueList()
    await list.refresh()
    await Promise.all([list.loadMore(), list.loadMore(), list.loadMore()])
    expect(host.requests('GET /clues')).toHaveLength(2)
    expect(shown()).toHaveLength(40)
  })

  it('more that fails can be tried again, and what is shown stays', async () => {
    const list = useClueList()
    await list.refresh()
    host.network = 'none'
    await list.loadMore()
    expect(list.more).toBe('failed')
    expect(shown()).toHaveLength(20)
    host.network = 'wifi'
    await list.loadMore()
    expect(shown()).toHaveLength(40)
  })

  it('counts the leads nobody has opened', async () => {
    clues[0] = { ...aClue('60'), readAt: '2026-11-23T02:00:00.000Z' }
    await useClueList().refresh()
    expect(useClueList().unread).toBe(59)
  })

  it('says what went wrong when there is nothing to show, and comes back', async () => {
    host.network = 'none'
    const list = useClueList()
    await list.refresh()
    expect(list.state).toEqual({ kind: 'failed', message: '网络不通，请检查网络后重试' })
    host.network = 'wifi'
    const again = list.refresh()
    expect(list.state.kind).toBe('loading')
    await again
    expect(list.state).toEqual({ kind: 'ready', savedAt: null })
  })

  it('without a session asks nothing', async () => {
    host = useFakeHost()
    await useClueList().refresh()
    expect(host.of('request')).toEqual([])
  })
})

describe('a refresh', () => {
  beforeEach(async () => {
    await useClueList().refresh()
    await useClueList().loadMore()
  })

  it('puts new leads on top and keeps what was scrolled to', async () => {
    clues.unshift(aClue('61'))
    await useClueList().refresh()
    expect(shown()).toEqual(ids(61, 21))
    await useClueList().loadMore()
    expect(shown()).toEqual(ids(61, 1))
  })

  it('keeps it at the end of the list too', async () => {
    const list = useClueList()
    await list.loadMore()
    clues.unshift(aClue('61'))
    await list.refresh()
    expect(shown()).toEqual(ids(61, 1))
    expect(list.more).toBe('end')
  })

  it('starts anew when so much is new that the two no longer meet', async () => {
    clues.unshift(...ids(85, 61).map((id) => aClue(id)))
    await useClueList().refresh()
    expect(shown()).toEqual(ids(85, 66))
    await useClueList().loadMore()
    expect(shown()).toEqual(ids(85, 46))
  })

  it('shows a lead that was assigned again on top, and only there', async () => {
    clues = [aClue('30'), ...clues.filter(({ id }) => id !== '30')]
    await useClueList().refresh()
    expect(shown()).toEqual(['30', ...ids(60, 31), ...ids(29, 21)])
  })

  it('that was asked for by hand starts anew: what went away further down goes', async () => {
    clues = clues.filter(({ id }) => id !== '30')
    await useClueList().refreshAnew()
    await useClueList().loadMore()
    expect(shown()).toEqual([...ids(60, 31), ...ids(29, 20)])
  })

  it('that fails leaves everything as it is', async () => {
    host.network = 'none'
    await useClueList().refresh()
    expect(shown()).toHaveLength(40)
    expect(useClueList().state).toEqual({ kind: 'ready', savedAt: null })
  })

  it('is asked once while one is on its way', async () => {
    host.calls.length = 0
    await Promise.all([useClueList().refresh(), useClueList().refresh()])
    expect(host.requests('GET /clues')).toHaveLength(1)
  })

  it('is not made for a page that is shown again within ten seconds', async () => {
    vi.useFakeTimers()
    await useClueList().refresh()
    host.calls.length = 0
    vi.advanceTimersByTime(9_999)
    await useClueList().refreshUnlessFresh()
    expect(host.of('request')).toEqual([])
    vi.advanceTimersByTime(1)
    await useClueList().refreshUnlessFresh()
    expect(host.of('request')).toHaveLength(1)
  })
})

describe('the same account again', () => {
  it('a login asks for what is new, however fresh the list was', async () => {
    await useClueList().refresh()
    await useSession().logout()
    await tapLogin(host)
    host.calls.length = 0
    await useClueList().refreshUnlessFresh()
    expect(host.requests('GET /clues')).toHaveLength(1)
  })
})

describe('another account', () => {
  it('starts with an empty list and all leads, and sees nothing of the first one’s', async () => {
    const list = useClueList()
    await list.refresh()
    await list.show({ status: 'won' })
    await list.show({ status: null })
    await useSession().logout()
    host.backend['POST /sys/login'] = () =>
      aLogin({ token: 'token-2', userInfo: { id: 'u2', username: 'lin', realname: '林' } })
    let answer = (_: Reply): void => undefined
    host.backend['GET /clues'] = () => new Promise((resolve) => (answer = resolve))
    await tapLogin(host)
    expect(shown()).toEqual([])
    const refresh = list.refresh()
    expect(list).toMatchObject({ state: { kind: 'loading' }, unread: 0, filter: { status: null, q: '' } })
    await host.settled()
    answer(ok({ items: [aClue('99')], nextCursor: null, unread: 1 }))
    await refresh
    expect(shown()).toEqual(['99'])
  })
})

describe('without a network', () => {
  beforeEach(async () => {
    vi.useFakeTimers({ now: new Date('2026-11-23T10:00:00.000Z') })
    await useClueList().refresh()
    for (let page = 0; page < 2; page++) await useClueList().loadMore()
    await useClueList().refresh()
    host = restart(host)
    host.network = 'none'
  })

  it('the last list can be read, with its time', async () => {
    await useClueList().refresh()
    expect(shown()).toEqual(ids(60, 1))
    expect(useClueList()).toMatchObject({
      state: { kind: 'ready', savedAt: Date.parse('2026-11-23T10:00:00.000Z') },
      unread: 60,
    })
  })

  it('also after a look at another filter', async () => {
    await useClueList().refresh()
    await useClueList().show({ status: 'won' })
    expect(useClueList().state.kind).toBe('failed')
    await useClueList().show({ status: null })
    expect(shown()).toEqual(ids(60, 1))
  })

  it('not by another account', async () => {
    const session = { token: 't', user: { id: 'u2', username: 'lin', realname: '林' }, bound: true }
    host.storage.set('leadbell.session', JSON.stringify(session))
    await useClueList().refresh()
    expect(shown()).toEqual([])
  })

  it('and it gives way to the backend’s as soon as there is one', async () => {
    clues = [aClue('70')]
    await useClueList().refresh()
    host.network = 'wifi'
    await useClueList().refresh()
    expect(shown()).toEqual(['70'])
    expect(useClueList().state).toEqual({ kind: 'ready', savedAt: null })
  })
})

import { beforeEach, describe, expect, it } from 'vitest'
import { useClueList } from '@/stores/clue-list.ts'
import { useSession } from '@/stores/session.ts'
import { useSubscription } from '@/stores/subscription.ts'
import { aLogin, refused, type Reply } from '../fakes/backend.ts'
import { useFakeHost, type FakeHost } from '../fakes/host.ts'
import { tapLogin } from './tap-login.ts'

let host: FakeHost
beforeEach(() => {
  host = useFakeHost({ loggedIn: true })
  host.pages = [{ route: 'pages/clue/settings', options: {} }]
})

describe('退出登录', () => {
  it('ends the session on the backend and on the phone, and leads to the login page and nowhere after it', async () => {
    await expect(useSession().logout()).resolves.toBe(true)
    expect(host.sent('POST /sys/logout')).toEqual([{ unbind: false }])
    expect(host.storage.has('leadbell.session')).toBe(false)
    expect(useSession()).toMatchObject({ loggedIn: false, expired: false, signedOut: 'bound' })
    expect(host.wentTo()).toEqual(['/pages/login/login'])
  })

  it('keeps grants that are not reported yet, and forgets the leads of the account', async () => {
    host.backend['POST /notify/grants'] = () => 'offline'
    await host.tap(() => useSubscription().ask(() => undefined))
    await useClueList().refresh()
    await useSession().logout()
    expect(host.stored('leadbell.grants')).toHaveLength(1)
    expect(host.stored('leadbell.clues')).toBeNull()
  })

  it('works without a network: the phone at least forgets', async () => {
    host.network = 'none'
    await expect(useSession().logout()).resolves.toBe(true)
    expect(useSession().loggedIn).toBe(false)
    expect(host.wentTo()).toEqual(['/pages/login/login'])
  })

  it('a session that was over already: one way to the login page, without 登录已过期', async () => {
    host.backend['POST /sys/logout'] = () => refused(401, '登录已失效', 401)
    await expect(useSession().logout()).resolves.toBe(true)
    expect(host.wentTo()).toEqual(['/pages/login/login'])
    expect(useSession()).toMatchObject({ loggedIn: false, expired: false, signedOut: 'bound' })
  })
})

describe('退出并解除微信绑定', () => {
  it('asks the backend to unbind, and offers no 微信快捷登录 afterwards', async () => {
    await useSession().logout({ unbind: true })
    expect(host.sent('POST /sys/logout')).toEqual([{ unbind: true }])
    expect(useSession().signedOut).toBe('unbound')
  })

  it.each<[string, Reply, string]>([
    ['refused', refused(500, '解绑没有成功，请稍后再试'), '解绑没有成功，请稍后再试'],
    ['offline', 'offline', '网络不通，请检查网络后重试'],
    ['not answered', 'timeout', '网络太慢，请求超时了，请重试'],
  ])('%s: the session stays, and the user is told why', async (_case, reply, sentence) => {
    host.backend['POST /sys/logout'] = () => reply
    await expect(useSession().logout({ unbind: true })).resolves.toBe(false)
    expect(useSession().loggedIn).toBe(true)
    expect(host.storage.has('leadbell.session')).toBe(true)
    expect(host.toasts()).toEqual([sentence])
    expect(host.wentTo()).toEqual([])
  })
})

describe('unbinding with a session that is over', () => {
  it('is a session that expired: the user logs in first', async () => {
    host.backend['POST /sys/logout'] = () => refused(401, '登录已失效', 401)
    await expect(useSession().logout({ unbind: true })).resolves.toBe(false)
    expect(useSession()).toMatchObject({ loggedIn: false, expired: true })
    expect(host.wentTo()).toHaveLength(1)
  })
})

describe('a session that expires', () => {
  const expire = () => refused(401, '登录已失效', 401)

  it('leads to the login page once, however many calls say so, and back to the page with its query', async () => {
    host.pages = [{ route: 'pages/clue/detail', options: { id: 'a/7', from: encodeURIComponent('消息') } }]
    host.backend['GET /notify/quota'] = expire
    useSession()
    const { refreshQuota } = useSubscription()
    await Promise.all([refreshQuota(), refreshQuota(), refreshQuota()])
    const to = `/pages/clue/detail?id=${encodeURIComponent('a/7')}&from=${encodeURIComponent('消息')}`
    expect(host.wentTo()).toEqual([`/pages/login/login?to=${encodeURIComponent(to)}`])
    expect(useSession()).toMatchObject({ loggedIn: false, expired: true, signedOut: null })

    host.calls.length = 0
    await tapLogin(host, { to: encodeURIComponent(to) })
    expect(host.wentTo()).toEqual([to])
    expect(useSession().expired).toBe(false)
  })

  it('from the list leads back to the list', async () => {
    host.pages = [{ route: 'pages/clue/clue', options: {} }]
    host.backend['GET /clues'] = expire
    await useClueList().refresh()
    expect(host.wentTo()).toEqual(['/pages/login/login'])
  })

  it('keeps the notes that are not saved and the leads that are cached', async () => {
    await useClueList().refresh()
    host.backend['GET /clues'] = expire
    await useClueList().refresh()
    expect(host.stored('leadbell.clues')).toMatchObject({ items: [{ id: '7' }] })
  })

  it('is not the present one when the answer belongs to an earlier session', async () => {
    let answer = (_: Reply): void => undefined
    host.backend['GET /notify/quota'] = () => new Promise((resolve) => (answer = resolve))
    const session = useSession()
    const late = useSubscription().refreshQuota()
    await host.settled()
    await session.logout()
    host.backend['POST /sys/login'] = () => aLogin({ token: 'token-2' })
    host.backend['GET /notify/quota'] = () => 'offline'
    await tapLogin(host)
    answer(expire())
    await late
    expect(session.session?.token).toBe('token-2')
  })
})

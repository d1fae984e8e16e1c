import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { useSession } from '@/stores/session.ts'
import { useSubscription } from '@/stores/subscription.ts'
import { aLogin, ok } from '../fakes/backend.ts'
import { useFakeHost, type FakeHost } from '../fakes/host.ts'
import { tapLogin } from './tap-login.ts'

let host: FakeHost

const pendingGrants = () => (host.stored('leadbell.grants') ?? []) as { attemptId: string }[]

beforeEach(() => {
  host = useFakeHost()
})

describe('what WeChat could not do', () => {
  it('template ids missing: says nothing gets lost by it, and logs in', async () => {
    host.backend['GET /notify/templates'] = () => 'offline'
    host.subscribe.push({ fail: { errCode: 10001 } })
    await tapLogin(host)
    expect(useSubscription().templatesMissing).toBe(true)
    expect(useSession().loggedIn).toBe(true)
  })

  it('templates of an earlier start are used when the backend does not answer', async () => {
    host = useFakeHost({
      disk: [['leadbell.templates', JSON.stringify([{ templateId: 'OLD', title: 't' }])]],
    })
    host.backend['GET /notify/templates'] = () => 'offline'
    await tapLogin(host)
    expect(host.of('requestSubscribeMessage')[0]?.arg.tmplIds).toEqual(['OLD'])
    expect(useSubscription().templatesMissing).toBe(false)
  })

  it('no code to be had: logs in without one and binds later, before the grants are reported', async () => {
    host.login = 'fails'
    host.backend['POST /sys/login'] = () => aLogin({ wechat: { bound: false, message: '还没有绑定微信' } })
    await tapLogin(host)
    expect(host.sent('POST /sys/login')[0]).not.toHaveProperty('code')
    expect(pendingGrants()).toHaveLength(1)
    expect(host.sent('POST /notify/grants')).toEqual([])

    host.login = 'code'
    await useSession().syncGrants()
    expect(host.sent('POST /notify/bind')).toEqual([{ code: 'wx-code' }])
    expect(host.sent('POST /notify/grants')).toHaveLength(1)
    expect(pendingGrants()).toEqual([])
  })

  it('binds once, however many pages ask while it is under way', async () => {
    host.login = 'fails'
    host.backend['POST /sys/login'] = () => aLogin({ wechat: { bound: false, message: '还没有绑定微信' } })
    await tapLogin(host)
    host.login = 'code'
    await Promise.all([useSession().syncGrants(), useSession().syncGrants()])
    expect(host.sent('POST /notify/bind')).toEqual([{ code: 'wx-code' }])
  })

  it('code2Session refusing: logged in, and the backend says why no message will come', async () => {
    const message = '微信绑定没有成功，暂时收不到提醒，稍后会自动重试'
    host.backend['POST /sys/login'] = () => aLogin({ wechat: { bound: false, message } })
    host.backend['POST /notify/bind'] = () => ok({ bound: false, message })
    await tapLogin(host)
    expect(useSession().loggedIn).toBe(true)
    expect(host.toasts()).toContain(message)
    expect(pendingGrants()).toHaveLength(1)
  })
})

describe('after the login', () => {
  it('leads to the page the user was on the way to', async () => {
    await tapLogin(host, { to: encodeURIComponent('/pages/clue/detail?id=7') })
    expect(host.wentTo()).toEqual(['/pages/clue/detail?id=7'])
  })

  it.each(['https://evil.example/', '/pages/login/login?to=x', '%E0%A4%A'])('but not to %s', async (to) => {
    await tapLogin(host, { to })
    expect(host.wentTo()).toEqual(['/pages/clue/clue'])
  })

  it('remembers the username beyond the session, and never the password', async () => {
    await tapLogin(host)
    await useSession().logout()
    setActivePinia(createPinia())
    expect(useSession().username).toBe('chen')
    expect([...host.storage.values()].join()).not.toContain('secret')
  })
})

import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { useSession } from '@/stores/session.ts'
import { useSubscription } from '@/stores/subscription.ts'
import { ok, refused, useFakeHost, type FakeHost } from '../fakes/host.ts'

const loggedIn = () =>
  new Map([
    [
      'leadbell.session',
      JSON.stringify({ token: 't', user: { id: 'u1', username: 'chen', realname: '陈' }, bound: true }),
    ],
    ['leadbell.templates', JSON.stringify([{ templateId: 'T1', title: 't', purpose: 'clue-assigned' }])],
  ])

/** The app is killed and started again: the same phone, an empty memory. */
function restart(before: FakeHost): FakeHost {
  setActivePinia(createPinia())
  return useFakeHost(before.storage)
}

const ask = async (host: FakeHost) => {
  await new Promise<void>((resolve) => host.tap(() => useSubscription().ask(resolve)))
}
const pending = (host: FakeHost) =>
  JSON.parse(host.storage.get('leadbell.grants') ?? '[]') as { attemptId: string }[]
const reported = (host: FakeHost) =>
  host.sent('POST /notify/grants').map((body) => (body as { attemptId: string }).attemptId)

let host: FakeHost
beforeEach(() => {
  host = useFakeHost(loggedIn())
})

describe('the grant queue', () => {
  it('is on disk before the panel’s answer is acted on', async () => {
    let atEnd = 0
    host.tap(() => useSubscription().ask(() => (atEnd = pending(host).length)))
    await host.settled()
    expect(atEnd).toBe(1)
  })

  it('survives a restart and is reported under the same attempt id', async () => {
    host.backend['POST /notify/grants'] = () => 'timeout'
    await ask(host)
    await useSession().reportGrants()
    const [first] = reported(host)
    host = restart(host)
    await useSession().reportGrants()
    expect(reported(host)).toEqual([first])
    expect(pending(host)).toEqual([])
  })

  it('a report the backend refuses does not keep the others waiting', async () => {
    await ask(host)
    await ask(host)
    const [bad, good] = pending(host).map((grant) => grant.attemptId)
    host.backend['POST /notify/grants'] = ({ body }) =>
      body.attemptId === bad ? refused(400, '不合格', 400) : ok({ quota: { T1: 1 } })
    await useSession().reportGrants()
    expect(reported(host)).toEqual([bad, good])
    expect(pending(host).map((grant) => grant.attemptId)).toEqual([bad])
  })

  it('reports one at a time, however often it is asked to', async () => {
    await ask(host)
    await Promise.all([useSession().reportGrants(), useSession().reportGrants(), useSession().reportGrants()])
    expect(reported(host)).toHaveLength(1)
  })

  it('shows what the backend says is left', async () => {
    host.backend['POST /notify/grants'] = () => ok({ quota: { T1: 3, other: 9 } })
    await ask(host)
    await useSession().reportGrants()
    expect(useSubscription().remaining).toBe(3)
  })

  it('a rejected panel leaves nothing to report', async () => {
    host.subscribe.push({ results: { T1: 'reject' } })
    await ask(host)
    expect(pending(host)).toEqual([])
  })

  it('whatever the network and the user do, every grant reaches the backend once and none is left', async () => {
    const step = fc.constantFrom('ask', 'report', 'report: no network', 'report: answer lost', 'kill')
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        setActivePinia(createPinia())
        let phone = useFakeHost(loggedIn())
        const booked = new Set<string>()
        const behave = (kind: 'answers' | 'offline' | 'answer lost') => {
          phone.backend['POST /notify/grants'] = ({ body }) => {
            if (kind === 'offline') return 'offline'
            booked.add(String(body.attemptId))
            return kind === 'answer lost' ? 'timeout' : ok({ quota: { T1: booked.size } })
          }
        }
        let accepted = 0
        for (const next of steps) {
          if (next === 'ask') {
            await ask(phone)
            accepted++
          } else if (next === 'kill') {
            phone = restart(phone)
          } else {
            behave(next === 'report' ? 'answers' : next === 'report: no network' ? 'offline' : 'answer lost')
            await useSession().reportGrants()
          }
        }
        behave('answers')
        await useSession().reportGrants()
        expect(booked.size).toBe(accepted)
        expect(pending(phone)).toEqual([])
      }),
    )
  })
})

describe('a session that ends', () => {
  it('three calls answered 401 lead to the login page once, and back to the page with its query', async () => {
    host.pages = [{ route: 'pages/clue/detail', options: { id: '7' } }]
    host.backend['POST /notify/grants'] = () => refused(401, '登录已失效', 401)
    host.backend['GET /notify/quota'] = () => refused(401, '登录已失效', 401)
    const subscription = useSubscription()
    useSession()
    await Promise.all([subscription.refreshQuota(), subscription.refreshQuota(), subscription.refreshQuota()])
    expect(host.of('reLaunch').map((call) => call.arg.url)).toEqual([
      `/pages/login/login?to=${encodeURIComponent('/pages/clue/detail?id=7')}`,
    ])
    expect(host.of('showToast').map((call) => call.arg.title)).toEqual(['登录已过期，请重新登录'])
  })

  it('退出登录 ends it on the backend and on the phone, and keeps unreported grants', async () => {
    await ask(host)
    host.pages = [{ route: 'pages/clue/clue', options: {} }]
    await useSession().logout()
    expect(host.sent('POST /sys/logout')).toHaveLength(1)
    expect(host.storage.has('leadbell.session')).toBe(false)
    expect(pending(host)).toHaveLength(1)
    expect(host.of('reLaunch').map((call) => call.arg.url)).toEqual(['/pages/login/login'])
  })
})

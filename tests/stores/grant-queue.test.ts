import { beforeEach, describe, expect, it, vi } from 'vitest'
import { useSession } from '@/stores/session.ts'
import { useSubscription } from '@/stores/subscription.ts'
import { ok, refused, type Reply } from '../fakes/backend.ts'
import { useFakeHost, type FakeHost } from '../fakes/host.ts'
import { restart } from '../fakes/restart.ts'

let host: FakeHost
const ask = () => host.tap(() => useSubscription().ask(() => undefined))
const pending = () =>
  ((host.stored('leadbell.grants') ?? []) as { attemptId: string }[]).map((g) => g.attemptId)
const reported = () => host.sent('POST /notify/grants').map(({ attemptId }) => attemptId)

beforeEach(() => {
  host = useFakeHost({ loggedIn: true })
})

describe('the grant queue', () => {
  it('is on disk before the panel’s answer is acted on', async () => {
    let atEnd = 0
    await host.tap(() => useSubscription().ask(() => (atEnd = pending().length)))
    expect(atEnd).toBe(1)
  })

  it('survives a restart and is reported under the same attempt id', async () => {
    host.backend['POST /notify/grants'] = () => 'timeout'
    await ask()
    await useSession().syncGrants()
    const [first] = reported()
    host = restart(host)
    host.backend['POST /notify/grants'] = () => ok({ quota: { T1: 1 } })
    await useSession().syncGrants()
    expect(reported()).toEqual([first])
    expect(pending()).toEqual([])
  })

  it('a report the backend refuses does not keep the others waiting', async () => {
    await ask()
    await ask()
    const [bad, good] = pending()
    host.backend['POST /notify/grants'] = ({ body }) =>
      body.attemptId === bad ? refused(400, '不合格', 400) : ok({ quota: { T1: 1 } })
    await useSession().syncGrants()
    expect(reported()).toEqual([bad, good])
    expect(pending()).toEqual([bad])
  })

  it('a session that lost its WeChat binds anew, then reports', async () => {
    await ask()
    host.backend['POST /notify/grants'] = () =>
      host.sent('POST /notify/bind').length > 0
        ? ok({ quota: { T1: 1 } })
        : refused(409, '本次登录还没有绑定微信', 409)
    await useSession().syncGrants()
    expect(useSession().session?.bound).toBe(false)
    await useSession().syncGrants()
    expect(host.sent('POST /notify/bind')).toEqual([{ code: 'wx-code' }])
    expect(useSession().session?.bound).toBe(true)
    expect(pending()).toEqual([])
  })

  it('a dead network is tried once, not once for each report', async () => {
    await ask()
    await ask()
    host.network = 'none'
    await useSession().syncGrants()
    expect(reported()).toHaveLength(1)
    expect(pending()).toHaveLength(2)
  })

  it('reports one at a time, however often it is asked to', async () => {
    await ask()
    const { syncGrants } = useSession()
    await Promise.all([syncGrants(), syncGrants(), syncGrants()])
    expect(reported()).toHaveLength(1)
  })

  it('takes along a panel that is answered while a report is on its way', async () => {
    await ask()
    let answer = (_: Reply): void => undefined
    host.backend['POST /notify/grants'] = () => new Promise((resolve) => (answer = resolve))
    const syncing = useSession().syncGrants()
    await ask()
    host.backend['POST /notify/grants'] = () => ok({ quota: { T1: 2 } })
    answer(ok({ quota: { T1: 1 } }))
    await syncing
    expect(pending()).toEqual([])
    expect(useSubscription().remaining).toBe(2)
  })

  it('takes along a panel that is answered while the quota is being read', async () => {
    const { syncGrants } = useSession()
    let answer = (_: Reply): void => undefined
    host.backend['GET /notify/quota'] = () => new Promise((resolve) => (answer = resolve))
    const syncing = syncGrants()
    await vi.waitFor(() => expect(host.sent('GET /notify/quota')).toHaveLength(1))
    await ask()
    void syncGrants()
    answer(ok({ quota: { T1: 0 } }))
    await syncing
    expect(reported()).toHaveLength(1)
    expect(pending()).toEqual([])
  })

  it('waits for nobody who is not logged in', async () => {
    host.storage.delete('leadbell.session')
    await ask()
    await useSession().syncGrants()
    expect(host.of('request')).toEqual([])
    expect(pending()).toHaveLength(1)
  })

  it.each(['is full', 'is broken'] as const)(
    'a disk that %s loses no grant of this run, and is logged',
    async (disk) => {
      useSession()
      host.disk = disk
      await ask()
      host.disk = 'works'
      await useSession().syncGrants()
      expect(reported()).toHaveLength(1)
      expect(host.of('log').map((call) => call.arg)).toContainEqual({
        event: 'storage',
        key: 'leadbell.grants',
      })
    },
  )

  it('a rejected panel leaves nothing to report', async () => {
    host.subscribe.push({ results: { T1: 'reject' } })
    await ask()
    expect(pending()).toEqual([])
  })

  it('what an older version left in another shape is not believed', async () => {
    host = useFakeHost({ loggedIn: true, disk: [['leadbell.grants', '[{"T1":"accept"}]']] })
    await useSession().syncGrants()
    expect(reported()).toEqual([])
  })
})

describe('还可接收 N 条', () => {
  it('is not known before the backend has said it', () => {
    expect(useSubscription().remaining).toBeNull()
  })

  it('counts the templates this build asks for, and grants that are still to be reported', async () => {
    host.backend['GET /notify/quota'] = () => ok({ quota: { T1: 2, other: 9 } })
    await useSession().syncGrants()
    expect(useSubscription().remaining).toBe(2)
    host.network = 'none'
    await ask()
    expect(useSubscription().remaining).toBe(3)
    await useSession().syncGrants()
    expect(useSubscription().remaining).toBe(3)
  })

  it('is what the backend answers to a report', async () => {
    host.backend['POST /notify/grants'] = () => ok({ quota: { T1: 5 } })
    await ask()
    await useSession().syncGrants()
    expect(useSubscription().remaining).toBe(5)
    expect(host.requests('GET /notify/quota')).toEqual([])
  })
})

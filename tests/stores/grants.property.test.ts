import { createPinia, setActivePinia } from 'pinia'
import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { useReminders } from '@/stores/reminders.ts'
import { useSession } from '@/stores/session.ts'
import { form } from './tap-login.ts'
import { createWorld, type World } from './grant-world.ts'

const panels = [
  { results: { T1: 'accept', T2: 'accept' } },
  { results: { T1: 'acceptWithAlert', T2: 'reject' } },
  { results: { T1: 'reject', T2: 'reject' } },
  { fail: { errCode: 20004 } },
  { fail: { errCode: 10002 } },
  'throws' as const,
]

type Step =
  | { do: 'login'; account: string; hasCode: boolean; panel: number }
  | { do: 'ask'; panel: number }
  | { do: 'logout'; unbind: boolean }
  | { do: 'kill at'; microtask: number; during: 'ask' | 'sync' | 'login' }
  | { do: 'wechat'; openid: string }
  | { do: 'network'; is: World['network'] }
  | { do: 'sync' | 'kill' | 'expire' | 'the held answers arrive' }

const panel = fc.nat(panels.length - 1)
const account = fc.constantFrom('chen', 'lin')
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('login' as const), account, hasCode: fc.boolean(), panel }),
  { weight: 3, arbitrary: fc.record({ do: fc.constant('ask' as const), panel }) },
  { weight: 2, arbitrary: fc.constantFrom<Step>({ do: 'sync' }, { do: 'kill' }, { do: 'expire' }) },
  fc.record({
    do: fc.constant('kill at' as const),
    microtask: fc.nat(30),
    during: fc.constantFrom('ask', 'sync', 'login'),
  }),
  fc.record({ do: fc.constant('logout' as const), unbind: fc.boolean() }),
  fc.record({ do: fc.constant('wechat' as const), openid: fc.constantFrom('wechat-1', 'wechat-2') }),
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('network' as const),
      is: fc.constantFrom<World['network']>('works', 'none', 'answers get lost', 'answers are held'),
    }),
  },
  fc.constant<Step>({ do: 'the held answers arrive' }),
)

const tapLogin = (world: World, username: string) =>
  world.phone.tap(() => useSession().login({ ...form, username }))

async function take(world: World, next: Step): Promise<void> {
  switch (next.do) {
    case 'login':
      world.phone.login = next.hasCode ? 'code' : 'fails'
      world.phone.subscribe.push(panels[next.panel] ?? 'throws')
      if (!useSession().loggedIn) await tapLogin(world, next.account)
      world.phone.login = 'code'
      break
    case 'ask':
      world.phone.subscribe.push(panels[next.panel] ?? 'throws')
      await world.phone.tap(() => useReminders().allowOnce())
      break
    case 'sync':
      void useSession().syncGrants()
      break
    case 'logout':
      if (useSession().loggedIn) void useSession().logout({ unbind: next.unbind })
      break
    case 'expire':
      world.expireSessions()
      break
    case 'network':
      world.network = next.is
      break
    case 'the held answers arrive':
      world.release()
      break
    case 'kill':
      await world.startApp(world.phone.openid)
      break
    case 'kill at':
      if (next.during === 'ask') void world.phone.tap(() => useReminders().allowOnce())
      if (next.during === 'sync') void useSession().syncGrants()
      if (next.during === 'login' && !useSession().loggedIn) void tapLogin(world, 'chen')
      for (let tick = 0; tick < next.microtask; tick++) await Promise.resolve()
      await world.startApp(world.phone.openid)
      break
    case 'wechat':
      await world.startApp(next.openid)
  }
  world.phone.subscribe.length = 0
  await world.phone.settled()
}

/** The network works again, and the owner of each WeChat opens the app once more. */
async function settleEverything(world: World): Promise<void> {
  for (const openid of world.openids()) {
    world.network = 'works'
    world.release()
    await world.phone.settled()
    await world.startApp(openid)
    // The first report may be what tells the phone that its session is over.
    await useSession().syncGrants()
    world.phone.subscribe.push({ results: { T1: 'reject', T2: 'reject' } })
    if (!useSession().loggedIn) await tapLogin(world, 'chen')
    await useSession().syncGrants()
    await world.phone.settled()
  }
}

describe('whatever panels, kills, networks, accounts and WeChats do', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })

  it('every grant is reported exactly once, under the WeChat that gave it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 25, size: 'max' }), async (steps) => {
        setActivePinia(createPinia())
        const world = createWorld()
        await world.startApp('wechat-1')
        for (const next of steps) await take(world, next)
        await settleEverything(world)
        for (const openid of world.openids()) {
          expect(world.booked(openid), `booked for ${openid}`).toEqual(world.given(openid))
        }
        expect(world.strangers).toEqual([])
        expect(world.pending()).toEqual([])
      }),
      { numRuns: 100 },
    )
  }, 30_000)
})

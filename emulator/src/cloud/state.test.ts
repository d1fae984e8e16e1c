import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fakeBackend, plainTarget } from '../testing/backend.ts'
import { manualClock } from '../testing/clock.ts'
import { phone, testCloud } from '../testing/cloud.ts'
import type { SavedState } from '../protocol.ts'
import { demoAppid, demoSecret } from './demo.ts'
import { BadState } from './state-reader.ts'

const other = 'oLeadbellDemoPhone000000002'
const late = 'oCameLaterOnTheSameDay'
const start = Date.parse('2026-11-23T09:00:00+08:00')
const asFile = (saved: SavedState): unknown => JSON.parse(JSON.stringify(saved))

const templateId = fc.constantFrom('A', 'B', 'C')
const openid = fc.constantFrom(phone, other)
const n = fc.nat({ max: 5 })
const step = fc.oneof(
  fc.record({ do: fc.constant('open' as const), openid, ids: fc.uniqueArray(templateId, { minLength: 1 }) }),
  fc.record({
    do: fc.constant('close' as const),
    ...{
      openid,
      ids: fc.uniqueArray(templateId, { minLength: 1 }),
      keep: fc.boolean(),
      accept: fc.boolean(),
    },
  }),
  fc.record({ do: fc.constant('flip' as const), openid, id: templateId, accept: fc.boolean() }),
  fc.record({ do: fc.constant('main' as const), openid, on: fc.boolean() }),
  fc.record({ do: fc.constant('refuse' as const), openid, id: templateId }),
  fc.record({ do: fc.constant('network' as const), openid, on: fc.boolean() }),
  fc.record({ do: fc.constant('send' as const), openid, id: templateId }),
  fc.record({ do: fc.constant('login' as const), openid }),
  fc.record({ do: fc.constant('exchange' as const), n }),
  fc.record({ do: fc.constant('token' as const), kind: fc.constantFrom('plain', 'stable', 'forced') }),
  fc.record({ do: fc.constant('use' as const), n }),
  fc.record({ do: fc.constant('delete' as const), id: templateId }),
  fc.record({ do: fc.constant('add' as const), tid: fc.constantFrom('9101', '9102') }),
  fc.record({ do: fc.constant('change' as const), id: templateId, banned: fc.boolean() }),
  fc.record({ do: fc.constant('account' as const) }),
  fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1, 2000, 5000, 61_000, 7_200_000) }),
  fc.record({ do: fc.constant('advance' as const), ms: fc.constantFrom(1, 30_000, 300_001, 86_400_000) }),
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** One run of WeChat. Codes and tokens are random: two runs are compared by what came of those of the same number. */
async function run(at: number, before?: { state: unknown; codes: string[]; tokens: string[] }) {
  const clock = manualClock(at)
  const { calls, transport } = fakeBackend(() => 'unreachable')
  const { cloud } = testCloud({
    ...{ now: clock.now, timers: clock.timers, pushTransport: transport },
    profile: { dailyQuota: { getcategory: 4, 'subscribe/send': 12 } },
    ...(before && { state: before.state }),
  })
  await cloud.setPush({ ...plainTarget, latencyMs: 1500 })
  const codes = [...(before?.codes ?? [])]
  const tokens = [...(before?.tokens ?? [])]
  const ask = (...[call, input]: Parameters<typeof cloud.api.call>) => {
    const served = cloud.api.call(call, input)
    return served.kind === 'answer' ? (JSON.parse(served.body) as Record<string, unknown>) : {}
  }
  const app = { appid: demoAppid, secret: demoSecret, grant_type: 'client_credential' }
  const tokenOf = (kind: string) =>
    kind === 'plain'
      ? ask('token', { query: app })
      : ask('stable_token', { body: { ...app, force_refresh: kind === 'forced' } })
  const stable = () => ({ access_token: String(tokenOf('stable').access_token) })

  async function take(it: Step): Promise<unknown> {
    switch (it.do) {
      case 'open':
        return cloud.phone.openPanel(it.openid, it.ids)
      case 'close': {
        const decisions = Object.fromEntries(
          it.ids.map((id) => [id, it.accept ? 'accept' : 'reject'] as const),
        )
        return cloud.phone.closePanel({ openid: it.openid, settled: {}, decisions, keep: it.keep })
      }
      case 'flip':
        return cloud.phone.writeSettings({
          openid: it.openid,
          items: { [it.id]: it.accept ? 'accept' : 'reject' },
        })
      case 'main':
        return cloud.phone.writeSettings({ openid: it.openid, mainSwitch: it.on })
      case 'refuse':
        return cloud.phone.refuse(it.openid, it.id)
      case 'network':
        return cloud.phone.change(it.openid, { network: it.on ? 'wifi' : 'none' })
      case 'send': {
        const data = { thing1: { value: 'a' }, time2: { value: '9:42' } }
        return ask('subscribe/send', {
          query: stable(),
          body: { touser: it.openid, template_id: it.id, data },
        }).errcode
      }
      case 'login':
        return codes.push(cloud.phone.login(it.openid))
      case 'exchange': {
        const query = { ...app, grant_type: 'authorization_code', js_code: codes.at(-1 - it.n) ?? 'none' }
        const answer = ask('code2Session', { query })
        return answer.errcode ?? answer.openid
      }
      case 'token': {
        const answer = tokenOf(it.kind)
        if (typeof answer.access_token !== 'string') return answer.errcode
        const known = tokens.lastIndexOf(answer.access_token)
        if (known === -1) tokens.push(answer.access_token)
        return [known, answer.expires_in]
      }
      case 'use':
        return ask('getcategory', { query: { access_token: tokens.at(-1 - it.n) ?? '' } }).errcode
      case 'delete':
        return ask('deltemplate', { query: stable(), body: { priTmplId: it.id } }).errcode
      case 'add':
        return ask('addtemplate', { query: stable(), body: { tid: it.tid, kidList: [1, 2] } }).errcode
      case 'change':
        return cloud.changeTemplate(it.id, { banned: it.banned })
      case 'account':
        return cloud.phone.all().length > 2 ? undefined : cloud.addAccount({ openid: late, nickname: '小周' })
      case 'pass':
        return clock.live(it.ms)
      case 'advance':
        return cloud.advance(it.ms)
    }
  }
  /** Everything that can be looked at from outside, pushes of the backend's side included. */
  const seen = () => ({
    phones: cloud.phone.all(),
    ...Object.fromEntries(
      cloud.phone
        .all()
        .map(({ openid: who }) => [
          who,
          [
            cloud.quota(who),
            cloud.phone.readSettings(who),
            cloud.phone.messages(who),
            cloud.phone.checkSession(who),
          ],
        ]),
    ),
    templates: cloud.templates().map(({ priTmplId: _, ...rest }) => rest),
    clock: cloud.clock(),
  })
  return { clock, cloud, codes, tokens, take, seen, told: () => calls.map(({ body }) => body) }
}

describe('all that WeChat remembers', () => {
  it('saved, as a file, and restored it behaves as if nothing had happened, whatever was done before and after', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 30 }),
        fc.array(step, { maxLength: 30 }),
        fc.boolean(),
        async (before, after, isRunning) => {
          const first = await run(start)
          for (const it of before) await first.take(it)
          await first.clock.live(0)
          const toldBefore = first.told().length
          const state = asFile(first.cloud.save())
          // into a fresh one, or into one that had a life of its own
          const second = await run(first.clock.now(), {
            ...{ state: isRunning ? undefined : state, codes: first.codes, tokens: first.tokens },
          })
          if (isRunning) {
            for (const it of [...after].reverse().filter((one) => one.do !== 'pass')) await second.take(it)
            second.codes.splice(0, Infinity, ...first.codes)
            second.tokens.splice(0, Infinity, ...first.tokens)
            second.cloud.restore(state)
          }
          expect(asFile(second.cloud.save())).toEqual(state)
          expect(second.seen()).toEqual(first.seen())
          const ignored = isRunning ? second.told().length : 0
          for (const it of after) {
            expect(await second.take(it)).toEqual(await first.take(it))
            expect(second.seen()).toEqual(first.seen())
          }
          for (const it of [first, second]) await it.clock.live(60_000)
          expect(second.told().slice(ignored).sort()).toEqual(first.told().slice(toldBefore).sort())
        },
      ),
      { numRuns: 60 },
    )
  })

  it('every push is delivered three times in all, wherever WeChat was cut off', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat({ max: 6000 }), { minLength: 1, maxLength: 4 }), async (cuts) => {
        let it = await run(start)
        const told: unknown[] = []
        it.cloud.phone.refuse(phone, 'A')
        it.cloud.phone.refuse(other, 'B')
        for (const ms of cuts) {
          await it.clock.live(ms)
          it.cloud.close()
          told.push(...it.told())
          it = await run(it.clock.now(), { state: asFile(it.cloud.save()), codes: [], tokens: [] })
        }
        await it.clock.live(60_000)
        told.push(...it.told())
        expect(told).toHaveLength(6)
        expect(new Set(told).size).toBe(2)
      }),
      { numRuns: 60 },
    )
  })

  it('a save is a copy: what happens later is not in it', () => {
    const { cloud } = testCloud()
    const saved = cloud.save()
    const before = asFile(saved)
    cloud.grant(phone, 'A')
    cloud.phone.login(phone)
    expect(asFile(saved)).toEqual(before)
    cloud.restore(saved)
    cloud.grant(phone, 'A')
    expect(asFile(saved)).toEqual(before)
  })

  it('phones that the file knows come back, those of today stay, and listeners hear of it', () => {
    const { cloud } = testCloud()
    cloud.addAccount({ openid: late, nickname: '小周' })
    cloud.phone.change(phone, { theme: 'dark' })
    const saved = asFile(cloud.save())
    const accounts = [
      { openid: phone, nickname: '新名字' },
      { openid: 'oOfToday0001', nickname: '今天的' },
    ]
    const { cloud: next } = testCloud({ accounts })
    const heard: unknown[] = []
    next.phone.listen(phone, (event) => heard.push(event))
    next.restore(saved)
    expect(next.phone.all().map(({ openid: who, nickname }) => [who, nickname])).toEqual([
      [phone, '新名字'],
      ['oOfToday0001', '今天的'],
      [other, '小林的手机'],
      [late, '小周'],
    ])
    expect(heard).toMatchObject([{ kind: 'state', state: { theme: 'dark' } }, { kind: 'settings' }])
  })

  it('what a page saved of the phones is handed back as it was given, until a reset', () => {
    const { cloud } = testCloud()
    expect(cloud.save()).not.toHaveProperty('storage')
    const storage = { 'phone/a': '{"x":1}', '': 'anything' }
    cloud.restore({ ...cloud.save(), storage })
    expect(cloud.save().storage).toEqual(storage)
    cloud.reset()
    expect(cloud.save()).not.toHaveProperty('storage')
  })
})

describe('a file that is not a state', () => {
  const good = () => asFile(testCloud().cloud.save()) as { cloud: Record<string, unknown> }
  const withCloud = (more: object) => ({ ...good(), cloud: { ...good().cloud, ...more } })
  it.each<[string, unknown, RegExp]>([
    ['nothing', null, /JSON 对象/],
    ['a list', [], /JSON 对象/],
    ['another program’s', { name: 'leadbell', version: '0.4.0' }, /不是模拟器的存档/],
    ['a newer emulator’s', { version: 2, cloud: {} }, /更新的模拟器/],
    ['without its inside', { version: 1 }, /存档里的 cloud/],
    ['another app’s', withCloud({ appid: 'wx0000000000000000' }), /wx0000000000000000/],
    ['without users', withCloud({ users: undefined }), /cloud\.users/],
    ['with a broken user', withCloud({ users: { o: { mainSwitch: 'yes' } } }), /users\.o\.mainSwitch/],
    [
      'with half a grant',
      withCloud({ users: { o: { mainSwitch: true, kept: {}, grants: { A: 0.5 } } } }),
      /grants/,
    ],
    ['with a broken token', withCloud({ tokens: [{}] }), /tokens\[0\]/],
    ['with a broken msgid', withCloud({ msgid: 7 }), /msgid/],
    ['with a broken push', withCloud({ pushes: [{ event: { kind: 'x' } }] }), /pushes\[0\]/],
    ['with a storage that is none', { ...good(), storage: { a: 1 } }, /storage\.a/],
  ])('%s is refused by a line that says why, and nothing has changed', (_, file, line) => {
    const { cloud } = testCloud()
    cloud.grant(phone, 'A')
    cloud.phone.login(phone)
    const before = cloud.save()
    expect(() => cloud.restore(file)).toThrow(BadState)
    expect(() => cloud.restore(file)).toThrow(line)
    expect(cloud.save()).toEqual(before)
    if (file !== null) expect(() => testCloud({ state: file })).toThrow(BadState)
  })

  it('the file of an older emulator is good: it lacked the frame and most members', () => {
    const { cloud } = testCloud()
    cloud.grant(phone, 'A', 2)
    const { users, codes, tokens, forcedAt, msgid } = cloud.save().cloud as Record<string, unknown>
    const old = asFile({ version: 1, users, codes, tokens, forcedAt, msgid } as unknown as SavedState)
    expect(testCloud({ state: old }).cloud.quota(phone)).toEqual({ A: 2 })
  })
})

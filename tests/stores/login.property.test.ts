import { createPinia, setActivePinia } from 'pinia'
import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { useCaptcha } from '@/stores/captcha.ts'
import { useSession } from '@/stores/session.ts'
import { aLogin, refused, type Reply } from '../fakes/backend.ts'
import { useFakeHost, type FakeHost } from '../fakes/host.ts'
import { form, loadLoginPage } from './tap-login.ts'

/** Longer than any patience of the app: the panel's, the code's and the request's, one after the other. */
const ALL_PATIENCE_MS = 60_000

const panelAnswers = [
  { results: { T1: 'accept' } },
  { results: { T1: 'reject' } },
  { results: { T1: 'ban' } },
  { fail: { errCode: 20004 } },
  { fail: { errCode: 10005 } },
]
const loginAnswers = ['ok', 'refused', 'offline', 'never'] as const

type Step =
  | { do: '登录' | '微信快捷登录' | 'the confirm key' | 'silent login' }
  | { do: 'the panel'; answer: number }
  | { do: 'the modal'; button: 'confirm' | 'cancel' }
  | { do: 'the backend'; answer: (typeof loginAnswers)[number] }
  | { do: 'the code'; is: FakeHost['login'] }
  | { do: 'the settings'; are: FakeHost['getSetting'] }
  | { do: 'wait'; ms: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('登录', '微信快捷登录', 'the confirm key', 'silent login') }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('the panel' as const),
      answer: fc.nat(panelAnswers.length - 1),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('the modal' as const),
      button: fc.constantFrom('confirm', 'cancel'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('the backend' as const),
      answer: fc.constantFrom(...loginAnswers),
    }),
  },
  fc.record({
    do: fc.constant('the code' as const),
    is: fc.constantFrom<FakeHost['login']>('code', 'fails', 'never answers', 'throws'),
  }),
  fc.record({
    do: fc.constant('the settings' as const),
    are: fc.constantFrom<FakeHost['getSetting']>('works', 'fails', 'is missing', 'never answers', 'throws'),
  }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(100, 9_000, 15_000, 17_000) }),
)

/** A panel that is answered after another tap: rare by chance, and what the button's patience makes possible. */
const lateAnswer: Step[] = [
  { do: '登录' },
  { do: 'wait', ms: 15_000 },
  { do: '登录' },
  { do: 'the panel', answer: 0 },
  { do: 'the panel', answer: 0 },
  { do: 'the backend', answer: 'ok' },
  { do: 'the backend', answer: 'ok' },
]

/** A phone whose panels, modals and logins stay open until a step answers them. */
function createScene() {
  setActivePinia(createPinia())
  const host = useFakeHost()
  const open: ((reply: Reply) => void)[] = []
  let most = 0
  let successes = 0
  const answerLater = () =>
    new Promise<Reply>((resolve) => {
      open.push(resolve)
      most = Math.max(most, open.length)
    })
  host.backend['POST /sys/login'] = answerLater
  // One that nobody tapped for is refused at once: it neither counts nor holds anything.
  host.backend['POST /notify/login'] = () =>
    useSession().enteringSilently ? refused(500, '没有绑定') : answerLater()

  return {
    host,
    mostAtOnce: () => most,
    successes: () => successes,
    async tick(ms: number): Promise<void> {
      await vi.advanceTimersByTimeAsync(ms)
      await host.settled()
      // What the app has given up is in flight no more.
      if (!useSession().busy) open.length = 0
    },
    async answerLogin(answer: (typeof loginAnswers)[number]): Promise<void> {
      if (answer === 'never') return
      const resolve = open.shift()
      if (resolve && answer === 'ok') successes++
      resolve?.(answer === 'ok' ? aLogin() : answer === 'offline' ? 'offline' : refused(412, '验证码错误'))
      await host.settled()
    },
  }
}

type Scene = ReturnType<typeof createScene>

async function take({ host, tick, answerLogin }: Scene, next: Step): Promise<void> {
  host.subscribe = ['stays open']
  host.modals = ['stays open']
  const session = useSession()
  switch (next.do) {
    case '登录':
      return host.tap(() => session.login({ ...form }))
    case '微信快捷登录':
      return host.tap(() => session.loginByWechat())
    case 'the confirm key':
      session.loginFromKeyboard({ ...form })
      return host.settled()
    case 'silent login':
      void session.loginSilently()
      return host.settled()
    case 'the panel':
      return host.answerPanel(panelAnswers[next.answer] ?? { fail: {} })
    case 'the modal':
      return host.answerModal(next.button)
    case 'the backend':
      return answerLogin(next.answer)
    case 'the code':
      host.login = next.is
      return
    case 'the settings':
      host.getSetting = next.are
      return
    case 'wait':
      return tick(next.ms)
  }
}

describe('whatever is tapped, answered, refused or never answered', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })

  it('one login at most is in flight, each that succeeds opens the app once, and the button comes back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 30, size: 'max' }), async (steps) => {
        const scene = createScene()
        await loadLoginPage()
        for (const next of steps) await take(scene, next)
        await scene.tick(ALL_PATIENCE_MS)
        expect(scene.mostAtOnce(), 'logins at once').toBeLessThanOrEqual(1)
        expect(scene.host.of('reLaunch'), 'ways into the app').toHaveLength(scene.successes())
        expect(useSession().busy, 'busy in the end').toBe(false)
        expect(useSession().loggedIn).toBe(scene.successes() > 0)
      }),
      { numRuns: 200, examples: [[lateAnswer]] },
    )
  }, 20_000)

  it('each login of a user is sent with the captcha that is shown', async () => {
    const host = useFakeHost()
    await loadLoginPage()
    await useCaptcha().load()
    await host.tap(() => useSession().login(form))
    expect(host.sent('POST /sys/login')).toMatchObject([{ checkKey: useCaptcha().checkKey }])
  })
})

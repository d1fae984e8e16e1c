import type { VueWrapper } from '@vue/test-utils'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import Login from '@/pages/login/login.vue'
import { aLogin, refused, type Reply } from '../fakes/backend.ts'
import { useFakeHost, type FakeHost } from '../fakes/host.ts'
import { fire } from '../fakes/uni-app.ts'
import { openPage, tap, textsOf } from './open-page.ts'

const IMAGE = 'GET /sys/randomImage/{checkKey}'
const USABLE_MS = 55_000
const complete = { username: 'chen', password: 'secret', captcha: 'ab3d' }
let host: FakeHost
beforeEach(() => {
  vi.useFakeTimers()
  host = useFakeHost()
})

const openLogin = () => openPage(host, Login, 'pages/login/login')
const pictures = () => host.sent(IMAGE).length
const typed = (page: VueWrapper, id: string) => page.get<HTMLInputElement>(`#${id}`).element.value

async function fill(page: VueWrapper, values: Record<string, string>): Promise<void> {
  for (const [id, value] of Object.entries(values)) await page.get(`#${id}`).setValue(value)
}

async function wait(ms: number): Promise<void> {
  vi.advanceTimersByTime(ms)
  await host.settled()
}

describe('the captcha on the login page', () => {
  it('a tap on it brings another one and empties the box', async () => {
    const page = await openLogin()
    await fill(page, { captcha: 'ab' })
    await tap(host, page, '#captcha-image')
    expect(pictures()).toBe(2)
    expect(typed(page, 'captcha')).toBe('')
  })

  it('nobody has typed yet: replaced before the backend forgets it, and nothing is said', async () => {
    const page = await openLogin()
    await wait(USABLE_MS - 1)
    expect(pictures()).toBe(1)
    await wait(1)
    expect(pictures()).toBe(2)
    expect(textsOf(page, '.error')).toEqual([])
  })

  it('somebody was typing: replaced all the same, and the user is told', async () => {
    const page = await openLogin()
    await fill(page, { captcha: 'ab' })
    await wait(USABLE_MS)
    expect(pictures()).toBe(2)
    expect(typed(page, 'captcha')).toBe('')
    expect(textsOf(page, '.error')).toEqual(['验证码过期了，已换一张'])
  })

  it('stays during a login, which still needs it', async () => {
    const page = await openLogin()
    await fill(page, complete)
    let answer = (_: Reply): void => undefined
    host.backend['POST /sys/login'] = () => new Promise((resolve) => (answer = resolve))
    await wait(USABLE_MS - 1000)
    await tap(host, page, '#login')
    await wait(2000)
    expect(pictures()).toBe(1)
    answer(aLogin())
    await host.settled()
    expect(host.wentTo()).toEqual(['/pages/clue/clue'])
  })

  it.each<[string, Reply, string[]]>([
    ['a wrong captcha', refused(412, '验证码错误'), ['验证码错误']],
    ['a wrong password', refused(500, '用户名或密码错误'), ['用户名或密码错误']],
    ['a locked account', refused(429, '错误次数太多', 429), []],
    ['no network', 'offline', []],
    ['a slow network', 'timeout', []],
  ])('%s: another picture, an empty box, everything else stays as typed', async (_case, reply, errors) => {
    host.backend['POST /sys/login'] = () => reply
    const page = await openLogin()
    await fill(page, complete)
    await tap(host, page, '#login')
    expect(pictures()).toBe(2)
    expect(['username', 'password', 'captcha'].map((id) => typed(page, id))).toEqual(['chen', 'secret', ''])
    expect(textsOf(page, '.error')).toEqual(errors)
  })

  it('that did not load says so and comes with a tap', async () => {
    const works = host.backend[IMAGE]
    host.backend[IMAGE] = () => 'offline'
    const page = await openLogin()
    expect(page.text()).toContain('验证码没有加载出来，点这里重试')
    host.backend[IMAGE] = works
    await tap(host, page, '#captcha-retry')
    expect(page.find('#captcha-image').exists()).toBe(true)
  })

  it('is looked at again when the page comes back after a while', async () => {
    await openLogin()
    await fire('onShow')
    expect(pictures()).toBe(1)
    vi.setSystemTime(Date.now() + USABLE_MS + 1)
    await fire('onShow')
    expect(pictures()).toBe(2)
  })

  it('is nobody’s business after the page: no picture is asked for any more, however late the last one came', async () => {
    let answer = (_: Reply): void => undefined
    host.backend[IMAGE] = () => new Promise((resolve) => (answer = resolve))
    const page = await openLogin()
    await fire('onUnload')
    page.unmount()
    answer(refused(500, '忙'))
    await host.settled()
    await wait(10 * USABLE_MS)
    expect(pictures()).toBe(1)
  })
})

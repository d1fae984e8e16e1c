// @vitest-environment jsdom
import { afterEach, expect, test, vi } from 'vitest'
import { Refused } from '../phone-link.ts'
import { onePage, startPhone, type TestPhone } from '../testing/launch.ts'

type Answer = { errMsg: string; code?: string; errno?: number }
const wx = () => Reflect.get(globalThis, 'wx') as Record<string, (o?: object) => Promise<Answer>>
/** How the call came out: success and fail alike. */
const call = (name: string) =>
  new Promise<Answer>((settle) => void wx()[name]?.({ success: settle, fail: settle }))
const start = (openid?: string): TestPhone =>
  startPhone(onePage('', '<view/>'), openid === undefined ? {} : { openid })

afterEach(() => vi.useRealTimers())

test('H31 login needs no tap and no panel, and gives a fresh code each time', async () => {
  const phone = start()
  const [first, second] = [await call('login'), await call('login')]
  expect(first.errMsg).toBe('login:ok')
  expect(first.code).toBeTruthy()
  expect(second.code).not.toBe(first.code)
  expect(phone.inspection.calls.map(({ tap }) => tap)).toEqual([false, false])
  expect(document.querySelector('.we-veil')).toBeNull()
})

test('H31 an offline phone gets no code, and a refusal of WeChat’s keeps its words', async () => {
  const phone = start()
  phone.device.update({ ...phone.device.state, network: 'none' })
  expect(await call('login')).toEqual({ errMsg: 'login:fail network error', errno: 108 })
  phone.device.update({ ...phone.device.state, network: 'wifi' })
  phone.link.login = () => Promise.reject(new Refused({ errMsg: 'login:fail system error', errno: 1000 }))
  expect(await call('login')).toEqual({ errMsg: 'login:fail system error', errno: 1000 })
})

test('H33 checkSession goes by the last login of this user, whichever launch it was in', async () => {
  const phone = start()
  expect((await call('checkSession')).errMsg).toBe('checkSession:fail session time out, need relogin')
  await call('login')
  expect((await call('checkSession')).errMsg).toBe('checkSession:ok')
  phone.relaunch()
  expect((await call('checkSession')).errMsg).toBe('checkSession:ok')
  phone.link.sessionValid = false
  expect((await call('checkSession')).errMsg).toBe('checkSession:fail session time out, need relogin')
})

test.each(['getSetting', 'login', 'checkSession'])(
  'H29 more than four %s of a user within a second are a violation, not a failure, over a launch’s end too',
  async (name) => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const phone = start()
    await call('login')
    phone.device.recentCalls.clear()
    for (let n = 0; n < 4; n++) expect((await call(name)).errMsg).toBe(`${name}:ok`)
    expect(phone.inspection.violations).toEqual([])
    phone.relaunch()
    expect((await call(name)).errMsg).toBe(`${name}:ok`)
    expect(phone.inspection.violations).toEqual([`${name}: 5 calls within a second`])
    vi.setSystemTime(Date.now() + 1000)
    await call(name)
    expect(phone.inspection.violations).toHaveLength(1)
  },
)

test('H29 each API has a count of its own, and another user too', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const phone = start()
  for (const name of ['login', 'login', 'getSetting', 'getSetting', 'checkSession', 'checkSession'])
    await call(name)
  expect(phone.inspection.violations).toEqual([])
  for (let n = 0; n < 4; n++) await call('login')
  expect(phone.inspection.violations).toHaveLength(2)
  const other = start('oOtherPhone')
  for (let n = 0; n < 4; n++) await call('login')
  expect(other.inspection.violations).toEqual([])
})

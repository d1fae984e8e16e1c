import { beforeEach, describe, expect, it } from 'vitest'
import { useSession } from '@/stores/session.ts'
import { useSubscription } from '@/stores/subscription.ts'
import { useCaptcha } from '@/stores/captcha.ts'
import { ok, useFakeHost, type FakeHost } from '../fakes/host.ts'

const form = { username: 'chen', password: 'secret', captcha: 'ab3d' }
let host: FakeHost

/** The login page has loaded; then one tap on 登录, and everything that follows from it. */
async function tapLogin(): Promise<void> {
  await Promise.all([useCaptcha().load(), useSubscription().loadTemplates()])
  host.calls.length = 0
  host.tap(() => useSession().login(form))
  await host.settled()
}

const modalTexts = () => host.of('showModal').map((call) => String(call.arg.content))
const toasts = () => host.of('showToast').map((call) => call.arg.title)
const loginAttempts = () => host.sent('POST /sys/login').length
const FIRST_MODAL = '检测到您没打开此小程序的消息通知权限，为了能更好的接收消息，是否去设置打开?'

beforeEach(() => {
  host = useFakeHost()
})

describe('one tap on 登录', () => {
  it('asks for every template inside the tap, before anything else', async () => {
    await tapLogin()
    expect(host.calls[0]).toEqual({ name: 'requestSubscribeMessage', arg: { tmplIds: ['T1'] }, tap: true })
  })

  it('accepted: says 已订阅成功, takes a code, logs in and opens the list', async () => {
    await tapLogin()
    expect(toasts()).toEqual(['已订阅成功'])
    expect(modalTexts()).toEqual([])
    expect(host.sent('POST /sys/login')).toEqual([
      { ...form, checkKey: useCaptcha().checkKey, code: 'wx-code' },
    ])
    expect(host.of('reLaunch').map((call) => call.arg.url)).toEqual(['/pages/clue/clue'])
    expect(useSession().loggedIn).toBe(true)
  })

  it.each(['acceptWithAudio', 'acceptWithAlert', 'acceptWithForcePush'])(
    '%s counts as accepted',
    async (value) => {
      host.subscribe.push({ results: { T1: value } })
      await tapLogin()
      expect(toasts()).toEqual(['已订阅成功'])
      expect(host.sent('POST /notify/grants')).toMatchObject([{ results: { T1: value } }])
    },
  )

  it('reports the ids that were asked for, and no other key of WeChat’s answer', async () => {
    await tapLogin()
    expect(host.sent('POST /notify/grants').map((body) => (body as { results: object }).results)).toEqual([
      { T1: 'accept' },
    ])
  })

  it('takes the login code after the panel, right before the backend call', async () => {
    host.subscribe.push({ results: { T1: 'reject' } })
    await tapLogin()
    const names = host.names()
    expect(names.indexOf('login')).toBeGreaterThan(names.indexOf('showModal'))
    expect(names.indexOf('login')).toBe(
      host.calls.findIndex((call) => call.arg.endpoint === 'POST /sys/login') - 1,
    )
  })
})

describe('switched off', () => {
  const switchedOff = () =>
    host.subscribe.push({ fail: { errCode: 20004, errMsg: 'requestSubscribeMessage:fail' } })

  it('取消: logs in all the same', async () => {
    switchedOff()
    await tapLogin()
    expect(modalTexts()).toEqual([FIRST_MODAL])
    expect(host.of('openSetting')).toEqual([])
    expect(loginAttempts()).toBe(1)
  })

  it('确认: opens the settings inside the modal, reads them again, and asks once more when they are on', async () => {
    switchedOff()
    host.settings.mainSwitch = false
    host.modals.push('confirm', 'confirm')
    host.onSettingsPage = () => {
      host.settings.mainSwitch = true
    }
    await tapLogin()
    expect(host.names().slice(0, 8)).toEqual([
      'requestSubscribeMessage',
      'showModal',
      'openSetting',
      'getSetting',
      'showModal',
      'requestSubscribeMessage',
      'showToast',
      'login',
    ])
    expect(host.of('openSetting')[0]).toMatchObject({ tap: true, arg: { withSubscriptions: true } })
    expect(host.of('requestSubscribeMessage').map((call) => call.tap)).toEqual([true, true])
    expect(host.of('showModal')[1]?.arg.confirmText).toBe('继续登录')
    expect(host.sent('POST /notify/grants')).toHaveLength(1)
    expect(loginAttempts()).toBe(1)
  })

  it('确认, but left off: no second question, logs in', async () => {
    switchedOff()
    host.settings.mainSwitch = false
    host.modals.push('confirm')
    await tapLogin()
    expect(modalTexts()).toHaveLength(1)
    expect(host.of('requestSubscribeMessage')).toHaveLength(1)
    expect(loginAttempts()).toBe(1)
  })

  it('the settings on, 继续登录 declined: logs in without a grant', async () => {
    switchedOff()
    host.modals.push('confirm', 'cancel')
    await tapLogin()
    expect(modalTexts()).toHaveLength(2)
    expect(host.sent('POST /notify/grants')).toEqual([])
    expect(loginAttempts()).toBe(1)
  })
})

describe('a kept reject', () => {
  beforeEach(() => {
    host.subscribe.push({ results: { T1: 'reject' } })
    host.settings.kept = { T1: 'reject' }
  })

  it('leads to the settings; flipped there, it asks again and reports the grant', async () => {
    host.modals.push('confirm', 'confirm')
    host.onSettingsPage = () => {
      host.settings.kept = { T1: 'accept' }
    }
    await tapLogin()
    expect(modalTexts()[0]).toBe(FIRST_MODAL)
    expect(host.of('requestSubscribeMessage')).toHaveLength(2)
    expect(host.sent('POST /notify/grants')).toHaveLength(1)
    expect(loginAttempts()).toBe(1)
  })

  it('left as it is: logs in', async () => {
    host.modals.push('confirm')
    await tapLogin()
    expect(host.of('openSetting')).toHaveLength(1)
    expect(host.of('requestSubscribeMessage')).toHaveLength(1)
    expect(loginAttempts()).toBe(1)
  })

  it('a main switch that is off says the same, even when nothing was kept', async () => {
    host.settings = { mainSwitch: false, kept: undefined }
    await tapLogin()
    expect(modalTexts()).toEqual([FIRST_MODAL])
    expect(loginAttempts()).toBe(1)
  })
})

describe('a plain reject', () => {
  beforeEach(() => {
    host.subscribe.push({ results: { T1: 'reject' } })
  })

  it('is worded as asking again, never sends to the settings, and logs in when declined', async () => {
    await tapLogin()
    expect(modalTexts()).toHaveLength(1)
    expect(modalTexts()[0]).not.toBe(FIRST_MODAL)
    expect(host.of('openSetting')).toEqual([])
    expect(loginAttempts()).toBe(1)
  })

  it('asks once more inside the modal, then logs in', async () => {
    host.modals.push('confirm')
    await tapLogin()
    expect(host.of('requestSubscribeMessage').map((call) => call.tap)).toEqual([true, true])
    expect(toasts()).toEqual(['已订阅成功'])
    expect(loginAttempts()).toBe(1)
  })

  it('rejected twice: does not ask a third time', async () => {
    host.subscribe.push({ results: { T1: 'reject' } })
    host.modals.push('confirm', 'confirm')
    await tapLogin()
    expect(host.of('requestSubscribeMessage')).toHaveLength(2)
    expect(modalTexts()).toHaveLength(1)
    expect(loginAttempts()).toBe(1)
  })
})

describe('it cannot be told which', () => {
  it.each(['fails', 'is missing'] as const)(
    'getSetting %s: the first modal, then the settings',
    async (state) => {
      host.subscribe.push({ results: { T1: 'reject' } })
      host.getSetting = state
      host.modals.push('confirm')
      await tapLogin()
      expect(modalTexts()).toEqual([FIRST_MODAL])
      expect(host.of('openSetting')).toHaveLength(1)
      expect(loginAttempts()).toBe(1)
    },
  )

  it('a failure nobody knows: the first modal', async () => {
    host.subscribe.push({ fail: { errCode: 99999, errMsg: 'requestSubscribeMessage:fail something new' } })
    await tapLogin()
    expect(modalTexts()).toEqual([FIRST_MODAL])
    expect(loginAttempts()).toBe(1)
  })
})

describe('failures the user cannot mend', () => {
  it.each([
    [10001, 'no-templates'],
    [10002, 'list-network'],
    [10003, 'submit-network'],
    [10004, 'invalid-template-id'],
    [10005, 'in-background'],
    [20001, 'template-not-found'],
    [20002, 'mixed-types'],
    [20003, 'too-many-templates'],
    [20005, 'app-banned'],
    [20013, 'device-template'],
  ])('%i: no modal, logged with its code as %s', async (errCode, cause) => {
    host.subscribe.push({ fail: { errCode } })
    await tapLogin()
    expect(modalTexts()).toEqual([])
    expect(host.of('log').map((call) => call.arg)).toEqual([{ event: 'subscribe', cause, code: errCode }])
    expect(loginAttempts()).toBe(1)
  })

  it.each([
    ['requestSubscribeMessage:fail can only be invoked by user TAP gesture.', 'no-gesture'],
    ['requestSubscribeMessage:fail last call has not ended', 'already-asking'],
    ['requestSubscribeMessage:fail function not exist', 'unsupported'],
  ])('%s: no modal, logged', async (errMsg, cause) => {
    host.subscribe.push({ fail: { errMsg } })
    await tapLogin()
    expect(modalTexts()).toEqual([])
    expect(host.of('log')[0]?.arg).toMatchObject({ cause })
    expect(loginAttempts()).toBe(1)
  })

  it.each(['ban', 'filter'])('%s: no modal, logged, nothing reported', async (value) => {
    host.subscribe.push({ results: { T1: value } })
    await tapLogin()
    expect(modalTexts()).toEqual([])
    expect(host.of('log')[0]?.arg).toMatchObject({ event: 'subscribe', cause: 'unavailable' })
    expect(host.sent('POST /notify/grants')).toEqual([])
    expect(loginAttempts()).toBe(1)
  })

  it('a client without the call: logs in', async () => {
    delete host.uni.requestSubscribeMessage
    await tapLogin()
    expect(modalTexts()).toEqual([])
    expect(loginAttempts()).toBe(1)
  })
})

describe('several templates', () => {
  beforeEach(() => {
    const template = (templateId: string) => ({ templateId, title: templateId, purpose: 'clue-assigned' })
    host.backend['GET /notify/templates'] = () => ok({ templates: [template('T1'), template('T2')] })
  })

  it('one accepted, one rejected: asks again for the missing one and reports both panels', async () => {
    host.subscribe.push({ results: { T1: 'accept', T2: 'reject' } })
    host.modals.push('confirm')
    await tapLogin()
    expect(host.of('requestSubscribeMessage').map((call) => call.arg.tmplIds)).toEqual([['T1', 'T2'], ['T2']])
    expect(host.sent('POST /notify/grants')).toMatchObject([
      { results: { T1: 'accept', T2: 'reject' } },
      { results: { T2: 'accept' } },
    ])
    expect(loginAttempts()).toBe(1)
  })

  it('one accepted, one dropped for its doubled title: that is success', async () => {
    host.subscribe.push({ results: { T1: 'accept', T2: 'filter' } })
    await tapLogin()
    expect(toasts()).toEqual(['已订阅成功'])
    expect(modalTexts()).toEqual([])
  })
})

describe('double taps', () => {
  it('start one panel and one login', async () => {
    await Promise.all([useCaptcha().load(), useSubscription().loadTemplates()])
    for (let tap = 0; tap < 5; tap++) host.tap(() => useSession().login(form))
    await host.settled()
    expect(host.of('requestSubscribeMessage')).toHaveLength(1)
    expect(loginAttempts()).toBe(1)
    expect(useSession().busy).toBe(false)
  })
})

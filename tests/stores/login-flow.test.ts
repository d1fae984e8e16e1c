import { beforeEach, describe, expect, it } from 'vitest'
import { useSession } from '@/stores/session.ts'
import { useCaptcha } from '@/stores/captcha.ts'
import { useFakeHost, type FakeHost } from '../fakes/host.ts'
import { form, tapLogin } from './tap-login.ts'

let host: FakeHost

const loginAttempts = () => host.sent('POST /sys/login').length
const FIRST_MODAL = '检测到您没打开此小程序的消息通知权限，为了能更好的接收消息，是否去设置打开?'

beforeEach(() => {
  host = useFakeHost()
})

describe('one tap on 登录', () => {
  it('asks for every template inside the tap, before anything else', async () => {
    await tapLogin(host)
    expect(host.calls[0]).toEqual({ name: 'requestSubscribeMessage', arg: { tmplIds: ['T1'] }, tap: true })
  })

  it('accepted: says 已订阅成功, takes a code, logs in and opens the list', async () => {
    await tapLogin(host)
    expect(host.toasts()).toEqual(['已订阅成功'])
    expect(host.modalTexts()).toEqual([])
    expect(host.sent('POST /sys/login')).toEqual([
      { ...form, checkKey: useCaptcha().checkKey, code: 'wx-code' },
    ])
    expect(host.wentTo()).toEqual(['/pages/clue/clue'])
    expect(useSession().loggedIn).toBe(true)
  })

  it.each(['acceptWithAudio', 'acceptWithAlert', 'acceptWithForcePush'])(
    '%s counts as accepted',
    async (value) => {
      host.subscribe.push({ results: { T1: value } })
      await tapLogin(host)
      expect(host.toasts()).toEqual(['已订阅成功'])
      expect(host.sent('POST /notify/grants')).toMatchObject([{ results: { T1: value } }])
    },
  )

  it('reports the ids that were asked for, and no other key of WeChat’s answer', async () => {
    await tapLogin(host)
    expect(host.sent('POST /notify/grants').map((body) => (body as { results: object }).results)).toEqual([
      { T1: 'accept' },
    ])
  })

  it('takes the login code after the panel, right before the backend call', async () => {
    host.subscribe.push({ results: { T1: 'reject' } })
    await tapLogin(host)
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
    await tapLogin(host)
    expect(host.modalTexts()).toEqual([FIRST_MODAL])
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
    await tapLogin(host)
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
    await tapLogin(host)
    expect(host.modalTexts()).toHaveLength(1)
    expect(host.of('requestSubscribeMessage')).toHaveLength(1)
    expect(loginAttempts()).toBe(1)
  })

  it('the settings on, 继续登录 declined: logs in without a grant', async () => {
    switchedOff()
    host.modals.push('confirm', 'cancel')
    await tapLogin(host)
    expect(host.modalTexts()).toHaveLength(2)
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
    await tapLogin(host)
    expect(host.modalTexts()[0]).toBe(FIRST_MODAL)
    expect(host.of('requestSubscribeMessage')).toHaveLength(2)
    expect(host.sent('POST /notify/grants')).toHaveLength(1)
    expect(loginAttempts()).toBe(1)
  })

  it('left as it is: logs in', async () => {
    host.modals.push('confirm')
    await tapLogin(host)
    expect(host.of('openSetting')).toHaveLength(1)
    expect(host.of('requestSubscribeMessage')).toHaveLength(1)
    expect(loginAttempts()).toBe(1)
  })

  it('a main switch that is off says the same, even when nothing was kept', async () => {
    host.settings = { mainSwitch: false, kept: undefined }
    await tapLogin(host)
    expect(host.modalTexts()).toEqual([FIRST_MODAL])
    expect(loginAttempts()).toBe(1)
  })
})

describe('a plain reject', () => {
  beforeEach(() => {
    host.subscribe.push({ results: { T1: 'reject' } })
  })

  it('is worded as asking again, never sends to the settings, and logs in when declined', async () => {
    await tapLogin(host)
    expect(host.modalTexts()).toHaveLength(1)
    expect(host.modalTexts()[0]).not.toBe(FIRST_MODAL)
    expect(host.of('openSetting')).toEqual([])
    expect(loginAttempts()).toBe(1)
  })

  it('asks once more inside the modal, then logs in', async () => {
    host.modals.push('confirm')
    await tapLogin(host)
    expect(host.of('requestSubscribeMessage').map((call) => call.tap)).toEqual([true, true])
    expect(host.toasts()).toEqual(['已订阅成功'])
    expect(loginAttempts()).toBe(1)
  })

  it('rejected twice: does not ask a third time', async () => {
    host.subscribe.push({ results: { T1: 'reject' } })
    host.modals.push('confirm', 'confirm')
    await tapLogin(host)
    expect(host.of('requestSubscribeMessage')).toHaveLength(2)
    expect(host.modalTexts()).toHaveLength(1)
    expect(loginAttempts()).toBe(1)
  })
})

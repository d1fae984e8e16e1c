import { beforeEach, describe, expect, it } from 'vitest'
import { useSession } from '@/stores/session.ts'
import { ok } from '../fakes/backend.ts'
import { useFakeHost, type FakeHost } from '../fakes/host.ts'
import { form, loadLoginPage, tapLogin } from './tap-login.ts'

let host: FakeHost

const loginAttempts = () => host.sent('POST /sys/login').length
const FIRST_MODAL = '检测到您没打开此小程序的消息通知权限，为了能更好的接收消息，是否去设置打开?'

beforeEach(() => {
  host = useFakeHost()
})

describe('it cannot be told which', () => {
  it.each(['fails', 'is missing'] as const)(
    'getSetting %s: the first modal, then the settings',
    async (state) => {
      host.subscribe.push({ results: { T1: 'reject' } })
      host.getSetting = state
      host.modals.push('confirm')
      await tapLogin(host)
      expect(host.modalTexts()).toEqual([FIRST_MODAL])
      expect(host.of('openSetting')).toHaveLength(1)
      expect(loginAttempts()).toBe(1)
    },
  )

  it('a failure nobody knows: the first modal', async () => {
    host.subscribe.push({ fail: { errCode: 99999, errMsg: 'requestSubscribeMessage:fail something new' } })
    await tapLogin(host)
    expect(host.modalTexts()).toEqual([FIRST_MODAL])
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
    await tapLogin(host)
    expect(host.modalTexts()).toEqual([])
    expect(host.of('log').map((call) => call.arg)).toEqual([{ event: 'subscribe', cause, code: errCode }])
    expect(loginAttempts()).toBe(1)
  })

  it.each([
    ['requestSubscribeMessage:fail can only be invoked by user TAP gesture.', 'no-gesture'],
    ['requestSubscribeMessage:fail last call has not ended', 'already-asking'],
    ['requestSubscribeMessage:fail function not exist', 'unsupported'],
  ])('%s: no modal, logged', async (errMsg, cause) => {
    host.subscribe.push({ fail: { errMsg } })
    await tapLogin(host)
    expect(host.modalTexts()).toEqual([])
    expect(host.of('log')[0]?.arg).toMatchObject({ cause })
    expect(loginAttempts()).toBe(1)
  })

  it.each(['ban', 'filter'])('%s: no modal, logged, nothing reported', async (value) => {
    host.subscribe.push({ results: { T1: value } })
    await tapLogin(host)
    expect(host.modalTexts()).toEqual([])
    expect(host.of('log')[0]?.arg).toMatchObject({ event: 'subscribe', cause: 'unavailable' })
    expect(host.sent('POST /notify/grants')).toEqual([])
    expect(loginAttempts()).toBe(1)
  })

  it('a client without the call: logs in', async () => {
    delete host.uni.requestSubscribeMessage
    await tapLogin(host)
    expect(host.modalTexts()).toEqual([])
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
    await tapLogin(host)
    expect(host.of('requestSubscribeMessage').map((call) => call.arg.tmplIds)).toEqual([['T1', 'T2'], ['T2']])
    expect(host.sent('POST /notify/grants')).toMatchObject([
      { results: { T1: 'accept', T2: 'reject' } },
      { results: { T2: 'accept' } },
    ])
    expect(loginAttempts()).toBe(1)
  })

  it('one accepted, one dropped for its doubled title: that is success', async () => {
    host.subscribe.push({ results: { T1: 'accept', T2: 'filter' } })
    await tapLogin(host)
    expect(host.toasts()).toEqual(['已订阅成功'])
    expect(host.modalTexts()).toEqual([])
  })
})

describe('double taps', () => {
  it('start one panel and one login', async () => {
    await loadLoginPage()
    for (let tap = 0; tap < 5; tap++) void host.tap(() => useSession().login(form))
    await host.settled()
    expect(host.of('requestSubscribeMessage')).toHaveLength(1)
    expect(loginAttempts()).toBe(1)
    expect(useSession().busy).toBe(false)
  })
})

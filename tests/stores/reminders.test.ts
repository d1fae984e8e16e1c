import { beforeEach, describe, expect, it } from 'vitest'
import { useReminders } from '@/stores/reminders.ts'
import { subscribeProblems } from '@/stores/subscribe-words.ts'
import { ok } from '../fakes/backend.ts'
import { useFakeHost, type FakeHost } from '../fakes/host.ts'

let host: FakeHost
beforeEach(() => {
  host = useFakeHost({ loggedIn: true })
  host.backend['GET /notify/quota'] = () => ok({ quota: { T1: 0 } })
})

async function look(): Promise<void> {
  useReminders().look()
  await host.settled()
}

describe('the test recipe of three lines', () => {
  it('is true', async () => {
    const host = useFakeHost({ loggedIn: true })
    await host.tap(() => useReminders().allowOnce())
    expect(host.sent('POST /notify/grants')).toMatchObject([{ results: { T1: 'accept' } }])
  })
})

describe('再允许一次', () => {
  it('asks inside the tap, says that it worked, and the number goes up', async () => {
    host.backend['POST /notify/grants'] = () => ok({ quota: { T1: 4 } })
    await host.tap(() => useReminders().allowOnce())
    expect(host.calls[0]).toMatchObject({ name: 'requestSubscribeMessage', tap: true })
    expect(host.toasts()).toEqual(['已订阅成功'])
    expect(useReminders().remainingWords).toBe('4 条')
  })

  it('refused this once: asks by a modal whether to choose again, never for the settings', async () => {
    host.subscribe.push({ results: { T1: 'reject' } })
    host.modals.push('confirm')
    await host.tap(() => useReminders().allowOnce())
    expect(host.of('requestSubscribeMessage').map(({ tap }) => tap)).toEqual([true, true])
    expect(host.of('openSetting')).toEqual([])
    expect(host.sent('POST /notify/grants')).toHaveLength(1)
  })

  it.each([
    [{ errCode: 10001 }, 'LB4001'],
    [{ errCode: 10002 }, 'LB4002'],
    [{ errCode: 10003 }, 'LB4003'],
    [{ errCode: 10004 }, 'LB4004'],
    [{ errCode: 10005 }, 'LB4005'],
    [{ errCode: 20001 }, 'LB4006'],
    [{ errCode: 20002 }, 'LB4007'],
    [{ errCode: 20003 }, 'LB4008'],
    [{ errCode: 20005 }, 'LB4009'],
    [{ errCode: 20013 }, 'LB4010'],
    [{ errMsg: 'requestSubscribeMessage:fail can only be invoked by user TAP gesture.' }, 'LB4011'],
    [{ errMsg: 'requestSubscribeMessage:fail last call has not ended' }, 'LB4012'],
    [{ errMsg: 'requestSubscribeMessage:fail function not exist' }, 'LB4013'],
  ] as const)('%o: its own words and code, no modal', async (fail, code) => {
    host.subscribe.push({ fail })
    await host.tap(() => useReminders().allowOnce())
    expect(useReminders().problem?.code).toBe(code)
    expect(host.toasts()).toEqual([useReminders().problem?.sentence])
    expect(host.modalTexts()).toEqual([])
  })

  it.each(['ban', 'filter', 'something new'])('%s: the template is out of use', async (value) => {
    host.subscribe.push({ results: { T1: value } })
    await host.tap(() => useReminders().allowOnce())
    expect(useReminders().problem?.code).toBe('LB4014')
    expect(host.modalTexts()).toEqual([])
  })

  it('a failure nobody knows may be a switch: the settings are offered first', async () => {
    host.subscribe.push({ fail: { errCode: 99999 } })
    await host.tap(() => useReminders().allowOnce())
    expect(host.modalTexts()).toHaveLength(1)
    expect(host.toasts()).toEqual([])
  })

  it('the next panel that works takes the problem away', async () => {
    host.subscribe.push({ fail: { errCode: 10002 } })
    await host.tap(() => useReminders().allowOnce())
    await host.tap(() => useReminders().allowOnce())
    expect(useReminders().problem).toBeNull()
  })

  it('every problem has a sentence and a code of its own', () => {
    const problems = Object.values(subscribeProblems)
    expect(new Set(problems.map(({ code }) => code)).size).toBe(problems.length)
    expect(new Set(problems.map(({ sentence }) => sentence)).size).toBe(problems.length)
  })
})

describe('the one button that helps', () => {
  it.each<[string, () => void, string, string]>([
    ['the main switch is off', () => (host.settings.mainSwitch = false), 'open-main-switch', 'openSetting'],
    [
      'a template is kept as refused',
      () => (host.settings.kept = { T1: 'reject' }),
      'accept-in-settings',
      'openSetting',
    ],
    ['nothing is left', () => undefined, 'allow-once', 'requestSubscribeMessage'],
  ])('%s: %s, inside the tap', async (_case, happens, remedy, call) => {
    happens()
    await look()
    expect(useReminders().remedy).toBe(remedy)
    host.calls.length = 0
    await host.tap(() => useReminders().mend())
    expect(host.calls[0]).toMatchObject({ name: call, tap: true })
  })

  it.each<[string, () => void]>([
    ['enough is left', () => (host.backend['GET /notify/quota'] = () => ok({ quota: { T1: 3 } }))],
    ['nothing is known of the quota', () => (host.backend['GET /notify/quota'] = () => 'offline')],
  ])('%s: none is offered', async (_case, happens) => {
    happens()
    await look()
    expect(useReminders().remedy).toBe('none')
  })

  it('settings that cannot be read stand in nobody’s way', async () => {
    host.getSetting = 'is missing'
    await look()
    expect(useReminders()).toMatchObject({ remedy: 'allow-once', mainSwitchWords: '微信没有告诉我们' })
  })

  it('the switch that was turned on in the settings is followed by a panel: a switch is no grant', async () => {
    host.settings.mainSwitch = false
    await look()
    host.onSettingsPage = () => {
      host.settings.mainSwitch = true
    }
    host.modals.push('confirm')
    await host.tap(() => useReminders().mend())
    expect(host.of('showModal')[0]?.arg.confirmText).toBe('继续订阅')
    expect(host.of('requestSubscribeMessage')).toMatchObject([{ tap: true }])
    expect(host.sent('POST /notify/grants')).toHaveLength(1)
    expect(useReminders()).toMatchObject({ mainSwitchWords: '已打开', remedy: 'allow-once' })
  })

  it('left off, nothing more is asked, and the words stay', async () => {
    host.settings.mainSwitch = false
    await look()
    await host.tap(() => useReminders().mend())
    expect(host.of('showModal')).toEqual([])
    expect(useReminders().mainSwitchWords).toBe('已关闭，收不到任何提醒')
  })
})

describe('what is said of each template', () => {
  it.each([
    [undefined, '每次询问，还有 2 条', false],
    ['accept', '总是接收，还有 2 条', false],
    ['acceptWithAudio', '总是接收，还有 2 条', false],
    ['reject', '总是拒收，还有 2 条', true],
    ['ban', '总是拒收，还有 2 条', true],
  ])('kept as %s: %s', async (kept, choice, isRefused) => {
    host.settings.kept = kept === undefined ? undefined : { T1: kept }
    host.backend['GET /notify/quota'] = () => ok({ quota: { T1: 2 } })
    await look()
    expect(useReminders().templates).toEqual([{ templateId: 'T1', title: '新线索提醒', choice, isRefused }])
  })
})

describe('how many of a template are left', () => {
  it('is not said before the backend has said it', async () => {
    host.backend['GET /notify/quota'] = () => 'offline'
    await look()
    expect(useReminders().templates.map(({ choice }) => choice)).toEqual(['每次询问'])
  })
})

describe('the phone’s own notifications', () => {
  it.each([
    ['authorized', 'on', '已打开'],
    ['denied', 'off', '已关闭：消息能收到，但不会弹出来'],
    ['not determined', 'unknown', '没有告诉我们，可在手机设置里查看'],
    ['non determined', 'unknown', '没有告诉我们，可在手机设置里查看'],
  ])('%s: %s', async (told, notifications, words) => {
    host.notifications = told
    await look()
    expect(useReminders()).toMatchObject({ notifications, notificationWords: words })
  })

  it.each(['missing', 'throwing'])('a %s call is no answer', async (how) => {
    host.uni.getAppAuthorizeSetting =
      how === 'missing'
        ? undefined
        : () => {
            throw new Error('fail')
          }
    await look()
    expect(useReminders().notifications).toBe('unknown')
  })

  it('are opened inside the tap; where that does not work, the way is said in words', async () => {
    await host.tap(() => useReminders().openPhoneSettings())
    expect(host.of('openAppAuthorizeSetting')).toMatchObject([{ tap: true }])
    expect(host.toasts()).toEqual([])
    host.uni.openAppAuthorizeSetting = undefined
    await host.tap(() => useReminders().openPhoneSettings())
    expect(host.toasts()).toEqual(['请在手机的“设置 - 通知 - 微信”里打开通知'])
  })
})

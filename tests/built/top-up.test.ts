import { describe, expect, it } from 'vitest'
import type { Phone } from '../story/phone.ts'
import { useWorld } from '../story/use-world.ts'

/** Every subscribe call so far, as the host saw it. */
const asked = async (phone: Phone) => (await phone.calls('requestSubscribeMessage')).map(({ tap }) => tap)

describe('with 总是保持以上选择', () => {
  const world = useWorld()

  it('H20 opening a lead, marking it followed up and the banner’s button each take a grant along, without a panel', async () => {
    const phone = await world.openPhone()
    await world.login(phone)
    await phone.wechat('subscribe-keep').click()
    await phone.wechat('subscribe-allow').click()
    await phone.waitForText('还可接收 1 条提醒')

    await phone.tap('remedy')
    await phone.waitForText('还可接收 2 条提醒')
    await phone.byClass('clue-row').first().click()
    await phone.byId('clue-title').waitFor()
    await phone.tap('follow')
    await phone.waitForText('跟进中')
    await phone.back()
    await phone.waitForText('还可接收 4 条提醒')

    expect(await asked(phone)).toEqual([true, true, true, true])
    expect(await phone.wechat('subscribe-panel').count()).toBe(0)
    expect(Object.values(world.emulator.quota())).toEqual([4])
    expect(await phone.errors()).toEqual([])
  })
})

describe('with a choice that is not kept', () => {
  const world = useWorld()

  it('an opened lead does not ask again so soon after the login did', async () => {
    const phone = await world.openPhone()
    await world.login(phone)
    await phone.wechat('subscribe-allow').click()
    await phone.waitForText('还可接收 1 条提醒')
    await phone.byClass('clue-row').first().click()
    await phone.byId('clue-title').waitFor()
    expect(await asked(phone)).toEqual([true])
  })
})

describe('the buttons of the settings page', () => {
  const world = useWorld()

  it('H13 H27 打开总开关 leads to WeChat’s settings and then asks for the grant, all with tap state', async () => {
    const phone = await world.openPhone()
    await world.login(phone)
    await phone.wechat('subscribe-cancel').click()
    await phone.wechat('modal-cancel').click()
    await phone.byId('clue-list').waitFor()
    world.emulator.setMainSwitch(false)
    await phone.tap('settings')
    await phone.tap('open-main-switch')
    await phone.switchSubscriptions()
    await phone.waitForText('继续订阅')
    await phone.wechat('modal-confirm').click()
    await phone.wechat('subscribe-allow').click()
    await phone.waitForText('1 条')
    expect(await phone.calls('openSetting')).toMatchObject([{ tap: true }])
    expect(await asked(phone)).toEqual([true, true])
  })

  it('H2 打开手机通知 leads to the phone’s own settings, and the page knows on return', async () => {
    const phone = await world.openPhone()
    await world.login(phone)
    await phone.wechat('subscribe-allow').click()
    await phone.byId('clue-list').waitFor()
    world.emulator.setPhone({ notifications: 'denied' })
    await phone.tap('settings')
    await phone.tap('open-phone-settings')
    await phone.wechat('system-notification-switch').click()
    await phone.wechat('system-settings-back').click()
    await phone.byId('open-phone-settings').waitFor({ state: 'detached' })
    expect(await phone.calls('openAppAuthorizeSetting')).toMatchObject([{ tap: true }])
  })
})

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { demo } from '../../scripts/demo.ts'
import { useWorld } from '../story/use-world.ts'

describe('the built login page', () => {
  const world = useWorld()

  it('calls requestSubscribeMessage inside the tap, as its first host call', async () => {
    const phone = await world.openPhone()
    await world.login(phone)
    await phone.wechat('subscribe-panel').waitFor()
    expect(await phone.calls('requestSubscribeMessage')).toMatchObject([{ tap: true }])
    // The one before the form, to see whether this WeChat is bound; none since the tap.
    expect(await phone.calls('login')).toHaveLength(1)
    expect(await phone.errors()).toEqual([])
  })

  it('switched off: the modal’s 确认 opens the settings with tap state, and 继续登录 asks again with it', async () => {
    world.emulator.setMainSwitch(false)
    const phone = await world.openPhone()
    await world.login(phone)
    await phone.waitForText('检测到您没打开此小程序的消息通知权限')
    await phone.wechat('modal-confirm').click()
    await phone.wechat('settings-main-switch').click()
    await phone.wechat('settings-back').click()
    await phone.waitForText('继续登录')
    await phone.wechat('modal-confirm').click()
    await phone.wechat('subscribe-allow').click()
    await phone.byId('clue-list').waitFor()
    expect(await phone.calls('openSetting')).toMatchObject([{ tap: true }])
    expect(await phone.calls('requestSubscribeMessage')).toMatchObject([{ tap: true }, { tap: true }])
    await phone.waitForText('还可接收 1 条提醒')
  })

  it('a plain reject asks again with tap state', async () => {
    const phone = await world.openPhone()
    await world.login(phone)
    await phone.wechat('subscribe-cancel').click()
    await phone.waitForText('您刚才没有允许接收消息')
    await phone.wechat('modal-confirm').click()
    await phone.wechat('subscribe-panel').waitFor()
    expect(await phone.calls('requestSubscribeMessage')).toMatchObject([{ tap: true }, { tap: true }])
  })

  it('the keyboard’s confirm key asks by a modal, and the panel opens with the tap state of its button', async () => {
    const phone = await world.openPhone()
    await phone.type('username', demo.account.username)
    await phone.confirm('username')
    await phone.type('password', demo.account.password)
    await phone.type('captcha', await world.readCaptcha(phone))
    await phone.confirm('captcha')
    await phone.wechat('modal-confirm').click()
    await phone.wechat('subscribe-allow').click()
    await phone.byId('clue-list').waitFor()
    expect(await phone.calls('requestSubscribeMessage')).toMatchObject([{ tap: true }])
  })

  it('a wrong captcha: a new picture, everything else stays as typed', async () => {
    const phone = await world.openPhone()
    await phone.type('username', 'chen')
    await phone.type('password', 'leadbell-demo')
    await world.readCaptcha(phone)
    const before = await phone.byId('captcha-image').locator('img').getAttribute('src')
    await phone.type('captcha', '????')
    await phone.tap('login')
    await phone.wechat('subscribe-allow').click()
    await phone.waitForText('验证码错误')
    await phone.byId('captcha-image').waitFor()
    expect(await phone.typed('username')).toBe('chen')
    expect(await phone.typed('password')).toBe('leadbell-demo')
    expect(await phone.typed('captcha')).toBe('')
    expect(await phone.byId('captcha-image').locator('img').getAttribute('src')).not.toBe(before)
  })
})

describe('negative control: the same build without data-eventsync', () => {
  const folder = mkdtempSync(join(tmpdir(), 'leadbell-no-eventsync-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const world = useWorld(() => {
    cpSync(inject('builtMiniProgram'), folder, { recursive: true })
    for (const page of ['login/login', 'clue/clue']) {
      const file = join(folder, `pages/${page}.wxml`)
      const wxml = readFileSync(file, 'utf8')
      expect(wxml).toContain(' data-eventsync="true"')
      writeFileSync(file, wxml.replaceAll(' data-eventsync="true"', ''))
    }
    return folder
  })

  it('loses the tap state: WeChat shows no panel, and the login goes on without a grant', async () => {
    const phone = await world.openPhone()
    await world.login(phone)
    await phone.byId('clue-list').waitFor()
    expect(await phone.calls('requestSubscribeMessage')).toMatchObject([{ tap: false }])
    await phone.waitForText('还可接收 0 条提醒')
  })

  it('so does an opened lead, which is shown all the same', async () => {
    const { openid, templateId } = demo
    const { phone: settings } = world.emulator.cloud
    // 拒收 on a card puts the template on the settings page, where it is switched back: kept, and accepted.
    settings.refuse(openid, templateId)
    settings.writeSettings({ openid, items: { [templateId]: 'accept' } })
    const phone = await world.openPhone()
    await world.login(phone)
    await phone.waitForText('还可接收 0 条提醒')
    await phone.byClass('clue-row').first().click()
    await phone.byId('clue-title').waitFor()
    expect(await phone.calls('requestSubscribeMessage')).toMatchObject([{ tap: false }, { tap: false }])
  })
})

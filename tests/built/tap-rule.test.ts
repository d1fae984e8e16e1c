import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, inject, it } from 'vitest'
import { platforms } from '../../emulator/src/profiles.ts'
import { demo } from '../../scripts/demo.ts'
import { useWorld } from '../story/use-world.ts'

describe('the built login page', () => {
  const world = useWorld()

  afterEach(() => {
    world.emulator.setPhone({ platform: 'strict' })
    world.emulator.setMainSwitch(true)
  })

  it.each(platforms)(
    'H1 H10 calls requestSubscribeMessage inside the tap, as its first host call: %s',
    async (platform) => {
      world.emulator.setPhone({ platform })
      const phone = await world.openPhone()
      await world.login(phone)
      await phone.wechat('subscribe-panel').waitFor()
      expect(await phone.calls('requestSubscribeMessage')).toMatchObject([{ tap: true }])
      // The one before the form, to see whether this WeChat is bound; none since the tap.
      expect(await phone.calls('login')).toHaveLength(1)
      expect(await phone.errors()).toEqual([])
    },
  )

  it('H5 H13 H27 switched off: the modal’s 确认 opens the settings with tap state, and 继续登录 asks again with it', async () => {
    world.emulator.setMainSwitch(false)
    const phone = await world.openPhone()
    await world.login(phone)
    await phone.waitForText('检测到您没打开此小程序的消息通知权限')
    await phone.wechat('modal-confirm').click()
    await phone.switchSubscriptions()
    await phone.waitForText('继续登录')
    await phone.wechat('modal-confirm').click()
    await phone.wechat('subscribe-allow').click()
    await phone.byId('clue-list').waitFor()
    expect(await phone.calls('openSetting')).toMatchObject([{ tap: true }])
    expect(await phone.calls('requestSubscribeMessage')).toMatchObject([{ tap: true }, { tap: true }])
    await phone.waitForText('还可接收 1 条提醒')
  })

  it('H28 on Windows the settings do not open, and the login goes on without a grant', async () => {
    world.emulator.setPhone({ platform: 'windows' })
    world.emulator.setMainSwitch(false)
    const phone = await world.openPhone()
    await world.login(phone)
    await phone.wechat('modal-confirm').click()
    await phone.byId('clue-list').waitFor()
    expect(await phone.calls('openSetting')).toMatchObject([{ tap: true }])
    expect(await phone.wechat('settings-page').count()).toBe(0)
    expect(await phone.calls('requestSubscribeMessage')).toHaveLength(1)
  })

  it('H52 the devtools’ own panel is answered like WeChat’s', async () => {
    world.emulator.setPhone({ platform: 'devtools' })
    const booked = Object.values(world.emulator.quota())[0] ?? 0
    const phone = await world.openPhone()
    await world.login(phone)
    await phone.wechat('simulated').waitFor()
    await phone.wechat('subscribe-allow').click()
    await phone.byId('clue-list').waitFor()
    expect(Object.values(world.emulator.quota())).toEqual([booked + 1])
  })

  it('H5 a plain reject asks again with tap state', async () => {
    const phone = await world.openPhone()
    await world.login(phone)
    await phone.wechat('subscribe-cancel').click()
    await phone.waitForText('您刚才没有允许接收消息')
    await phone.wechat('modal-confirm').click()
    await phone.wechat('subscribe-panel').waitFor()
    expect(await phone.calls('requestSubscribeMessage')).toMatchObject([{ tap: true }, { tap: true }])
  })

  it('H5 the keyboard’s confirm key asks by a modal, and the panel opens with the tap state of its button', async () => {
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

/** The same build with other templates on some pages; the folder goes after the tests. */
function changedBuild(pages: string[], change: (wxml: string) => string): () => string {
  const folder = mkdtempSync(join(tmpdir(), 'leadbell-changed-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return () => {
    cpSync(inject('builtMiniProgram'), folder, { recursive: true })
    for (const page of pages) {
      const file = join(folder, `pages/${page}.wxml`)
      const wxml = readFileSync(file, 'utf8')
      expect(change(wxml)).not.toBe(wxml)
      writeFileSync(file, change(wxml))
    }
    return folder
  }
}

describe('negative control: the same build without data-eventsync', () => {
  const world = useWorld(
    changedBuild(['login/login', 'clue/clue'], (wxml) => wxml.replaceAll(' data-eventsync="true"', '')),
  )
  afterEach(() => world.emulator.setPhone({ platform: 'strict' }))

  it.each(['android', 'ios'] as const)(
    'H10 where promises keep the tap state uni-app’s timer loses it all the same: %s',
    async (platform) => {
      world.emulator.setPhone({ platform })
      const phone = await world.openPhone()
      await world.login(phone)
      await phone.byId('clue-list').waitFor()
      expect(await phone.calls('requestSubscribeMessage')).toMatchObject([{ tap: false }])
    },
  )

  it('H10 loses the tap state: WeChat shows no panel, and the login goes on without a grant', async () => {
    const phone = await world.openPhone()
    await world.login(phone)
    await phone.byId('clue-list').waitFor()
    expect(await phone.calls('requestSubscribeMessage')).toMatchObject([{ tap: false }])
    await phone.waitForText('还可接收 0 条提醒')
  })

  it('H10 so does an opened lead, which is shown all the same', async () => {
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

describe('negative control: the same build with the button’s words in a node of their own', () => {
  const world = useWorld(
    changedBuild(['login/login'], (wxml) =>
      // a button draws its border over what is not positioned in it, and a press there is its own
      wxml.replace(
        /(<button id="login"[^>]*>)(.*?)(<\/button>)/s,
        '$1<text id="words" style="position: relative; z-index: 1">$2</text>$3',
      ),
    ),
  )

  it('H11 a press on the words is not the button’s: its data-eventsync does not help', async () => {
    const phone = await world.openPhone()
    await phone.type('username', demo.account.username)
    await phone.type('password', demo.account.password)
    await phone.type('captcha', await world.readCaptcha(phone))
    await phone.tap('words')
    await phone.byId('clue-list').waitFor()
    expect(await phone.calls('requestSubscribeMessage')).toMatchObject([{ tap: false }])
    await phone.waitForText('还可接收 0 条提醒')
  })

  it('H11 beside the words it is', async () => {
    const phone = await world.openPhone()
    await phone.type('username', demo.account.username)
    await phone.type('password', demo.account.password)
    await phone.type('captcha', await world.readCaptcha(phone))
    await phone.byId('login').click({ position: { x: 6, y: 12 } })
    await phone.wechat('subscribe-panel').waitFor()
    expect(await phone.calls('requestSubscribeMessage')).toMatchObject([{ tap: true }])
  })
})

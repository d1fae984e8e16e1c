import { describe, expect, it, vi } from 'vitest'
import { demo } from '../../scripts/demo.ts'
import { useWorld } from './use-world.ts'
import { OTHER_OPENID } from './world.ts'

describe('a grant belongs to the WeChat that gave it', () => {
  const world = useWorld()

  it('given without a network, kept through a kill and another WeChat on the same phone, and booked once', async () => {
    const phone = await world.openPhone()
    await world.login(phone)
    await phone.wechat('subscribe-allow').click()
    await phone.waitForText('还可接收 1 条提醒')

    await phone.hold('POST /notify/grants')
    await phone.tap('remedy')
    await phone.wechat('subscribe-allow').click()
    await phone.waitForText('还可接收 2 条提醒')
    expect(Object.values(world.emulator.quota())).toEqual([2])

    // Another WeChat signs in on this phone and looks in: it has nothing to report.
    const stranger = await phone.another(OTHER_OPENID)
    await stranger.byId('captcha-image').waitFor()
    await stranger.close()

    const again = await phone.another(demo.openid)
    await again.waitForText('还可接收 2 条提醒')
    await vi.waitFor(async () => expect(await world.quotaInTheBook(again)).toBe(2))
    expect(await again.errors()).toEqual([])
  })
})

import { describe, expect, it, vi } from 'vitest'
import { useWorld } from './use-world.ts'

describe('who has logged in once', () => {
  const world = useWorld()

  it('enters on another phone by WeChat alone, without a form', async () => {
    const first = await world.openPhone()
    await world.login(first)
    await first.wechat('subscribe-allow').click()
    await first.byId('clue-list').waitFor()

    const second = await world.openPhone()
    await second.byId('clue-list').waitFor()
    expect(await second.calls('requestSubscribeMessage')).toEqual([])
    expect(await second.errors()).toEqual([])
  })

  it('a session that ended leads through the login and back to the same lead', async () => {
    const phone = await world.openPhone()
    await world.login(phone)
    await phone.wechat('subscribe-allow').click()
    await phone.byId('clue-list').waitFor()
    const [lead] = await world.leads()
    await world.endSession(phone)
    await phone.open(`pages/clue/detail?id=${lead?.id}`)
    // What the phone remembers of the lead shows first, so the way is waited for.
    await vi.waitFor(async () =>
      expect((await phone.calls('reLaunch')).map(({ arg }) => arg.url)).toEqual([
        `/pages/login/login?to=${encodeURIComponent(`/pages/clue/detail?id=${lead?.id}`)}`,
        `/pages/clue/detail?id=${lead?.id}`,
      ]),
    )
    await phone.byId('clue-title').waitFor()
    expect(await phone.byId('clue-title').innerText()).toBe(lead?.title)
  })

  it('退出登录 keeps WeChat bound: nobody is let in by themselves, one tap is enough, and it takes a grant along', async () => {
    const phone = await world.openPhone()
    await world.login(phone)
    await phone.wechat('subscribe-cancel').click()
    await phone.wechat('modal-cancel').click()
    await phone.byId('clue-list').waitFor()
    await phone.logout()
    await phone.open('pages/login/login')
    await phone.tap('wechat-login')
    expect(await phone.calls('requestSubscribeMessage')).toMatchObject([{ tap: true }])
    await phone.wechat('subscribe-allow').click()
    await phone.byId('clue-list').waitFor()
  })

  it('退出并解除微信绑定: the next one needs the password again', async () => {
    const phone = await world.openPhone()
    await world.login(phone)
    await phone.wechat('subscribe-allow').click()
    await phone.byId('clue-list').waitFor()
    await phone.logout('退出并解除微信绑定')
    expect(await phone.byId('wechat-login').count()).toBe(0)

    const another = await world.openPhone()
    await another.byId('captcha-image').waitFor()
    expect(await another.typed('username')).toBe('')
  })
})

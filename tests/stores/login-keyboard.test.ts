import { beforeEach, describe, expect, it } from 'vitest'
import { useSession } from '@/stores/session.ts'
import { useFakeHost, type FakeHost } from '../fakes/host.ts'
import { form, loadLoginPage } from './tap-login.ts'

let host: FakeHost
beforeEach(async () => {
  host = useFakeHost()
  await loadLoginPage()
  host.calls.length = 0
})

/** WeChat gives the keyboard's confirm event no tap state. */
async function confirmKey(input = form): Promise<void> {
  useSession().loginFromKeyboard(input)
  await host.settled()
}

describe('the keyboard’s 完成', () => {
  it('asks by a modal, whose button has the tap state the panel needs', async () => {
    host.modals.push('confirm')
    await confirmKey()
    expect(host.names().slice(0, 2)).toEqual(['showModal', 'requestSubscribeMessage'])
    expect(host.of('showModal')[0]).toMatchObject({ tap: false, arg: { confirmText: '登录' } })
    expect(host.of('requestSubscribeMessage')[0]?.tap).toBe(true)
    expect(useSession().loggedIn).toBe(true)
  })

  it('取消 starts nothing', async () => {
    await confirmKey()
    expect(host.names()).toEqual(['showModal'])
    expect(useSession()).toMatchObject({ loggedIn: false, busy: false })
  })

  it('with an incomplete form says what is missing, without a modal', async () => {
    await confirmKey({ ...form, captcha: ' ' })
    expect(useSession().fieldErrors).toEqual({ captcha: '请输入验证码' })
    expect(host.calls).toEqual([])
  })

  it('does nothing during a login', async () => {
    host.subscribe.push('stays open')
    await host.tap(() => useSession().login(form))
    await confirmKey()
    expect(host.of('showModal')).toEqual([])
  })

  it('two modals confirmed one after the other start one login', async () => {
    host.modals.push('stays open', 'stays open')
    await confirmKey()
    await confirmKey()
    host.subscribe.push('stays open')
    await host.answerModal('confirm')
    await host.answerModal('confirm')
    expect(host.of('requestSubscribeMessage')).toHaveLength(1)
  })
})

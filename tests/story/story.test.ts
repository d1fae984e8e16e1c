import type { Clue, DeliveryPage } from '@leadbell/contract'
import { describe, expect, it, vi } from 'vitest'
import { demo } from '../../scripts/demo.ts'
import { useWorld } from './use-world.ts'

describe('one lead rings one phone', () => {
  const world = useWorld()

  it('login, 允许, a lead is assigned, the message arrives, a tap on it opens that lead', async () => {
    const phone = await world.openPhone()
    await world.login(phone)
    await phone.wechat('subscribe-panel').waitFor()
    await phone.wechat('subscribe-allow').click()
    await phone.byId('clue-list').waitFor()
    await phone.waitForText('还可接收 1 条提醒')

    await world.assignLead('城东物流园 仓储系统询价')
    await phone.wechat('message-banner').click()
    await phone.byId('clue-title').waitFor()
    expect(await phone.byId('clue-title').innerText()).toBe('城东物流园 仓储系统询价')
    expect(await phone.errors()).toEqual([])
  })

  it('a card in 服务通知 opens its lead, through the login when logged out', async () => {
    const phone = await world.openPhone()
    await world.login(phone)
    await phone.wechat('subscribe-allow').click()
    await phone.waitForText('还可接收 1 条提醒')
    await world.assignLead('锦绣花园 物业系统')
    await phone.wechat('message-banner').waitFor()
    await phone.byId('clue-list').waitFor()
    await phone.logout()

    await phone.wechat('capsule-close').click()
    await phone.wechat('service-entry').click()
    await phone.wechat('message-card').last().click()
    await world.login(phone)
    await phone.wechat('subscribe-cancel').click()
    await phone.wechat('modal-cancel').click()
    await phone.byId('clue-title').waitFor()
    expect(await phone.byId('clue-title').innerText()).toBe('锦绣花园 物业系统')
    expect(await phone.errors()).toEqual([])
  })

  it('another person’s lead says so, and leads back to the list', async () => {
    const clue = await world.admin<Clue>('POST', '/admin/clues', {
      title: '别人的线索',
      customerName: '赵先生',
      phone: '13800002222',
    })
    const phone = await world.openPhone(`pages/clue/detail?id=${clue.id}`)
    await world.login(phone)
    await phone.wechat('subscribe-allow').click()
    await phone.waitForText('可能不是分配给您的线索')
    await phone.byClass('action').click()
    await phone.byId('clue-list').waitFor()
  })
})

describe('the back office and a phone side by side', () => {
  const world = useWorld()

  it('a lead assigned on the left rings on the right, and the left sees it arrive', async () => {
    const { page, office, phone } = await world.openSideBySide()
    await office.logIn()
    await world.login(phone)
    await phone.wechat('subscribe-allow').click()
    await phone.waitForText('还可接收 1 条提醒')
    await office
      .rows()
      .getByRole('button', { name: /^分配 / })
      .first()
      .click()
    await office
      .dialog()
      .getByRole('option', { name: /陈小舟.*能收到，还剩 1 条/s })
      .click()
    await page.keyboard.press('Control+Enter')
    await phone.wechat('message-banner').click()
    await phone.byId('clue-title').waitFor()
    const title = await phone.byId('clue-title').innerText()
    await office.rows().filter({ hasText: title }).getByText('已送达').waitFor()
    expect(office.errors).toEqual([])
  })
})

describe('the desk', () => {
  const world = useWorld()

  it('assigns a lead with one button, and the phone in it rings', async () => {
    const desk = await world.openDesk()
    await world.login(desk.phone)
    await desk.phone.wechat('subscribe-allow').click()
    await desk.phone.waitForText('还可接收 1 条提醒')
    await desk.page.getByText(demo.assignLabel).first().click()
    await desk.phone.wechat('message-banner').click()
    await desk.phone.byId('clue-title').waitFor()
    const title = await desk.phone.byId('clue-title').innerText()
    await desk.page.getByText(`已把「${title}」分给`).waitFor()
  })

  it('without a network the list says so, and what is typed stays', async () => {
    const desk = await world.openDesk()
    await desk.phone.type('username', 'chen')
    await desk.phone.type('password', 'leadbell-demo')
    await desk.phone.type('captcha', await world.readCaptcha(desk.phone))
    await desk.page.getByText('断网').click()
    await desk.phone.tap('login')
    await desk.phone.waitForText('网络不通，请检查网络后重试')
    expect(await desk.phone.typed('username')).toBe('chen')
    expect(await desk.phone.typed('password')).toBe('leadbell-demo')
  })
})

describe('a lead without a grant', () => {
  const world = useWorld()

  it('waits, is in the list, and rings with the next grant', async () => {
    const phone = await world.openPhone()
    await world.login(phone)
    await phone.wechat('subscribe-cancel').click()
    await phone.wechat('modal-cancel').click()
    await phone.byId('clue-list').waitFor()

    const { delivery } = await world.assignLead('北辰商务楼 监控改造')
    expect(delivery.state).toBe('waiting')
    expect(world.sentMessages()).toEqual([])

    await phone.logout()
    await world.login(phone)
    await phone.wechat('subscribe-allow').click()
    await phone.wechat('message-banner').waitFor()
    expect(world.sentMessages()).toHaveLength(1)
    await phone.byClass('row').first().getByText('北辰商务楼 监控改造').waitFor()
  })
})

describe('a power cut between assignment and send', () => {
  const world = useWorld()

  it('kill -9, restart: the message still goes out, once', async () => {
    const phone = await world.openPhone()
    await world.login(phone)
    await phone.wechat('subscribe-allow').click()
    await phone.waitForText('还可接收 1 条提醒')

    // WeChat is busy, so the message waits for its next try.
    world.emulator.fault({ call: 'subscribe/send', kind: 'errcode', errcode: -1, errmsg: 'system error' })
    const { clue } = await world.assignLead('南湖小区 门禁更换')
    await vi.waitFor(async () => {
      const { items } = await world.admin<DeliveryPage>('GET', `/admin/deliveries?clueId=${clue.id}`)
      expect(items).toMatchObject([{ state: 'ready', attempts: 1 }])
    })
    await world.backend().kill()
    world.emulator.clearFaults()
    expect(world.sentMessages()).toEqual([])

    await world.startBackend()
    await phone.wechat('message-banner').waitFor()
    await phone.wechat('message-banner').click()
    await phone.byId('clue-title').waitFor()
    expect(await phone.byId('clue-title').innerText()).toBe('南湖小区 门禁更换')
    await vi.waitFor(() => expect(world.sentMessages()).toHaveLength(1))
  })
})

import type { AssignResult, Clue } from '@leadbell/contract'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { demo } from '../../scripts/demo.ts'
import { launchBrowser, startWorld, type World } from './world.ts'

let browser: Browser
let world: World

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser.close()
})

/** What a clerk does: a new lead, assigned to whoever is logged in as the demo account. */
async function assignLead(title: string): Promise<AssignResult> {
  const clue = await world.admin<Clue>('POST', '/admin/clues', {
    title,
    customerName: '周女士',
    phone: '13800001111',
    remark: '上午方便接电话',
  })
  const assigneeId = await world.accountId()
  return world.admin('POST', `/admin/clues/${clue.id}/assign`, { assigneeId, version: clue.version })
}

const sentMessages = async () =>
  (await world.emulator.calls()).filter((call) => call.call === 'subscribe/send' && call.errcode === 0)

describe('one lead rings one phone', () => {
  beforeAll(async () => {
    world = await startWorld(inject('builtMiniProgram'), browser)
  })
  afterAll(() => world.close())

  it('login, 允许, a lead is assigned, the message arrives, a tap on it opens that lead', async () => {
    const phone = await world.openPhone()
    await world.login(phone)
    await phone.wechat('subscribe-panel').waitFor()
    await phone.wechat('subscribe-allow').click()
    await phone.byId('clue-list').waitFor()
    await phone.waitForText('还可接收 1 条提醒')

    await assignLead('城东物流园 仓储系统询价')
    await phone.wechat('message-banner').click()
    await phone.byId('clue-title').waitFor()
    expect(await phone.byId('clue-title').innerText()).toBe('城东物流园 仓储系统询价')
    expect(await phone.errors()).toEqual([])
  })

  it('the desk’s button does the same, and the card in 服务通知 opens the lead', async () => {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage()
    await page.goto(world.emulator.url)
    await page.getByText(demo.assignLabel).waitFor()
    await page.close()
  })
})

describe('a lead without a grant', () => {
  beforeAll(async () => {
    world = await startWorld(inject('builtMiniProgram'), browser)
  })
  afterAll(() => world.close())

  it('waits, is in the list, and rings with the next grant', async () => {
    const phone = await world.openPhone()
    await world.login(phone)
    await phone.wechat('subscribe-cancel').click()
    await phone.wechat('modal-cancel').click()
    await phone.byId('clue-list').waitFor()

    const { delivery } = await assignLead('北辰商务楼 监控改造')
    expect(delivery.state).toBe('waiting')
    expect(await sentMessages()).toEqual([])

    await phone.tap('logout')
    await world.login(phone)
    await phone.wechat('subscribe-allow').click()
    await phone.wechat('message-banner').waitFor()
    expect(await sentMessages()).toHaveLength(1)
    expect(await phone.byClass('clue-row').first().innerText()).toContain('北辰商务楼 监控改造')
  })
})

describe('a power cut between assignment and send', () => {
  beforeAll(async () => {
    world = await startWorld(inject('builtMiniProgram'), browser)
  })
  afterAll(() => world.close())

  it('kill -9, restart: the message still goes out, once', async () => {
    const phone = await world.openPhone()
    await world.login(phone)
    await phone.wechat('subscribe-allow').click()
    await phone.waitForText('还可接收 1 条提醒')

    // WeChat does not hand out a token, so the send cannot begin.
    await world.emulator.fault({ call: 'stable_token', kind: 'hang' })
    await assignLead('南湖小区 门禁更换')
    await world.backend().kill()
    await world.emulator.clearFaults()
    expect(await sentMessages()).toEqual([])

    await world.startBackend()
    await phone.wechat('message-banner').waitFor()
    await phone.wechat('message-banner').click()
    await phone.byId('clue-title').waitFor()
    expect(await phone.byId('clue-title').innerText()).toBe('南湖小区 门禁更换')
    await vi.waitFor(async () => expect(await sentMessages()).toHaveLength(1))
  })
})

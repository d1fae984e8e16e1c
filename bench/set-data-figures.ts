import type { Clue } from '@leadbell/contract'
import type { Phone, SetDataCall } from '../tests/story/phone.ts'
import type { World } from '../tests/story/world.ts'

/** wechat-platform.md §9.3 scores 256 KB and refuses 1,024; a phone on a bad day feels 64. */
export const SET_DATA_BUDGET = 64 * 1024

export const PAGE_SIZE = 20

/** What one step of the user's made the app hand to the view. */
export interface StepFigures {
  step: string
  calls: number
  /** UTF-8 bytes of the JSON of all calls. */
  bytes: number
  largest: number
}

const figures = (step: string, log: SetDataCall[]): StepFigures => ({
  step,
  calls: log.length,
  bytes: log.reduce((sum, { bytes }) => sum + bytes, 0),
  largest: Math.max(0, ...log.map(({ bytes }) => bytes)),
})

/** So many leads for the demo account, as a back office would assign them. */
export async function assignLeads(world: World, count: number): Promise<void> {
  const [known] = await world.leads()
  const assigneeId = known?.assigneeId ?? ''
  for (let n = 0; n < count; n++) {
    const draft = {
      title: `第 ${n} 号园区 仓储系统采购询价`,
      customerName: '欧阳女士',
      phone: '13800001111',
      remark: '官网留言，希望本周内回电，预算已经批下来，想先看样品再谈合同。',
    }
    const { id, version } = await world.admin<Clue>('POST', '/admin/clues', draft)
    await world.admin('POST', `/admin/clues/${id}/assign`, { assigneeId, version })
  }
}

/**
 * The way through the app, step by step. The world has `pages` full pages of leads for the demo account at least, which
 * is bound to no WeChat.
 */
export async function walk(world: World, pages: number): Promise<StepFigures[]> {
  const steps: StepFigures[] = []
  const phone = await world.openPhone()
  const book = async (step: string) => steps.push(figures(step, await settledLog(phone)))

  await phone.byId('captcha-image').waitFor()
  await book('cold start to login')
  await world.login(phone)
  await phone.wechat('subscribe-panel').waitFor()
  await book('typing the form')
  await phone.wechat('subscribe-allow').click()
  await phone.byId('clue-list').waitFor()
  await phone.waitForText('还可接收')
  await book('login to list')
  for (let page = 2; page <= pages; page++) {
    await phone.scrollToEnd()
    await phone
      .byClass('block')
      .nth(page - 1)
      .waitFor()
    await book(`page ${page}: 20 more leads`)
  }
  await phone.byClass('clue-row').last().click()
  await phone.byId('clue-title').waitFor()
  await book('opening a lead')
  return steps
}

/** Every call of a step: until none comes for a while. */
async function settledLog(phone: Phone): Promise<SetDataCall[]> {
  const log: SetDataCall[] = []
  for (let quiet = 0; quiet < 3;) {
    const more = await phone.setDataCalls()
    log.push(...more)
    quiet = more.length === 0 ? quiet + 1 : 0
    await phone.frames(6)
  }
  return log
}

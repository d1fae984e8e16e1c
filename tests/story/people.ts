import type { AssignResult, Clue, StaffMember } from '@leadbell/contract'
import { accountNumber } from '../../emulator/src/index.ts'
import type { Phone } from './phone.ts'
import type { World } from './world.ts'

/** A field worker with a WeChat and a phone, and the lead that is to be theirs alone. */
export interface Person {
  id: string
  account: { username: string; password: string }
  openid: string
  phone: Phone
  title: string
}

/** The WeChat accounts of so many people; a world of theirs needs them. */
export const accountsOf = (count: number) => Array.from({ length: count }, (_, n) => accountNumber(n + 1))

/** Makes so many accounts in the back office, and opens everybody's phone in one browser. */
export async function hire(world: World, count: number): Promise<Person[]> {
  const hired = await Promise.all(
    accountsOf(count).map(async ({ openid }, n) => {
      const account = { username: `field-${n}`, password: 'leadbell-demo' }
      const draft = { ...account, realname: `外勤${n}` }
      const { id } = await world.admin<StaffMember>('POST', '/admin/staff', draft)
      return { id, account, openid, title: `第 ${n} 号园区 仓储系统询价` }
    }),
  )
  const phones = await world.openPhonesOf(hired.map(({ openid }) => openid))
  return hired.map((person, n) => ({ ...person, phone: phones[n] as Phone }))
}

/** The login with captcha and 允许, up to the list. */
export async function logIn(world: World, { phone, account }: Person): Promise<void> {
  await world.login(phone, account)
  await phone.wechat('subscribe-allow').click()
  await phone.waitForText('还可接收 1 条提醒')
}

/** Looks at 服务通知, is given the lead, and taps the card that comes. A banner goes after a while; a card stays. */
export async function hearOfTheLead(world: World, { id, title, phone }: Person): Promise<Clue> {
  await phone.wechat('capsule-close').click()
  await phone.wechat('service-entry').click()
  const draft = { title, customerName: '周女士', phone: '13800001111' }
  const clue = await world.admin<Clue>('POST', '/admin/clues', draft)
  const order = { assigneeId: id, version: clue.version }
  await world.admin<AssignResult>('POST', `/admin/clues/${clue.id}/assign`, order)
  await phone.wechat('message-card').click()
  await phone.byId('clue-title').waitFor()
  return clue
}

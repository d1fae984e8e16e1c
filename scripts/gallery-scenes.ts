import type { AssignResult, Clue } from '@leadbell/contract'
import type { Phone } from '../tests/story/phone.ts'
import type { World } from '../tests/story/world.ts'
import { demo } from './demo.ts'

interface Scene {
  /** Of the picture's file. */
  name: string
  title: string
  /** Brings a phone into the state that is shown. */
  play(world: World): Promise<Phone>
}

/** A phone whose user has logged in and is looking at the list. */
async function onTheList(world: World, answer: 'allow' | 'keep' | 'cancel' = 'allow'): Promise<Phone> {
  const phone = await world.openPhone()
  await world.login(phone)
  if (answer === 'keep') await phone.wechat('subscribe-keep').click()
  await phone.wechat(answer === 'cancel' ? 'subscribe-cancel' : 'subscribe-allow').click()
  if (answer === 'cancel') await phone.wechat('modal-cancel').click()
  await phone.byId('clue-list').waitFor()
  await phone.waitForText('还可接收')
  await phone.gone('toast')
  return phone
}

async function onALead(
  world: World,
  title = '城东物流园 仓储系统询价',
): Promise<{ phone: Phone; lead: AssignResult }> {
  const phone = await onTheList(world)
  const lead = await world.assignLead(title)
  await phone.wechat('message-banner').click()
  await phone.byId('clue-title').waitFor()
  await phone.gone('message-banner')
  return { phone, lead }
}

async function onSettings(world: World, answer: 'allow' | 'keep' = 'allow'): Promise<Phone> {
  const phone = await onTheList(world, answer)
  await phone.tap('settings')
  await phone.byId('main-switch').waitFor()
  return phone
}

const colleague = async (world: World, { clue }: AssignResult) => {
  const { assignment } = await world.admin<AssignResult>('POST', '/trial/assign', { username: 'lin' })
  const order = { assigneeId: assignment.assigneeId, version: clue.version }
  await world.admin('POST', `/admin/clues/${clue.id}/assign`, order)
}

const NOTE = '已和周女士通过电话，明天上午十点带方案过去，她关心仓储系统能不能接现有的 ERP。'

const login: Scene[] = [
  {
    name: 'login',
    title: '登录',
    async play(world) {
      const phone = await world.openPhone()
      await phone.byId('captcha-image').waitFor()
      return phone
    },
  },
  {
    name: 'login-entering',
    title: '登录：用微信进入',
    async play(world) {
      const phone = await onTheList(world)
      await world.endSession(phone)
      await phone.hold('POST /notify/login')
      await phone.tap('settings')
      await phone.byId('prefer-form').waitFor()
      return phone
    },
  },
  {
    name: 'login-fields',
    title: '登录：有没填的',
    async play(world) {
      const phone = await world.openPhone()
      await phone.byId('captcha-image').waitFor()
      await phone.tap('login')
      await phone.waitForText('请输入用户名')
      return phone
    },
  },
  {
    name: 'login-captcha-loading',
    title: '登录：验证码加载中',
    async play(world) {
      const phone = await world.openPhone()
      await phone.hold('GET /sys/randomImage')
      await phone.open('pages/login/login')
      await phone.byId('captcha-retry').waitFor()
      return phone
    },
  },
  {
    name: 'login-offline',
    title: '登录：没有网络',
    async play(world) {
      world.emulator.setPhone({ network: 'none' })
      const phone = await world.openPhone()
      await phone.waitForText('点此重试')
      return phone
    },
  },
  {
    name: 'login-panel',
    title: '登录：订阅窗口',
    async play(world) {
      const phone = await world.openPhone()
      await world.login(phone)
      await phone.wechat('subscribe-panel').waitFor()
      return phone
    },
  },
  {
    name: 'login-switched-off',
    title: '登录：消息通知没有打开',
    async play(world) {
      world.emulator.setMainSwitch(false)
      const phone = await world.openPhone()
      await world.login(phone)
      await phone.wechat('modal').waitFor()
      return phone
    },
  },
  {
    name: 'login-rejected',
    title: '登录：这次没有允许',
    async play(world) {
      const phone = await world.openPhone()
      await world.login(phone)
      await phone.wechat('subscribe-cancel').click()
      await phone.waitForText('您刚才没有允许接收消息')
      return phone
    },
  },
  {
    name: 'login-busy',
    title: '登录：登录中',
    async play(world) {
      const phone = await world.openPhone()
      await phone.hold('POST /sys/login')
      await world.login(phone)
      await phone.wechat('subscribe-allow').click()
      await phone.waitForText('登录中')
      await phone.gone('toast')
      return phone
    },
  },
  {
    name: 'login-wrong',
    title: '登录：验证码错误',
    async play(world) {
      const phone = await world.openPhone()
      await world.readCaptcha(phone)
      await phone.type('username', demo.account.username)
      await phone.type('password', demo.account.password)
      await phone.type('captcha', '????')
      await phone.tap('login')
      await phone.wechat('subscribe-allow').click()
      await phone.waitForText('验证码错误')
      return phone
    },
  },
  {
    name: 'login-expired',
    title: '登录：登录已过期',
    async play(world) {
      const phone = await onTheList(world)
      await world.endSession(phone)
      world.emulator.fault({ kind: 'errcode', call: 'code2Session', errcode: 40226, errmsg: 'code blocked' })
      await phone.tap('settings')
      await phone.byId('expired').waitFor()
      await phone.byId('captcha-image').waitFor()
      return phone
    },
  },
  {
    name: 'login-signed-out',
    title: '登录：退出以后',
    async play(world) {
      const phone = await onSettings(world)
      await phone.tap('logout')
      await phone.wechat('action-sheet').getByText('退出登录', { exact: true }).click()
      await phone.byId('wechat-login').waitFor()
      await phone.byId('captcha-image').waitFor()
      return phone
    },
  },
]

const list: Scene[] = [
  {
    name: 'list-loading',
    title: '线索：加载中',
    async play(world) {
      const phone = await world.openPhone()
      await phone.hold('GET /clues')
      await world.login(phone)
      await phone.wechat('subscribe-allow').click()
      await phone.waitForText('还可接收')
      await phone.gone('toast')
      return phone
    },
  },
  { name: 'list', title: '线索', play: (world) => onTheList(world, 'keep') },
  {
    name: 'list-rich',
    title: '线索：提醒够用',
    async play(world) {
      const phone = await onTheList(world)
      for (let n = 0; n < 2; n++) {
        await phone.tap('remedy')
        await phone.wechat('subscribe-allow').click()
        await phone.waitForText(`还可接收 ${n + 2} 条提醒`)
      }
      await phone.gone('toast')
      return phone
    },
  },
  { name: 'list-no-quota', title: '线索：没有提醒次数了', play: (world) => onTheList(world, 'cancel') },
  {
    name: 'list-switched-off',
    title: '线索：总开关关着',
    async play(world) {
      const phone = await onTheList(world)
      world.emulator.setMainSwitch(false)
      await phone.pullDown()
      await phone.waitForText('打开总开关')
      return phone
    },
  },
  {
    name: 'list-end',
    title: '线索：到底了',
    async play(world) {
      const phone = await onTheList(world)
      await phone.scrollToEnd()
      await phone.waitForText('没有更多了')
      await phone.scrollToEnd()
      return phone
    },
  },
  {
    name: 'list-filtered-empty',
    title: '线索：没有符合条件的',
    async play(world) {
      const phone = await onTheList(world)
      await phone.type('search', '没有这样的线索')
      await phone.waitForText('没有符合条件的线索')
      return phone
    },
  },
  {
    name: 'list-empty',
    title: '线索：还没有线索',
    async play(world) {
      for (const { id } of await world.leads()) await world.admin('DELETE', `/admin/clues/${id}`)
      const phone = await world.openPhone()
      await world.login(phone)
      await phone.wechat('subscribe-allow').click()
      await phone.waitForText('还没有线索')
      await phone.waitForText('还可接收')
      await phone.gone('toast')
      return phone
    },
  },
  {
    name: 'list-offline',
    title: '线索：没有网络，看上次的列表',
    async play(world) {
      const phone = await onTheList(world)
      world.emulator.setPhone({ network: 'none' })
      await phone.open('pages/clue/clue')
      await phone.byId('offline').waitFor()
      await phone.byId('clue-list').waitFor()
      return phone
    },
  },
  {
    name: 'list-failed',
    title: '线索：服务器没有应答',
    async play(world) {
      const phone = await world.openPhone()
      await phone.break('GET /clues')
      await world.login(phone)
      await phone.wechat('subscribe-allow').click()
      await phone.waitForText('重试')
      await phone.gone('toast')
      return phone
    },
  },
]

const detail: Scene[] = [
  {
    name: 'detail-loading',
    title: '线索详情：加载中',
    async play(world) {
      const phone = await onTheList(world)
      const { clue } = await world.assignLead('锦绣花园 物业系统')
      await phone.hold('GET /clues')
      await phone.open(`pages/clue/detail?id=${clue.id}`)
      await phone.byClass('bone').first().waitFor()
      return phone
    },
  },
  { name: 'detail', title: '线索详情', play: async (world) => (await onALead(world)).phone },
  {
    name: 'detail-noted',
    title: '线索详情：有跟进记录',
    async play(world) {
      const { phone } = await onALead(world)
      await phone.tap('follow')
      await phone.type('note', NOTE)
      await phone.tap('save-note')
      await phone.waitForText('陈小舟 · ')
      await phone.byId('notes').scrollIntoViewIfNeeded()
      return phone
    },
  },
  {
    name: 'detail-saving',
    title: '线索详情：跟进正在保存',
    async play(world) {
      const { phone } = await onALead(world)
      await phone.hold('POST /clues')
      await phone.type('note', NOTE)
      await phone.tap('save-note')
      await phone.waitForText('正在保存')
      await phone.byId('notes').scrollIntoViewIfNeeded()
      return phone
    },
  },
  {
    name: 'detail-offline',
    title: '线索详情：没有网络，跟进没有保存',
    async play(world) {
      const { phone } = await onALead(world)
      world.emulator.setPhone({ network: 'none' })
      await phone.byId('offline').waitFor()
      await phone.type('note', NOTE)
      await phone.tap('save-note')
      await phone.waitForText('没有保存')
      return phone
    },
  },
  {
    name: 'detail-privacy',
    title: '线索详情：复制号码前的隐私协议',
    async play(world) {
      const { phone } = await onALead(world)
      await phone.tap('copy')
      await phone.wechat('privacy-dialog').waitFor()
      return phone
    },
  },
  {
    name: 'detail-copy-declined',
    title: '线索详情：没有同意隐私协议',
    async play(world) {
      const { phone } = await onALead(world)
      await phone.tap('copy')
      await phone.wechat('privacy-decline').click()
      await phone.wechat('modal').waitFor()
      return phone
    },
  },
  {
    name: 'detail-reassigned',
    title: '线索详情：已经转给别人，写好的跟进还在',
    async play(world) {
      const { phone, lead } = await onALead(world)
      await phone.type('note', NOTE)
      await colleague(world, lead)
      await phone.tap('save-note')
      await phone.byId('kept-note').waitFor()
      return phone
    },
  },
  {
    name: 'detail-deleted',
    title: '线索详情：已被删除',
    async play(world) {
      const { phone, lead } = await onALead(world)
      await world.admin('DELETE', `/admin/clues/${lead.clue.id}`)
      await phone.tap('follow')
      await phone.waitForText('这条线索已被后台删除')
      return phone
    },
  },
  {
    name: 'detail-missing',
    title: '线索详情：不是自己的',
    async play(world) {
      const phone = await onTheList(world)
      const clue = await world.admin<Clue>('POST', '/admin/clues', {
        title: '别人的线索',
        customerName: '赵先生',
        phone: '13800002222',
      })
      await phone.open(`pages/clue/detail?id=${clue.id}`)
      await phone.waitForText('回到列表')
      return phone
    },
  },
  {
    name: 'detail-failed',
    title: '线索详情：服务器没有应答',
    async play(world) {
      const phone = await onTheList(world)
      const { clue } = await world.assignLead('锦绣花园 物业系统')
      await phone.break('GET /clues')
      await phone.open(`pages/clue/detail?id=${clue.id}`)
      await phone.waitForText('重试')
      return phone
    },
  },
]

const settings: Scene[] = [
  { name: 'settings', title: '设置', play: (world) => onSettings(world) },
  { name: 'settings-kept', title: '设置：总是接收', play: (world) => onSettings(world, 'keep') },
  {
    name: 'settings-off',
    title: '设置：样样都关着',
    async play(world) {
      const phone = await onTheList(world)
      world.emulator.setMainSwitch(false)
      world.emulator.setPhone({ notifications: 'denied' })
      await phone.tap('settings')
      await phone.byId('open-main-switch').waitFor()
      return phone
    },
  },
  {
    name: 'settings-refused',
    title: '设置：总是拒收',
    async play(world) {
      const phone = await world.openPhone()
      await world.login(phone)
      await phone.wechat('subscribe-keep').click()
      await phone.wechat('subscribe-cancel').click()
      await phone.wechat('modal-cancel').click()
      await phone.byId('clue-list').waitFor()
      await phone.tap('settings')
      await phone.byClass('accept-in-settings').waitFor()
      return phone
    },
  },
  {
    name: 'settings-leaving',
    title: '设置：退出登录',
    async play(world) {
      const phone = await onSettings(world)
      await phone.tap('logout')
      await phone.wechat('action-sheet').waitFor()
      return phone
    },
  },
]

export const scenes: Scene[] = [...login, ...list, ...detail, ...settings]

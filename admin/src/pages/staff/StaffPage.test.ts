import type { StaffDetail, StaffMember } from '@leadbell/contract'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { bodyText, button, dialog, hasButton, press, type } from '../../testing/act.ts'
import { Backend, Refusal } from '../../testing/backend.ts'
import { aMember } from '../../testing/made-up.ts'
import { open, settle } from '../../testing/open.ts'
import StaffPage from './StaffPage.vue'

const chen = aMember()
const li = aMember({ id: '8', username: 'li', realname: '李闯', quota: { TPL: 0 }, waiting: 2 })
const ledger: StaffDetail['ledger'] = [
  { at: '2026-11-23T01:00:00.000Z', kind: 'spend', templateId: 'TPL', delta: -1, what: '发送一条提醒' },
  { at: '2026-11-22T01:00:00.000Z', kind: 'grant', templateId: 'TPL', delta: 1, what: '手机上报授权' },
]
let backend: Backend
let staff: StaffMember[]

beforeEach(() => {
  staff = [chen, li]
  backend = new Backend()
    .on('GET /admin/staff', () => ({ items: staff, nextCursor: null }))
    .on('GET /admin/staff/{id}', ({ path }) => {
      const member = staff.find(({ id }) => id === path.id)
      return member ? { ...member, ledger } : new Refusal(404, '没有这个账号，请刷新列表后重试')
    })
})

const as = (role: 'clerk' | 'admin') =>
  localStorage.setItem(
    'leadbell.admin.session',
    JSON.stringify({ token: 'T', user: { id: '1', username: 'boss', realname: '老板', role } }),
  )
const openAs = (role: 'clerk' | 'admin', path = '/staff') => {
  as(role)
  return open(StaffPage, { path })
}

describe('the list', () => {
  it('says of each person whether the bell reaches them and what to do', async () => {
    const { page } = await openAs('clerk')
    const rows = page.findAll('tbody tr').map((row) => row.text())
    expect(rows[0]).toContain('能收到，还剩 3 条')
    expect(rows[1]).toContain('0（已用完）')
    expect(rows[1]).toContain('再允许一次')
    expect(rows[1]).toContain('2 条')
  })

  it('asks for what the address says, and a chip changes both', async () => {
    const { page, router } = await openAs('clerk', '/staff?q=li&role=staff')
    expect(backend.of('GET /admin/staff').at(-1)?.query).toEqual({ q: 'li', role: 'staff' })
    expect(page.find<HTMLInputElement>('input[aria-label=搜索姓名或账号]').element.value).toBe('li')
    await press('收不到提醒的')
    expect(router.currentRoute.value.query).toEqual({ q: 'li', role: 'staff', maxQuota: '0' })
    expect(backend.of('GET /admin/staff').at(-1)?.query).toEqual({ q: 'li', role: 'staff', maxQuota: '0' })
    expect(button('收不到提醒的').getAttribute('aria-pressed')).toBe('true')
  })

  it('searches once when the typing stops', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { router } = await openAs('clerk')
    const before = backend.of('GET /admin/staff').length
    await type('input[aria-label=搜索姓名或账号]', '陈')
    await type('input[aria-label=搜索姓名或账号]', '陈小')
    expect(backend.of('GET /admin/staff')).toHaveLength(before)
    await vi.advanceTimersByTimeAsync(400)
    await settle()
    expect(router.currentRoute.value.query.q).toBe('陈小')
    expect(backend.of('GET /admin/staff')).toHaveLength(before + 1)
  })

  it('never takes away what is being typed', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    await openAs('clerk')
    await type('input[aria-label=搜索姓名或账号]', '陈')
    vi.advanceTimersByTime(300)
    await type('input[aria-label=搜索姓名或账号]', '陈小')
    expect(document.querySelector<HTMLInputElement>('input[aria-label=搜索姓名或账号]')?.value).toBe('陈小')
  })

  it('of nobody says how to see somebody', async () => {
    staff = []
    await openAs('clerk', '/staff?bound=0')
    expect(bodyText()).toContain('没有符合条件的人')
    await press('看全部员工')
    expect(backend.of('GET /admin/staff').at(-1)?.query).toEqual({})
  })

  it('that cannot be read keeps its rows and offers to try again', async () => {
    const { page, change } = await openAs('clerk')
    backend.offline = true
    await change()
    expect(page.findAll('tbody tr')).toHaveLength(2)
    expect(bodyText()).toContain('连不上服务器')
    backend.offline = false
    await press('重试')
    expect(bodyText()).not.toContain('连不上服务器')
  })

  it('follows what changes elsewhere', async () => {
    const { page, change } = await openAs('clerk')
    staff = [chen, { ...li, quota: { TPL: 5 }, waiting: 0 }]
    await change()
    expect(page.findAll('tbody tr')[1]?.text()).toContain('能收到，还剩 5 条')
  })

  it('copies one text for everybody who has something to do', async () => {
    const write = vi.fn((_text: string) => Promise.resolve())
    vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText: write } })
    await openAs('clerk')
    await press('复制全部话术（本页 1 人）')
    expect(write.mock.calls[0]?.[0]).toMatch(/李闯（li）：请打开/)
    expect(write.mock.calls[0]?.[0]).not.toContain('陈小舟')
    vi.unstubAllGlobals()
  })
})

describe('the details', () => {
  it('open by a link, with the book, and follow what changes', async () => {
    const { change } = await openAs('clerk', '/staff?open=8')
    expect(dialog('李闯（li）')?.textContent).toContain('手机上报授权')
    expect(dialog('李闯（li）')?.textContent).toContain('−1')
    staff = [chen, { ...li, bound: false }]
    await change()
    expect(dialog('李闯（li）')?.textContent).toContain('未绑定微信')
  })

  it('of somebody who is gone say so', async () => {
    await openAs('clerk', '/staff?open=99')
    expect(bodyText()).toContain('没有这个账号')
  })

  it('have nothing for a clerk that only an admin may do', async () => {
    await openAs('clerk', '/staff?open=8')
    for (const name of ['新增账号', '编辑', '重设密码', '解绑微信', '退出所有设备'])
      expect(hasButton(name), name).toBe(false)
  })
})

describe('an admin', () => {
  it('unbinds a WeChat only after confirming', async () => {
    backend.on('DELETE /admin/staff/{id}/binding', () => null)
    await openAs('admin', '/staff?open=8')
    await press('解绑微信')
    await press('取消')
    expect(backend.of('DELETE /admin/staff/{id}/binding')).toHaveLength(0)
    await press('解绑微信')
    await press('解绑')
    expect(backend.of('DELETE /admin/staff/{id}/binding')[0]?.path).toEqual({ id: '8' })
    expect(bodyText()).toContain('已解绑 李闯 的微信')
  })

  it('who no longer is one is told so', async () => {
    backend.on(
      'DELETE /admin/staff/{id}/sessions',
      () => new Refusal(403, '您的账号没有后台权限，请联系管理员'),
    )
    await openAs('admin', '/staff?open=8')
    await press('退出所有设备')
    await press('全部退出')
    expect(bodyText()).toContain('请联系管理员')
  })
})

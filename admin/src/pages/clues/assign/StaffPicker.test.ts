import type { StaffMember } from '@leadbell/contract'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { Backend } from '../../../testing/backend.ts'
import { aMember } from '../../../testing/made-up.ts'
import { settle } from '../../../testing/open.ts'
import { chen, cluesUpTo, lin, openDialog, playStaff, SEARCH, zhou } from './testing/assign-dialog.ts'

let backend: Backend
let staff: StaffMember[]

beforeEach(() => {
  staff = [lin, zhou, chen]
  backend = new Backend().on('GET /admin/staff/{id}', ({ path }) => ({
    ...(staff.find(({ id }) => id === path.id) ?? chen),
    ledger: [],
  }))
  playStaff(backend, () => staff)
})

const names = (dialog: { options: () => HTMLElement[] }) =>
  dialog.options().map((option) => option.querySelector('strong')?.textContent)

async function search(dialog: Awaited<ReturnType<typeof openDialog>>, q: string): Promise<void> {
  await dialog.type(SEARCH, q)
  await vi.advanceTimersByTimeAsync(300)
  await settle()
}

describe('the people to choose from', () => {
  it('are field staff with what their WeChat can do now, those who ring first', async () => {
    staff = [{ ...lin, waiting: 2 }, zhou, chen, aMember({ id: '10', realname: '已离职', disabled: true })]
    const dialog = await openDialog(cluesUpTo(1))
    expect(backend.of('GET /admin/staff')[0]?.query).toMatchObject({ role: 'staff', limit: '50' })
    expect(names(dialog)).toEqual(['陈小舟', '林可', '周宁'])
    const [rings, unpaid, unbound] = dialog.options().map(({ textContent }) => textContent)
    expect(rings).toContain('能收到，还剩 30 条')
    expect(unpaid).toContain('次数已用完')
    expect(unpaid).toContain('等待中 2 条')
    expect(unbound).toContain('未绑定')
    expect(dialog.text()).toContain('3 人，1 人现在能收到提醒')
  })

  it('come page by page', async () => {
    staff = Array.from({ length: 60 }, (_, n) => aMember({ id: `p${n}`, realname: `外勤 ${n}` }))
    const dialog = await openDialog(cluesUpTo(1))
    expect(dialog.options()).toHaveLength(50)
    await dialog.push('更多')
    expect(dialog.options()).toHaveLength(60)
    expect(dialog.button('更多')).toBeUndefined()
  })

  it('an answer that comes late does not replace what was searched last', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const dialog = await openDialog(cluesUpTo(1))
    let late: () => void = () => undefined
    backend.on('GET /admin/staff', async ({ query }) => {
      if (query.q === '林') await new Promise<void>((resolve) => (late = resolve))
      return { items: query.q === '林' ? [lin] : [zhou], nextCursor: null }
    })
    await search(dialog, '林')
    await search(dialog, '周')
    expect(names(dialog)).toEqual(['周宁'])
    late()
    await settle()
    expect(names(dialog)).toEqual(['周宁'])
  })

  it('nobody found says what to do', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const dialog = await openDialog(cluesUpTo(1))
    await search(dialog, '张三')
    expect(dialog.text()).toContain('没有找到「张三」，请换一个姓名或账号')
  })

  it('a list that cannot be read says so and is read again', async () => {
    backend.offline = true
    const dialog = await openDialog(cluesUpTo(1))
    expect(dialog.text()).toContain('连不上服务器')
    backend.offline = false
    await dialog.push('重试')
    expect(names(dialog)).toEqual(['陈小舟', '林可', '周宁'])
  })
})

describe('who was chosen', () => {
  it('stays chosen while quotas change, and the summary follows', async () => {
    const dialog = await openDialog(cluesUpTo(10))
    for (const name of ['陈小舟', '林可']) await dialog.choose(name)
    expect(dialog.text()).toContain('陈小舟 5 条：5 条会马上提醒')
    staff = [{ ...lin, quota: { TPL: 4 } }, zhou, { ...chen, quota: { TPL: 2 } }]
    await dialog.change()
    expect(dialog.chosen()).toEqual(['陈小舟', '林可'])
    expect(dialog.text()).toContain('陈小舟 5 条：2 条会马上提醒，3 条等再次允许后提醒')
    expect(dialog.text()).toContain('林可 5 条：4 条会马上提醒，1 条等再次允许后提醒')
  })

  it('a press on somebody in the list scrolls nothing: the button comes up where it went down', async () => {
    const dialog = await openDialog(cluesUpTo(1))
    const scroll = vi.spyOn(Element.prototype, 'scrollIntoView')
    const list = document.querySelector<HTMLElement>('[role=listbox]')
    const press = (kind: string) =>
      dialog.options()[1]?.dispatchEvent(new PointerEvent(kind, { bubbles: true }))
    press('pointerdown')
    list?.focus()
    await settle()
    press('pointerup')
    expect(scroll).not.toHaveBeenCalled()
    expect(list?.getAttribute('aria-activedescendant')).toBeNull()
  })

  it('nobody moves under the hand when somebody’s quota runs out', async () => {
    const dialog = await openDialog(cluesUpTo(1))
    staff = [{ ...lin, quota: { TPL: 9 } }, zhou, { ...chen, quota: { TPL: 0 } }]
    await dialog.change()
    expect(names(dialog)).toEqual(['陈小舟', '林可', '周宁'])
  })

  it('stays chosen, with a true quota, while the search shows others', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const dialog = await openDialog(cluesUpTo(10))
    await dialog.choose('陈小舟')
    await search(dialog, '林')
    await dialog.choose('林可')
    staff = [lin, zhou, { ...chen, quota: { TPL: 1 } }]
    await dialog.change()
    expect(names(dialog)).toEqual(['林可'])
    expect(dialog.text()).toContain('陈小舟 5 条：1 条会马上提醒，4 条等再次允许后提醒')
  })

  it('is taken out when the account is disabled, and that is said', async () => {
    const dialog = await openDialog(cluesUpTo(10))
    for (const name of ['陈小舟', '林可']) await dialog.choose(name)
    staff = [lin, zhou, { ...chen, disabled: true }]
    await dialog.change()
    expect(dialog.chosen()).toEqual(['林可'])
    expect(dialog.text()).toContain('陈小舟 的账号刚刚停用')
    expect(dialog.text()).toContain('林可 10 条')
  })

  it('is taken out by hand', async () => {
    const dialog = await openDialog(cluesUpTo(10))
    for (const name of ['陈小舟', '林可']) await dialog.choose(name)
    document.querySelector<HTMLElement>('[aria-label="去掉 陈小舟"]')?.click()
    await settle()
    expect(dialog.chosen()).toEqual(['林可'])
  })
})

describe('what to ask them', () => {
  it('is copied', async () => {
    const writeText = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue(undefined)
    const dialog = await openDialog(cluesUpTo(1))
    await dialog.choose('林可')
    await dialog.push('复制')
    expect(writeText).toHaveBeenCalledWith(expect.stringContaining('再允许一次'))
  })

  it('can be copied by hand when the browser refuses', async () => {
    vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new Error('NotAllowedError'))
    const dialog = await openDialog(cluesUpTo(1))
    await dialog.choose('林可')
    await dialog.push('复制')
    expect(document.querySelector<HTMLTextAreaElement>('textarea[readonly]')?.value).toContain('再允许一次')
    expect(dialog.isOpen()).toBe(true)
  })
})

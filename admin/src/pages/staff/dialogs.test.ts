import { beforeEach, describe, expect, it, vi } from 'vitest'
import { bodyText, button, dialog, press, type } from '../../testing/act.ts'
import { Backend, Refusal } from '../../testing/backend.ts'
import { aMember } from '../../testing/made-up.ts'
import { open, settle } from '../../testing/open.ts'
import EditStaffDialog from './EditStaffDialog.vue'
import NewStaffDialog from './NewStaffDialog.vue'
import PasswordDialog from './PasswordDialog.vue'

const li = aMember({ id: '8', username: 'li', realname: '李闯', waiting: 2, version: 3 })
let backend: Backend
const onClose = vi.fn()
const onSaved = vi.fn()

beforeEach(() => {
  backend = new Backend()
  onClose.mockClear()
  onSaved.mockClear()
})

const value = (selector: string) => document.querySelector<HTMLInputElement>(selector)?.value
// the component shows what is wrong a tenth of a second later
const waitForWords = async () => {
  await vi.advanceTimersByTimeAsync(200)
  await settle()
}
const choose = async (text: string) => {
  const radio = [...document.querySelectorAll('label')].find((one) => one.textContent?.trim() === text)
  radio?.querySelector('input')?.click()
  await settle()
}

describe('a new account', () => {
  const openNew = () => open(NewStaffDialog, { props: { onClose, onSaved } })

  it('is not sent while a rule is broken, and says which', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    await openNew()
    await type('#new-username', 'two words')
    await press('新增')
    await waitForWords()
    expect(backend.calls).toHaveLength(0)
    expect(bodyText()).toContain('中间不能有空格')
    expect(bodyText()).toContain('请填写姓名')
    expect(document.activeElement?.id).toBe('new-username')
  })

  it('gets a generated password, which is shown once, with a way to copy it', async () => {
    backend.on('POST /admin/staff', () => aMember({ username: 'zhao', realname: '赵一' }))
    await openNew()
    await type('#new-username', 'zhao')
    await type('#new-realname', '赵一')
    await press('生成')
    const password = value('#account-password') ?? ''
    expect(password).toHaveLength(12)
    await press('新增')
    expect(backend.of('POST /admin/staff')[0]?.body).toEqual({
      username: 'zhao',
      realname: '赵一',
      role: 'staff',
      password,
    })
    expect(dialog('账号已新增')?.textContent).toContain(password)
    expect(button('复制账号和密码')).toBeDefined()
    await press('完成')
    expect(onClose).toHaveBeenCalledOnce()
  })

  it('that is refused keeps what was typed', async () => {
    backend.on('POST /admin/staff', () => new Refusal(409, '用户名 zhao 已存在，请换一个'))
    await openNew()
    await type('#new-username', 'zhao')
    await type('#new-realname', '赵一')
    await press('新增')
    expect(bodyText()).toContain('用户名 zhao 已存在')
    expect(value('#new-username')).toBe('zhao')
    expect(onSaved).not.toHaveBeenCalled()
    expect(onClose).not.toHaveBeenCalled()
  })

  it('half typed is not closed without asking', async () => {
    await openNew()
    await type('#new-realname', '赵一')
    await press('取消')
    expect(onClose).not.toHaveBeenCalled()
    await press('放弃')
    expect(onClose).toHaveBeenCalledOnce()
  })

  it('with nothing typed just closes', async () => {
    await openNew()
    await press('取消')
    expect(onClose).toHaveBeenCalledOnce()
  })
})

describe('editing an account', () => {
  const openEdit = (member = li) => open(EditStaffDialog, { props: { member, onClose, onSaved } })

  it('sends what was changed and nothing else', async () => {
    backend.on('PUT /admin/staff/{id}', () => li)
    await openEdit()
    await type('#edit-realname', '李小闯')
    await press('保存')
    expect(backend.of('PUT /admin/staff/{id}')[0]?.body).toEqual({ version: 3, realname: '李小闯' })
    expect(onSaved).toHaveBeenCalledOnce()
  })

  it('says what becomes of the waiting messages before it disables', async () => {
    backend.on('PUT /admin/staff/{id}', () => li)
    await openEdit()
    await choose('停用')
    expect(bodyText()).toContain('等待中的 2 条提醒停用期间不会发出')
    await press('停用并保存')
    expect(backend.of('PUT /admin/staff/{id}')[0]?.body).toEqual({ version: 3, disabled: true })
  })

  it('and enabling says that they go out', async () => {
    await openEdit({ ...li, disabled: true })
    await choose('启用')
    expect(bodyText()).toContain('等待中的 2 条提醒有剩余次数就自动送出')
    expect(button('启用并保存')).toBeDefined()
  })

  it('beside somebody else keeps what was typed, shows the present, and takes over what was not touched', async () => {
    const present = { ...li, version: 4, realname: '李闯闯', role: 'clerk' as const }
    backend.on('PUT /admin/staff/{id}', ({ body }) =>
      (body as { version: number }).version === 4 ? present : new Refusal(409, '账号已被他人修改', present),
    )
    await openEdit()
    await type('#edit-realname', '李小闯')
    await press('保存')
    expect(bodyText()).toContain('现在是：姓名 李闯闯，角色 文员，启用中')
    expect(value('#edit-realname')).toBe('李小闯')
    await press('保存')
    expect(backend.of('PUT /admin/staff/{id}')[1]?.body).toEqual({ version: 4, realname: '李小闯' })
    expect(onSaved).toHaveBeenCalledOnce()
  })

  it('the last admin away is refused with the backend’s words', async () => {
    const words = '这是最后一个管理员，不能停用或改为其他角色，请先设置另一个管理员'
    backend.on('PUT /admin/staff/{id}', () => new Refusal(409, words))
    await openEdit({ ...li, role: 'admin' })
    await choose('文员')
    await press('保存')
    expect(bodyText()).toContain(words)
  })
})

describe('a new password', () => {
  const openPassword = () => open(PasswordDialog, { props: { member: li, onClose, onSaved } })

  it('is shown once', async () => {
    backend.on('PUT /admin/staff/{id}', () => li)
    await openPassword()
    await type('#account-password', 'a long one')
    await press('重设密码')
    expect(backend.of('PUT /admin/staff/{id}')[0]?.body).toEqual({ version: 3, password: 'a long one' })
    expect(dialog('密码已重设')?.textContent).toContain('a long one')
  })

  it('too short is not sent', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    await openPassword()
    await type('#account-password', 'short')
    await press('重设密码')
    await waitForWords()
    expect(backend.calls).toHaveLength(0)
    expect(bodyText()).toContain('密码要有 8 到 128 个字符')
  })

  it('beside somebody else’s edit waits for a second press', async () => {
    const present = { ...li, version: 9 }
    backend.on('PUT /admin/staff/{id}', ({ body }) =>
      (body as { version: number }).version === 9 ? present : new Refusal(409, '账号已被他人修改', present),
    )
    await openPassword()
    await type('#account-password', 'a long one')
    await press('重设密码')
    expect(bodyText()).toContain('密码还没有改')
    expect(value('#account-password')).toBe('a long one')
    await press('重设密码')
    expect(onSaved).toHaveBeenCalledOnce()
  })
})

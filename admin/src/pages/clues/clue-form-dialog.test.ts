import type { AdminClue } from '@leadbell/contract'
import { describe, expect, it } from 'vitest'
import { Backend, Refusal } from '../../testing/backend.ts'
import { aClue } from '../../testing/made-up.ts'
import { open, settle } from '../../testing/open.ts'
import ClueFormDialog from './ClueFormDialog.vue'

async function openForm(clue: AdminClue | null) {
  const opened = await open(ClueFormDialog, { props: { clue, open: true } })
  const dialog = opened.page
  const field = (name: string) => {
    const found = document.querySelector<HTMLInputElement>(`#clue-${name}`)
    if (!found) throw new Error(`no field ${name}`)
    return found
  }
  return {
    dialog,
    field,
    type: async (values: Record<string, string>) => {
      for (const [name, value] of Object.entries(values)) {
        field(name).value = value
        field(name).dispatchEvent(new Event('input', { bubbles: true }))
      }
      await settle()
    },
    press: async (text: string) => {
      const found = [...document.querySelectorAll('button')].filter((one) => one.textContent?.trim() === text)
      if (found.length !== 1) throw new Error(`${found.length} buttons 「${text}」`)
      found[0]?.click()
      await settle()
    },
    save: async () => {
      document.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }))
      await settle()
    },
    close: async () => {
      document.querySelector<HTMLElement>('.el-dialog__headerbtn')?.click()
      await settle()
    },
    typed: () => ['title', 'customerName', 'phone', 'remark'].map((name) => field(name).value),
    isOpen: () => !dialog.emitted('update:open')?.some(([is]) => is === false),
    saved: () => dialog.emitted('saved')?.map(([title]) => title),
    alert: () => document.querySelector('form [role=alert]')?.textContent ?? '',
  }
}

const good = { title: '恒泰建材', customerName: '周女士', phone: '13800001111', remark: '下午联系' }
const keysOf = (backend: Backend, name: 'POST /admin/clues' | 'PUT /admin/clues/{id}') =>
  backend.of(name).map(({ headers }) => headers.get('idempotency-key'))

describe('a new lead', () => {
  it('is sent as the contract wants it, and the dialog closes', async () => {
    const backend = new Backend().on('POST /admin/clues', () => aClue(good))
    const form = await openForm(null)
    await form.type({ ...good, title: ' 恒泰建材 ' })
    await form.save()
    expect(backend.of('POST /admin/clues').map(({ body }) => body)).toEqual([good])
    expect([form.isOpen(), form.saved()]).toEqual([false, ['恒泰建材']])
  })

  it('with something wrong is not sent; each field says what to do, and the first of them has the focus', async () => {
    const backend = new Backend()
    const form = await openForm(null)
    await form.type({ title: '恒泰建材', phone: '没有' })
    await form.save()
    expect(backend.calls).toEqual([])
    expect([...document.querySelectorAll('.wrong')].map((one) => one.textContent)).toEqual([
      '请填写客户姓名，例如「周女士」',
      '请填写 5 到 20 位的电话，只用数字、空格和横线，可以用 + 开头，例如 010-8888 6666',
    ])
    expect(document.activeElement?.id).toBe('clue-customerName')
    const described = form.field('phone').getAttribute('aria-describedby') ?? ''
    expect(document.getElementById(described)?.textContent).toContain('请填写 5 到 20 位的电话')
    await form.type({ customerName: '周女士', phone: '13800001111' })
    expect(document.querySelectorAll('.wrong')).toHaveLength(0)
  })

  it('that was not answered keeps what was typed, and a retry goes under the same key', async () => {
    const backend = new Backend().on('POST /admin/clues', () => aClue(good))
    const form = await openForm(null)
    await form.type(good)
    backend.offline = true
    await form.save()
    expect([form.isOpen(), form.typed()]).toEqual([true, Object.values(good)])
    expect(form.alert()).toContain('连不上服务器，请检查网络后重试')
    backend.offline = false
    await form.save()
    const [first, second] = keysOf(backend, 'POST /admin/clues')
    expect(first).toMatch(/^[\da-f-]{32,36}$/)
    expect(second).toBe(first)
    expect(form.isOpen()).toBe(false)
  })

  it('that was changed after a failure goes under another key', async () => {
    const backend = new Backend()
    const form = await openForm(null)
    backend.offline = true
    await form.type(good)
    await form.save()
    await form.type({ phone: '13900002222' })
    await form.save()
    expect(new Set(keysOf(backend, 'POST /admin/clues')).size).toBe(2)
  })

  it('is sent once, however often somebody presses', async () => {
    const backend = new Backend().on('POST /admin/clues', () => aClue(good))
    const form = await openForm(null)
    await form.type(good)
    document.querySelector('form')?.dispatchEvent(new Event('submit', { cancelable: true }))
    await form.save()
    // the dialog fades away and can still be pressed
    await form.save()
    expect(backend.of('POST /admin/clues')).toHaveLength(1)
  })

  it('is not lost by closing without a question', async () => {
    const form = await openForm(null)
    await form.type({ title: '恒泰' })
    await form.close()
    expect(document.body.textContent).toContain('刚才输入的内容会丢失')
    await form.press('取消').catch(() => undefined)
    expect(form.isOpen()).toBe(true)
  })

  it('that is empty closes at once', async () => {
    const form = await openForm(null)
    await form.close()
    expect(form.isOpen()).toBe(false)
  })
})

describe('an edit', () => {
  const clue = aClue({ id: '5', version: 3, remark: '原来的备注' })
  const refuse = (present: Partial<AdminClue>) =>
    new Refusal(409, '线索已被别人修改', { ...clue, version: 4, ...present })

  it('sends what was changed, on the version that was seen', async () => {
    const backend = new Backend().on('PUT /admin/clues/{id}', () => clue)
    const form = await openForm(clue)
    expect(form.typed()).toEqual([clue.title, clue.customerName, clue.phone, '原来的备注'])
    await form.type({ phone: '13900002222' })
    await form.press('已成交')
    await form.save()
    expect(backend.of('PUT /admin/clues/{id}').map(({ path, body }) => [path, body])).toEqual([
      [{ id: '5' }, { version: 3, phone: '13900002222', status: 'won' }],
    ])
    expect(form.isOpen()).toBe(false)
  })

  it('can empty the remark', async () => {
    const backend = new Backend().on('PUT /admin/clues/{id}', () => clue)
    const form = await openForm(clue)
    await form.type({ remark: '' })
    await form.save()
    expect(backend.of('PUT /admin/clues/{id}').map(({ body }) => body)).toEqual([{ version: 3, remark: '' }])
  })

  it('of what somebody else changed shows both, and keeps what was typed', async () => {
    const backend = new Backend().on('PUT /admin/clues/{id}', () => refuse({ phone: '13700003333' }))
    const form = await openForm(clue)
    await form.type({ phone: '13900002222', remark: '我写的' })
    await form.save()
    expect(form.isOpen()).toBe(true)
    expect([form.field('phone').value, form.field('remark').value]).toEqual(['13900002222', '我写的'])
    expect(form.alert()).toContain('线索已被别人修改')
    const shown = [...document.querySelectorAll('.conflict tbody tr')].map((row) => row.textContent)
    expect(shown).toEqual(['电话1370000333313900002222'])
    expect(document.activeElement).toBe(document.querySelector('.conflict'))

    backend.on('PUT /admin/clues/{id}', () => clue)
    await form.press('用我的内容覆盖')
    expect(backend.of('PUT /admin/clues/{id}').at(-1)?.body).toEqual({
      version: 4,
      phone: '13900002222',
      remark: '我写的',
    })
    expect(form.isOpen()).toBe(false)
  })

  it('takes what somebody else wrote when asked to', async () => {
    const backend = new Backend().on('PUT /admin/clues/{id}', () =>
      refuse({ phone: '13700003333', status: 'won' }),
    )
    const form = await openForm(clue)
    await form.type({ phone: '13900002222' })
    await form.save()
    await form.press('采用对方的')
    expect([form.field('phone').value, document.querySelector('.conflict')]).toEqual(['13700003333', null])
    // nothing is lost any more
    await form.close()
    expect([form.isOpen(), backend.calls.length]).toEqual([false, 1])
  })

  it('beside another’s, which does not touch it, keeps both', async () => {
    const backend = new Backend().on('PUT /admin/clues/{id}', () => refuse({ title: '改过的名称' }))
    const form = await openForm(clue)
    await form.type({ phone: '13900002222' })
    await form.save()
    expect([form.field('title').value, form.field('phone').value]).toEqual(['改过的名称', '13900002222'])
    expect(form.alert()).toContain('没有改，已换成对方的')
    expect(form.alert()).toContain('不冲突，可以直接保存')
    backend.on('PUT /admin/clues/{id}', () => clue)
    await form.save()
    expect(backend.of('PUT /admin/clues/{id}').at(-1)?.body).toEqual({ version: 4, phone: '13900002222' })
  })

  it('of a lead that was deleted stays open and says so', async () => {
    new Backend().on('PUT /admin/clues/{id}', () => new Refusal(404, '线索不存在或已删除'))
    const form = await openForm(clue)
    await form.type({ phone: '13900002222' })
    await form.save()
    expect([form.isOpen(), form.field('phone').value]).toEqual([true, '13900002222'])
    expect(form.alert()).toContain('线索不存在或已删除')
  })
})

import { describe, expect, it } from 'vitest'
import { checkForm, differing, emptyForm } from './clue-form.ts'

const good = { ...emptyForm(), title: '恒泰建材 采购咨询', customerName: '周女士', phone: '138 0000 1111' }

describe('what is typed of a lead', () => {
  it('comes without the spaces around it', () => {
    expect(checkForm({ ...good, title: '  恒泰建材 采购咨询 ' })).toEqual({ ok: true, form: good })
  })

  it.each([
    ['title', '', '请填写线索名称，例如「恒泰建材 采购咨询」'],
    ['title', '   ', '请填写线索名称，例如「恒泰建材 采购咨询」'],
    ['title', '长'.repeat(121), '线索名称最多 120 个字，请缩短'],
    ['customerName', '', '请填写客户姓名，例如「周女士」'],
    ['customerName', '长'.repeat(61), '客户姓名最多 60 个字，请缩短'],
    ['phone', '', '请填写电话，例如 13800001111'],
    ['phone', '没有', '请填写 5 到 20 位的电话，只用数字、空格和横线，可以用 + 开头，例如 010-8888 6666'],
    ['phone', '1234', '请填写 5 到 20 位的电话，只用数字、空格和横线，可以用 + 开头，例如 010-8888 6666'],
    ['remark', '长'.repeat(2001), '备注最多 2000 个字，请缩短'],
  ])('%s 「%.6s」 is told what to do', (field, value, problem) => {
    expect(checkForm({ ...good, [field]: value })).toEqual({ ok: false, problems: { [field]: problem } })
  })

  it('is told about every field at once', () => {
    const checked = checkForm(emptyForm())
    expect(checked.ok || Object.keys(checked.problems)).toEqual(['title', 'customerName', 'phone'])
  })

  it('differs by more than spaces around it', () => {
    expect(differing(good, { ...good, phone: ' 138 0000 1111 ' })).toEqual([])
    expect(differing(good, { ...good, phone: '139', status: 'won' })).toEqual(['phone', 'status'])
  })
})

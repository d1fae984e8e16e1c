import { ClueDraft, type AdminClue, type ClueStatus } from '@leadbell/contract'
import { safeParse } from 'valibot'

/** What a clerk types of a lead. `status` is changed only in one that exists. */
export interface ClueForm {
  title: string
  customerName: string
  phone: string
  remark: string
  status: ClueStatus
}
export type ClueField = keyof ClueForm

export const clueFields = ['title', 'customerName', 'phone', 'remark', 'status'] as const

export const clueFieldLabels: Record<ClueField, string> = {
  title: '线索名称',
  customerName: '客户姓名',
  phone: '电话',
  remark: '备注',
  status: '状态',
}

export const emptyForm = (): ClueForm => ({
  title: '',
  customerName: '',
  phone: '',
  remark: '',
  status: 'pending',
})

export const formOf = ({ title, customerName, phone, remark, status }: AdminClue): ClueForm => ({
  title,
  customerName,
  phone,
  remark,
  status,
})

export type FormProblems = Partial<Record<ClueField, string>>

/** Checked by the contract's schema, which the backend uses too; the values come without spaces around them. */
export function checkForm(
  form: ClueForm,
): { ok: true; form: ClueForm } | { ok: false; problems: FormProblems } {
  const { status, ...draft } = form
  const checked = safeParse(ClueDraft, draft)
  if (checked.success) return { ok: true, form: { ...checked.output, status } }
  const problems: FormProblems = {}
  for (const { path } of checked.issues) {
    const key = path?.[0]?.key
    const field = clueFields.find((name) => name === key)
    if (field) problems[field] ??= problemOf(field, form)
  }
  return { ok: false, problems }
}

function problemOf(field: ClueField, form: ClueForm): string {
  const isEmpty = form[field].trim() === ''
  switch (field) {
    case 'title':
      return isEmpty ? '请填写线索名称，例如「恒泰建材 采购咨询」' : '线索名称最多 120 个字，请缩短'
    case 'customerName':
      return isEmpty ? '请填写客户姓名，例如「周女士」' : '客户姓名最多 60 个字，请缩短'
    case 'phone':
      return isEmpty
        ? '请填写电话，例如 13800001111'
        : '请填写 5 到 20 位的电话，只用数字、空格和横线，可以用 + 开头，例如 010-8888 6666'
    case 'remark':
      return '备注最多 2000 个字，请缩短'
    case 'status':
      return '请选择状态'
  }
}

/** The fields in which two differ. */
export const differing = (one: ClueForm, other: ClueForm): ClueField[] =>
  clueFields.filter((field) => one[field].trim() !== other[field].trim())

/** Those fields of a form. */
export const pick = (form: ClueForm, fields: readonly ClueField[]): Partial<ClueForm> =>
  Object.fromEntries(fields.map((field) => [field, form[field]]))

import { StaffChange, StaffDraft } from '@leadbell/contract'
import * as v from 'valibot'

type Field = 'username' | 'realname' | 'role' | 'password'
export type Problems = Partial<Record<Field, string>>

const words: Record<Field, { name: string; bad: string }> = {
  username: { name: '账号', bad: '账号最长 64 个字符，中间不能有空格' },
  realname: { name: '姓名', bad: '姓名最长 60 个字' },
  role: { name: '角色', bad: '请选择角色' },
  password: { name: '密码', bad: '密码要有 8 到 128 个字符' },
}

const isField = (key: unknown): key is Field => typeof key === 'string' && Object.hasOwn(words, key)

/** The contract's rules in words, by field; empty when the backend would take it. */
export const problemsOfDraft = (draft: StaffDraft): Problems => problemsOf(StaffDraft, draft)
export const problemsOfChange = (change: v.InferInput<typeof StaffChange>): Problems =>
  problemsOf(StaffChange, change)

function problemsOf(schema: v.GenericSchema, input: Record<string, unknown>): Problems {
  const problems: Problems = {}
  for (const issue of v.safeParse(schema, input).issues ?? []) {
    const field = issue.path?.[0]?.key
    if (!isField(field)) continue
    const { name, bad } = words[field]
    const value = input[field]
    problems[field] ??= typeof value === 'string' && value.trim() === '' ? `请填写${name}` : bad
  }
  return problems
}

/** Without 0 and O, 1, l and I, so that it can be read out over the phone. */
const LETTERS = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const LENGTH = 12

/** Twelve letters, each equally likely: about 69 bits. */
export function generatePassword(): string {
  const usable = 256 - (256 % LETTERS.length)
  let password = ''
  while (password.length < LENGTH) {
    for (const byte of crypto.getRandomValues(new Uint8Array(LENGTH)))
      if (byte < usable && password.length < LENGTH) password += LETTERS.charAt(byte % LETTERS.length)
  }
  return password
}

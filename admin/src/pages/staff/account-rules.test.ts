import { describe, expect, it } from 'vitest'
import { generatePassword, problemsOfChange, problemsOfDraft } from './account-rules.ts'

const draft = { username: 'chen', realname: '陈小舟', password: 'long enough' }

describe('the rules of a new account', () => {
  it('are kept by an ordinary one', () => expect(problemsOfDraft(draft)).toEqual({}))
  it('leave the password to the backend, which knows who checks it', () => {
    expect(problemsOfDraft({ username: 'chen', realname: '陈小舟' })).toEqual({})
  })
  it.each([
    [{ username: '  ' }, { username: '请填写账号' }],
    [{ username: 'chen xiao' }, { username: '账号最长 64 个字符，中间不能有空格' }],
    [{ username: 'a'.repeat(65) }, { username: '账号最长 64 个字符，中间不能有空格' }],
    [{ realname: '' }, { realname: '请填写姓名' }],
    [{ realname: '陈'.repeat(61) }, { realname: '姓名最长 60 个字' }],
    [{ password: '1234567' }, { password: '密码要有 8 到 128 个字符' }],
    [
      { username: '', realname: '' },
      { username: '请填写账号', realname: '请填写姓名' },
    ],
  ])('say what is wrong with %j', (wrong, problems) => {
    expect(problemsOfDraft({ ...draft, ...wrong })).toEqual(problems)
  })
})

it('an empty new password is asked for', () => {
  expect(problemsOfChange({ version: 1, password: '' })).toEqual({ password: '请填写密码' })
})

it('generated passwords keep the rules, differ, and have no letters that look alike', () => {
  const made = Array.from({ length: 200 }, generatePassword)
  expect(new Set(made).size).toBe(200)
  for (const password of made) {
    expect(password).toMatch(/^[^0O1lI]{12}$/)
    expect(problemsOfDraft({ ...draft, password })).toEqual({})
  }
})

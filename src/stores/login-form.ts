import { userErrors, type UserErrorCode } from '@/errors.ts'

export interface LoginForm {
  username: string
  password: string
  captcha: string
}

export type FieldErrors = Partial<Record<keyof LoginForm, string>>

const CAPTCHA_REFUSED = 412

const emptyCodes = { username: 'LB1001', password: 'LB1002', captcha: 'LB1003' } as const satisfies Record<
  keyof LoginForm,
  UserErrorCode
>

/** What to say under each field that is not filled in; nothing for a form that may be sent. */
export function emptyFields(form: LoginForm): FieldErrors {
  const errors: FieldErrors = {}
  for (const field of ['username', 'password', 'captcha'] as const) {
    // A password may well consist of spaces; a name or a captcha may not.
    const value = field === 'password' ? form.password : form[field].trim()
    if (!value) errors[field] = userErrors[emptyCodes[field]]
  }
  return errors
}

/**
 * Under which field a refused login is said, if it concerns one. JeecgBoot has a code for the captcha only; the rest is
 * told apart by the words.
 */
export function refusedField(code: number, message: string): FieldErrors {
  if (code === CAPTCHA_REFUSED) return { captcha: message }
  if (message.includes('密码')) return { password: message }
  return /用户|账号/.test(message) ? { username: message } : {}
}

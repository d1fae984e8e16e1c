import type { LoginResult, UserInfo } from '@leadbell/contract'
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { linkSession } from '@/api/client.ts'
import { postLogin, postLogout } from '@/api/endpoints.ts'
import { loginCode } from '@/wechat/login.ts'
import { useCaptcha } from './captcha.ts'
import { sayError, sayUserError } from './messages.ts'
import { afterLogin, goToLogin } from './navigation.ts'
import { readStored, removeStored, writeStored } from './storage.ts'
import { useSubscription } from './subscription.ts'
import { userErrors, type UserErrorCode } from '@/errors.ts'

export interface LoginForm {
  username: string
  password: string
  captcha: string
}

type FieldErrors = Partial<Record<keyof LoginForm, string>>

interface Session {
  token: string
  user: UserInfo
  /** Whether messages can reach this WeChat; an unbound session binds itself later. */
  bound: boolean
}

const CAPTCHA_REFUSED = 412

const isSession = (value: unknown): value is Session =>
  typeof (value as Session | null)?.token === 'string' && typeof (value as Session).user?.id === 'string'

export const useSession = defineStore('session', () => {
  const session = ref(readStored('leadbell.session', isSession))
  const username = ref(readStored('leadbell.username', (value) => typeof value === 'string') ?? '')
  const busy = ref(false)
  const fieldErrors = ref<FieldErrors>({})
  let reporting: Promise<void> | null = null
  const loggedIn = computed(() => session.value !== null)
  const captcha = useCaptcha()
  const subscription = useSubscription()

  linkSession({ token: () => session.value?.token ?? '', onUnauthorized: expire })

  /**
   * The one action of the login page. Inside a tap: unless the form is incomplete, the subscribe call is
   * made before this returns. One login attempt follows whatever is answered; further taps start none.
   * After `onRefused` the captcha is used up and the page shows a new one.
   */
  function login(form: LoginForm, to = '', onRefused: () => void = () => undefined): void {
    if (busy.value) return
    fieldErrors.value = emptyFields(form)
    if (Object.keys(fieldErrors.value).length > 0) return
    busy.value = true
    subscription.ask(() => {
      void signIn(form, to)
        .then((entered) => {
          if (!entered) onRefused()
        })
        .finally(() => {
          busy.value = false
        })
    })
  }

  async function signIn(
    { username: name, password, captcha: answer }: LoginForm,
    to: string,
  ): Promise<boolean> {
    // Taken last, so that its five minutes never matter; without one the login goes on and binds later.
    const wechat = await loginCode()
    const outcome = await postLogin({
      username: name.trim(),
      password,
      captcha: answer.trim(),
      checkKey: captcha.checkKey,
      ...(wechat.kind === 'code' && { code: wechat.code }),
    })
    if (outcome.ok) {
      enter(outcome.result, to)
      return true
    }
    const { error } = outcome
    if (error.kind === 'business' && error.code === CAPTCHA_REFUSED)
      fieldErrors.value = { captcha: error.message }
    sayError(error)
    return false
  }

  function enter({ token, userInfo, wechat }: LoginResult, to: string): void {
    keep({ token, user: userInfo, bound: wechat?.bound ?? false })
    username.value = userInfo.username
    writeStored('leadbell.username', userInfo.username)
    void reportGrants()
    afterLogin(to)
    if (wechat?.bound === false) uni.showToast({ title: wechat.message, icon: 'none', duration: 4000 })
  }

  /** Sends what the queue holds. One run at a time: pages ask whenever they are shown. */
  function reportGrants(): Promise<void> {
    reporting ??= bindAndFlush().finally(() => {
      reporting = null
    })
    return reporting
  }

  /** Grants need an owner: a session without a WeChat gets one first. */
  async function bindAndFlush(): Promise<void> {
    const current = session.value
    if (!current) return
    if (!current.bound) {
      if (!(await subscription.bind())) return
      if (session.value?.token === current.token) keep({ ...current, bound: true })
    }
    await subscription.flush()
  }

  /** A 401 anywhere: many calls may report it at once, the user is sent to the login page once. */
  function expire(): void {
    if (!session.value) return
    forget()
    sayUserError('LB2005')
    goToLogin()
  }

  async function logout(): Promise<void> {
    // Without the network the session ends on this phone all the same.
    if (session.value) await postLogout({})
    forget()
    goToLogin()
  }

  function keep(next: Session): void {
    session.value = next
    writeStored('leadbell.session', next)
  }

  function forget(): void {
    session.value = null
    removeStored('leadbell.session')
  }

  return { session, username, busy, fieldErrors, loggedIn, login, reportGrants, logout }
})

const fieldCodes = { username: 'LB1001', password: 'LB1002', captcha: 'LB1003' } as const satisfies Record<
  keyof LoginForm,
  UserErrorCode
>

function emptyFields(form: LoginForm): FieldErrors {
  const errors: FieldErrors = {}
  for (const field of ['username', 'password', 'captcha'] as const) {
    // A password may well consist of spaces; a name or a captcha may not.
    const value = field === 'password' ? form.password : form[field].trim()
    if (!value) errors[field] = userErrors[fieldCodes[field]].sentence
  }
  return errors
}

import type { LoginResult, UserInfo } from '@leadbell/contract'
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { linkSession } from '@/api/client.ts'
import { postLogin, postLogout, postWechatLogin } from '@/api/endpoints.ts'
import { userErrors } from '@/errors.ts'
import { loginCode } from '@/wechat/login.ts'
import { confirmModal } from '@/wechat/modal.ts'
import { useCaptcha } from './captcha.ts'
import { emptyFields, refusedField, type FieldErrors, type LoginForm } from './login-form.ts'
import { say, sayError } from './messages.ts'
import { afterLogin, goToLogin, leaveToLogin } from './navigation.ts'
import { readStored, removeStored, writeStored } from './storage.ts'
import { useSubscription } from './subscription.ts'

interface Session {
  token: string
  user: UserInfo
  /** Whether messages can reach this WeChat; an unbound session binds itself later. */
  bound: boolean
}

/** How the user left: with WeChat still bound to the account, or not. */
type SignedOut = 'bound' | 'unbound'

/** A panel that WeChat never answers, because the app was killed or hidden under it, must not hold the button. */
const PANEL_PATIENCE_MS = 15_000

/** A session that ends right after a silent login would end again: that one is left to the user. */
const SILENT_AGAIN_MS = 60_000

const isSession = (value: unknown): value is Session =>
  typeof (value as Session | null)?.token === 'string' && typeof (value as Session).user?.id === 'string'

const isSignedOut = (value: unknown): value is SignedOut => value === 'bound' || value === 'unbound'

export const useSession = defineStore('session', () => {
  const session = ref(readStored('leadbell.session', isSession))
  const username = ref(readStored('leadbell.username', (value) => typeof value === 'string') ?? '')
  const signedOut = ref(readStored('leadbell.signed-out', isSignedOut))
  const busy = ref(false)
  const enteringSilently = ref(false)
  const expired = ref(false)
  const fieldErrors = ref<FieldErrors>({})
  let attempt = 0
  let enteredSilentlyAt = -Infinity
  let syncing: Promise<void> | null = null
  let askedMeanwhile = false
  let leaving = false
  const loggedIn = computed(() => session.value !== null)
  const captcha = useCaptcha()
  const subscription = useSubscription()

  linkSession({ token: () => session.value?.token ?? '', onUnauthorized: expire })

  /**
   * The action of the login page's button. Inside a tap: unless the form is incomplete, the subscribe call is made
   * before this returns. One login follows whatever is answered; further taps start none.
   * After `onRefused` the captcha is used up and the page shows a new one.
   */
  function login(form: LoginForm, to = '', onRefused: () => void = () => undefined): void {
    if (busy.value || !isComplete(form)) return
    // Looked at again: the user may have been in the settings for as long as a captcha lives.
    askThenEnter(async () => isComplete(form) && signIn(form, to), onRefused)
  }

  /**
   * The keyboard's 完成. WeChat gives that event no tap state, a modal's button has it (wechat-platform.md §1.4):
   * so the same one action is started from there.
   */
  function loginFromKeyboard(form: LoginForm, to = '', onRefused: () => void = () => undefined): void {
    if (busy.value || !isComplete(form)) return
    confirmModal(
      { title: '登录', content: '登录时会问是否接收新线索提醒。', confirmText: '登录', cancelText: '取消' },
      { onConfirm: () => login(form, to, onRefused) },
    )
  }

  /** The same by WeChat alone, for who has logged out with WeChat still bound. */
  function loginByWechat(to = ''): void {
    if (!busy.value) askThenEnter(() => signInByWechat(to))
  }

  /**
   * Without a tap, on the way into the app: WeChat's code is enough for an account that is bound to it. Nobody is
   * brought back this way who has logged out. A tap on a button meanwhile goes first.
   */
  async function loginSilently(to = ''): Promise<void> {
    if (busy.value || signedOut.value || Date.now() - enteredSilentlyAt < SILENT_AGAIN_MS) return
    const mine = ++attempt
    enteringSilently.value = true
    const login = await loginCode()
    const outcome = login.kind === 'code' ? await postWechatLogin(login.code) : null
    enteringSilently.value = false
    if (mine !== attempt || !outcome?.ok) return
    enteredSilentlyAt = Date.now()
    enter(outcome.result, to)
  }

  /** True for a form that may be sent; says under each field what is missing. */
  function isComplete(form: LoginForm): boolean {
    fieldErrors.value = emptyFields(form)
    return Object.keys(fieldErrors.value).length === 0
  }

  function askThenEnter(signInNow: () => Promise<boolean>, onRefused: () => void = () => undefined): void {
    const mine = ++attempt
    busy.value = true
    // The button is free again, this attempt still counts: its answer may come late, unless another tap came first.
    const patience = setTimeout(() => {
      if (mine === attempt) busy.value = false
    }, PANEL_PATIENCE_MS)
    subscription.ask(
      () => {
        clearTimeout(patience)
        if (mine !== attempt) return
        busy.value = true
        void signInNow()
          .then((entered) => {
            if (!entered) onRefused()
          })
          .finally(() => {
            busy.value = false
          })
      },
      { goOn: '继续登录' },
    )
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
    if (error.kind === 'business') fieldErrors.value = refusedField(error.code, error.message)
    sayError(error)
    return false
  }

  function sayAtCaptcha(sentence: string): void {
    fieldErrors.value = { captcha: sentence }
  }

  async function signInByWechat(to: string): Promise<boolean> {
    const wechat = await loginCode()
    if (wechat.kind === 'none') {
      say(userErrors.LB1007)
      return false
    }
    const outcome = await postWechatLogin(wechat.code)
    if (outcome.ok) {
      enter(outcome.result, to)
      return true
    }
    const { error } = outcome
    // The account was given to another WeChat meanwhile: from now on the password decides.
    if (error.kind === 'unauthorized') markSignedOut('unbound')
    if (error.kind === 'unauthorized' && error.message) say(error.message)
    else sayError(error)
    return false
  }

  function enter({ token, userInfo, wechat }: LoginResult, to: string): void {
    keep({ token, user: userInfo, bound: wechat?.bound ?? false })
    username.value = userInfo.username
    writeStored('leadbell.username', userInfo.username)
    markSignedOut(null)
    expired.value = false
    subscription.forgetQuota()
    afterLogin(to)
    void syncGrants()
    if (wechat?.bound === false) uni.showToast({ title: wechat.message, icon: 'none', duration: 4000 })
  }

  /** Reports what the queue holds and learns what is left. One run at a time: pages ask whenever they are shown. */
  function syncGrants(): Promise<void> {
    if (syncing) askedMeanwhile = true
    syncing ??= untilReported().finally(() => {
      syncing = null
    })
    return syncing
  }

  /** A grant may come when the run is past its reports: who asked then is not forgotten. */
  async function untilReported(): Promise<void> {
    do {
      askedMeanwhile = false
      await bindAndFlush()
    } while (askedMeanwhile && subscription.hasUnreported())
  }

  /** Grants need an owner: a session without a WeChat gets one first. */
  async function bindAndFlush(): Promise<void> {
    const current = session.value
    if (!current) return
    if (!current.bound) {
      if (!(await subscription.bind())) return
      if (session.value?.token === current.token) keep({ ...current, bound: true })
    }
    const end = await subscription.flush()
    // Then the phone was wrong about it: the next run binds first.
    if (end === 'unbound' && session.value?.token === current.token) keep({ ...current, bound: false })
    if (end === 'untold' && session.value) await subscription.refreshQuota()
  }

  /**
   * A 401 anywhere: many calls may report it at once, the user is sent to the login page once. One that is late, or
   * meant for who is leaving anyway, sends nobody.
   */
  function expire(token: string): void {
    if (leaving || session.value?.token !== token) return
    forget()
    expired.value = true
    goToLogin()
  }

  /**
   * Without the network the session ends on this phone all the same. An unbinding is the backend's to do: unless it
   * has, nothing changes, and the user is told. Answers whether the user is out.
   */
  async function logout({ unbind = false } = {}): Promise<boolean> {
    leaving = !unbind
    const outcome = await postLogout({ unbind })
    leaving = false
    if (unbind && !outcome.ok) {
      sayError(outcome.error)
      return false
    }
    forget()
    expired.value = false
    markSignedOut(unbind ? 'unbound' : 'bound')
    removeStored('leadbell.clues')
    removeStored('leadbell.drafts')
    leaveToLogin()
    return true
  }

  function keep(next: Session): void {
    session.value = next
    writeStored('leadbell.session', next)
  }

  function forget(): void {
    session.value = null
    removeStored('leadbell.session')
  }

  function markSignedOut(how: SignedOut | null): void {
    signedOut.value = how
    if (how) writeStored('leadbell.signed-out', how)
    else removeStored('leadbell.signed-out')
  }

  return {
    session,
    username,
    signedOut,
    busy,
    enteringSilently,
    expired,
    fieldErrors,
    loggedIn,
    login,
    loginFromKeyboard,
    loginByWechat,
    loginSilently,
    sayAtCaptcha,
    syncGrants,
    logout,
  }
})

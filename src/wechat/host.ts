/**
 * The part of `uni` this app calls, typed as WeChat really answers (wechat-platform.md §1–3, §9.1, §10.1):
 * `@dcloudio/types` promises fields that are absent at run time and hides the template ids.
 */
export interface Host {
  requestSubscribeMessage?(options: { tmplIds: string[] } & Callbacks<Record<string, unknown>>): void
  getSetting?(options: { withSubscriptions: true } & Callbacks<SettingAnswer>): void
  openSetting?(options: { withSubscriptions: true } & Callbacks<SettingAnswer>): void
  getAppAuthorizeSetting?(): { notificationAuthorized?: string }
  openAppAuthorizeSetting?(options: Callbacks<unknown>): void
  login?(options: { timeout: number } & Callbacks<{ code?: string }>): void
  showModal(options: ModalOptions & Callbacks<{ confirm?: boolean }>): void
  makePhoneCall(options: { phoneNumber: string } & Callbacks<unknown>): void
  setClipboardData(options: { data: string } & Callbacks<unknown>): void
  openPrivacyContract?(options: Callbacks<unknown>): void
  hideHomeButton?(options: Callbacks<unknown>): void
  getNetworkType(options: Callbacks<{ networkType: string }>): void
  onNetworkStatusChange(listener: (status: { isConnected: boolean }) => void): void
  getUpdateManager?(): { onUpdateReady(listener: () => void): void; applyUpdate(): void }
  getAccountInfoSync?(): { miniProgram: { version?: string; envVersion?: string } }
  getRealtimeLogManager?(): { warn(...fields: unknown[]): void }
}

export interface Callbacks<Answer> {
  success(answer: Answer): void
  fail(failure: HostFailure): void
}

/** What a failing call hands over. Only this folder reads it; everybody else gets an outcome. */
export interface HostFailure {
  errMsg?: string
  errCode?: number
  errno?: number
}

interface SettingAnswer {
  subscriptionsSetting?: { mainSwitch?: boolean; itemSettings?: Record<string, string> }
}

export interface ModalOptions {
  title: string
  content: string
  /** Four characters at most, or WeChat refuses the modal. */
  confirmText?: string
  cancelText?: string
  showCancel?: boolean
}

/** Looked up at each call: tests put their own host in place of `uni`. */
export const currentHost = (): Host => uni as unknown as Host

/**
 * Makes a host call whose outcome is told exactly once: what it answers, `thrown` when it throws, which WeChat does at
 * some misuse, or the `outcome` of a patience that ran out. Nothing of this app may hang on a call that never came back;
 * what waits for a user has no such limit.
 */
export function settleOnce<T>(
  done: (outcome: T) => void,
  thrown: T,
  call: (settle: (outcome: T) => void) => void,
  patience?: { ms: number; outcome: T },
): void {
  let settled = false
  let running: ReturnType<typeof setTimeout> | undefined
  const settle = (outcome: T) => {
    if (settled) return
    settled = true
    clearTimeout(running)
    done(outcome)
  }
  if (patience) running = setTimeout(() => settle(patience.outcome), patience.ms)
  try {
    call(settle)
  } catch {
    settle(thrown)
  }
}

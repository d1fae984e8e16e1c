/**
 * The part of `uni` this app calls, typed as WeChat really answers (wechat-platform.md §1–3, §10.1):
 * `@dcloudio/types` promises fields that are absent at run time and hides the template ids.
 */
export interface Host {
  requestSubscribeMessage?(options: { tmplIds: string[] } & Callbacks<Record<string, unknown>>): void
  getSetting?(options: { withSubscriptions: true } & Callbacks<SettingAnswer>): void
  openSetting?(options: { withSubscriptions: true } & Callbacks<SettingAnswer>): void
  login?(options: { timeout: number } & Callbacks<{ code?: string }>): void
  showModal(options: ModalOptions & Callbacks<{ confirm?: boolean }>): void
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
}

/** Looked up at each call: tests put their own host in place of `uni`. */
export const currentHost = (): Host => uni as unknown as Host

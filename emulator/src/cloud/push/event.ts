/** What WeChat tells the backend unasked (wechat-platform.md §8.2). `at` is in milliseconds since 1970. */
export type PushEvent = { openid: string; at: number } & (
  | { kind: 'popup'; choices: PopupChoice[] }
  /** 拒收 in 服务通知; the only change that is pushed. */
  | { kind: 'change'; templateId: string }
  | ({ kind: 'sent'; templateId: string; msgid: string } & SendResult)
)

export interface PopupChoice {
  templateId: string
  status: 'accept' | 'reject'
}

/** How a send that was answered with 0 ended. */
export interface SendResult {
  errorCode: string
  errorStatus: string
}

export type PushKind = PushEvent['kind']
export const pushKinds = ['popup', 'change', 'sent'] as const satisfies readonly PushKind[]

export const sendSucceeded: SendResult = { errorCode: '0', errorStatus: 'success' }

/** The values of a failed send are nowhere documented (U11); these words are the 公众号's template messages'. */
export const sendFailed: SendResult = { errorCode: '-1', errorStatus: 'failed: system failed' }

/** Why a call has no result. Exactly one of these, never an exception. */
export type ApiError =
  /** Not sent or not answered: whether it took effect is not known. */
  | { kind: 'unreachable' }
  /** The session is over. */
  | { kind: 'unauthorized'; message: string }
  /**
   * The backend said no. `message` is Chinese and made to be shown; `result` may hold the present record. `replayed`:
   * it had said so before under the same Idempotency-Key, and says nothing new.
   */
  | { kind: 'refused'; code: number; message: string; result: unknown; rid: string; replayed?: true }
  /** An answer that is not the backend's: a proxy's page, or nothing readable. */
  | { kind: 'broken'; status: number; rid: string }

export type Outcome<T> = { ok: true; value: T } | { ok: false; error: ApiError }

export const UNAUTHORIZED = 401
export const SESSION_OVER = '登录已失效，请重新登录'
const FORBIDDEN = 403

const isRefusedWith = (code: number) => (error: ApiError) => error.kind === 'refused' && error.code === code
/** What was asked for does not exist, or does not any more. */
export const isGone = isRefusedWith(404)
/** It does not fit what is there now: somebody else was first, or the same request is still at work. */
export const isConflict = isRefusedWith(409)
export const isCaptchaWrong = isRefusedWith(412)

/** Too late, too early or too much at once. */
const momentary = new Set([408, 425, 429])

/** Whether the same call may come out differently: it has no answer, or one that is about the moment only. */
export function isMomentary(error: ApiError): boolean {
  switch (error.kind) {
    case 'unreachable':
    case 'unauthorized':
    case 'broken':
      return true
    case 'refused':
      return error.code >= 500 || momentary.has(error.code)
  }
}

/** A no of this page's own, in the shape of the backend's. */
export const forbidden = (message: string): ApiError => ({
  kind: 'refused',
  code: FORBIDDEN,
  message,
  result: null,
  rid: '',
})

/** What the clerk reads, with what to do. */
export function errorText(error: ApiError): string {
  switch (error.kind) {
    case 'unreachable':
      return '连不上服务器，请检查网络后重试'
    case 'unauthorized':
      return error.message || SESSION_OVER
    case 'refused':
      return error.message
    case 'broken':
      return `服务器没有正常应答（${error.status}），请稍后重试，仍不行请${
        error.rid ? `把编号 ${error.rid} 告诉` : '联系'
      }管理员`
  }
}

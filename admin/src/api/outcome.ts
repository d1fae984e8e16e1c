/** Why a call has no result. Exactly one of these, never an exception. */
export type ApiError =
  /** Not sent or not answered: whether it took effect is not known. */
  | { kind: 'unreachable' }
  /** The session is over. */
  | { kind: 'unauthorized'; message: string }
  /** The backend said no. `message` is Chinese and made to be shown; `result` may hold the present record. */
  | { kind: 'refused'; code: number; message: string; result: unknown; rid: string }
  /** An answer that is not the backend's: a proxy's page, or nothing readable. */
  | { kind: 'broken'; status: number; rid: string }

export type Outcome<T> = { ok: true; value: T } | { ok: false; error: ApiError }

/** What the clerk reads, with what to do. */
export function errorText(error: ApiError): string {
  switch (error.kind) {
    case 'unreachable':
      return '连不上服务器，请检查网络后重试'
    case 'unauthorized':
      return error.message || '登录已失效，请重新登录'
    case 'refused':
      return error.message
    case 'broken':
      return `服务器没有正常应答（${error.status}），请稍后重试，仍不行请把编号 ${error.rid || '无'} 告诉管理员`
  }
}

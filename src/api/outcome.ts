import type { UserErrorCode } from '@/errors.ts'

/** Why a call has no result. Exactly one of these, never an exception. */
export type ApiError =
  /** Not sent, or not arrived. */
  | { kind: 'network' }
  | { kind: 'timeout' }
  /** The caller cancelled. */
  | { kind: 'abort' }
  /** The address is not in the mini-program's list of allowed domains. */
  | { kind: 'domain' }
  /** An answer with a failing status that is not in the contract's envelope. */
  | { kind: 'http'; status: number }
  /** A 2xx answer outside the contract: HTML from a proxy, or a result that lacks what it promises. */
  | { kind: 'contract' }
  /** The session is over. `message` is the backend's sentence, if it said one. */
  | { kind: 'unauthorized'; message: string }
  /** The backend refused. `message` is Chinese and made to be shown; `result` may hold the present record. */
  | { kind: 'business'; code: number; message: string; result: unknown }

export type Outcome<T> = { ok: true; result: T } | { ok: false; error: ApiError }

const codeByKind = {
  network: 'LB2001',
  timeout: 'LB2002',
  abort: 'LB2001',
  http: 'LB2003',
  contract: 'LB2004',
  unauthorized: 'LB2005',
  domain: 'LB2006',
} as const satisfies Record<Exclude<ApiError['kind'], 'business'>, UserErrorCode>

/** The catalogue's code for an error, or the backend's own sentence where it said one. */
export const errorCode = (error: ApiError): UserErrorCode | null =>
  error.kind === 'business' ? null : codeByKind[error.kind]

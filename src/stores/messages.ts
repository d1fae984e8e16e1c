import { errorCode, type ApiError } from '@/api/outcome.ts'
import { userErrors } from '@/errors.ts'
import { logWarning } from '@/wechat/log.ts'

/** The sentence for an error: the backend's own where it refused, the catalogue's otherwise. */
export function sentenceFor(error: ApiError): string {
  const code = errorCode(error)
  if (code) return userErrors[code]
  return error.kind === 'business' && error.message ? error.message : userErrors.LB2003
}

/** Shows an error and keeps its code in the log. A cancelled call is nobody's error. */
export function sayError(error: ApiError): void {
  if (error.kind === 'abort') return
  logWarning('api', { kind: error.kind, code: error.kind === 'business' ? error.code : errorCode(error) })
  say(sentenceFor(error))
}

export const say = (title: string) => void uni.showToast({ title, icon: 'none', duration: 3000 })

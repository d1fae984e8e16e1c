import type { HostFailure } from './host.ts'

export type RequestFailure = 'network' | 'timeout' | 'abort' | 'domain'

/** Sorts what `uni.request` failed with (wechat-platform.md §9.2); a code is believed before the words. */
export function requestFailure({ errno, errMsg = '' }: HostFailure): RequestFailure {
  if (errno === 5 || /time ?out/i.test(errMsg)) return 'timeout'
  if (/abort/i.test(errMsg)) return 'abort'
  if (errno === 600002 || errMsg.includes('domain list')) return 'domain'
  return 'network'
}

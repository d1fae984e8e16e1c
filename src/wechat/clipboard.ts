import { currentHost, settleOnce, type HostFailure } from './host.ts'

/**
 * `declined`: the user did not agree to the privacy agreement, now or in the last ten seconds; `undeclared`: the
 * owner of the mini-program has not declared the clipboard in it (wechat-platform.md §9.1).
 */
export type CopyOutcome = 'copied' | 'declined' | 'undeclared' | 'failed'

/** Gated by the privacy agreement: WeChat asks by itself where it has to. It also says 内容已复制 by itself. */
export function copyText(data: string, done: (outcome: CopyOutcome) => void, host = currentHost()): void {
  settleOnce<CopyOutcome>(done, 'failed', (settle) =>
    host.setClipboardData({
      data,
      success: () => settle('copied'),
      fail: (failure) => settle(readFailure(failure)),
    }),
  )
}

function readFailure({ errno, errMsg = '' }: HostFailure): CopyOutcome {
  if (errno === 112 || /not declared|banned/.test(errMsg)) return 'undeclared'
  if (errno === 103 || errno === 104 || /privacy permission/.test(errMsg)) return 'declined'
  return 'failed'
}

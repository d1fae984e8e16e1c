import { logWarning } from '@/wechat/log.ts'
import { confirmModal } from '@/wechat/modal.ts'
import { watchUpdates } from '@/wechat/update.ts'
import { useNetwork } from './network.ts'

/** Once, when the app starts: follows the network, and offers a new version as soon as WeChat has loaded it. */
export function watchHost(): void {
  useNetwork().watchHost()
  watchUpdates((restart) =>
    confirmModal(
      {
        title: '有新版本',
        content: '新版本已经下载好，重启后使用。',
        confirmText: '重启',
        cancelText: '稍后',
      },
      { onConfirm: restart },
    ),
  )
}

/** As the engines of Android and iOS write the lines of a stack. */
const FRAME = /^\s*at .*:\d+:\d+\)?$|^[^@]*@\S+:\d+:\d+$/

/** Where it happened only: messages of thrown errors can quote what a user typed, on several lines too. */
export function logUncaught(error: unknown): void {
  const lines = String((error instanceof Error && error.stack) || error).split('\n')
  logWarning('uncaught', {
    stack: lines
      .filter((line) => FRAME.test(line))
      .slice(0, 5)
      .join(' '),
  })
}

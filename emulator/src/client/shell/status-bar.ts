import type { NetworkType, PhoneState } from '../../protocol.ts'
import { h, icon } from './dom.ts'
import type { WeChatClock } from './wechat-clock.ts'

const words: Record<NetworkType, string> = {
  wifi: '微信移动',
  '4g': '微信移动 4G',
  '3g': '微信移动 3G',
  '2g': '微信移动 2G',
  none: '无网络',
}
const TICK_MS = 5000

/** Time, network and battery, in the ink of the screen below. */
export function createStatusBar(clock: WeChatClock) {
  const time = h('time')
  const network = h('span', { class: 'we-status-network' })
  const element = h(
    'div',
    { class: 'we-status-bar', 'aria-hidden': 'true' },
    network,
    time,
    h('span', { class: 'we-battery' }, h('i')),
  )
  const tick = () => {
    const now = new Date(clock.now()).toLocaleTimeString('zh-CN', {
      hour: '2-digit',
      minute: '2-digit',
      hour12: false,
    })
    // the same text again would still be laid out again
    if (time.textContent !== now) time.textContent = now
  }
  tick()
  clock.onChange(tick)
  window.setInterval(tick, TICK_MS)
  return {
    element,
    update({ network: type, weakNetwork }: PhoneState) {
      network.replaceChildren(
        words[type],
        ...(type === 'wifi' ? [icon('wifi')] : []),
        ...(weakNetwork && type !== 'none' ? [h('i', { class: 'we-status-weak' }, '弱')] : []),
      )
    },
  }
}

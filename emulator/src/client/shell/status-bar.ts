import type { NetworkType, PhoneState } from '../../protocol.ts'
import { h, icon } from './dom.ts'

const words: Record<NetworkType, string> = {
  wifi: '微信移动',
  '4g': '微信移动 4G',
  '3g': '微信移动 3G',
  '2g': '微信移动 2G',
  none: '无网络',
}

/** Time, network and battery, in the ink of the screen below. */
export function createStatusBar() {
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
    time.textContent = new Date().toLocaleTimeString('zh-CN', {
      hour: '2-digit',
      minute: '2-digit',
      hour12: false,
    })
  }
  tick()
  window.setInterval(tick, 15_000)
  return {
    element,
    update(state: PhoneState) {
      network.replaceChildren(words[state.network], ...(state.network === 'wifi' ? [icon('wifi')] : []))
    },
  }
}

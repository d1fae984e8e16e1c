import { h, icon } from './dom.ts'

/** A mini-program's picture: the built files bring none, so the bell of its name. */
export function avatar(appName: string, size: 'small' | 'large' = 'large'): HTMLElement {
  return h('span', { class: `we-avatar we-avatar-${size}`, title: appName }, icon('bell'))
}

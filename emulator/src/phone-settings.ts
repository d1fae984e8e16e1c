import type { Platform } from './profiles.ts'

/** The knobs of one phone: what its owner, the desk or a test may turn while it runs. */
export const networkTypes = ['wifi', '4g', '3g', '2g', 'none'] as const
export type NetworkType = (typeof networkTypes)[number]

export const themes = ['light', 'dark'] as const
export const authorizations = ['authorized', 'denied'] as const

export interface PhoneSettings {
  network: NetworkType
  /** What `wx.onNetworkWeakChange` tells; calls are as fast as ever. */
  weakNetwork: boolean
  theme: (typeof themes)[number]
  /** `fontSizeSetting` in px as WeChat reports it: 16 is the standard. */
  fontSize: number
  /** Whether the phone lets WeChat show notifications (wechat-platform.md §2.4). */
  notifications: (typeof authorizations)[number]
  /** Whether this WeChat account agreed to the mini-program's 用户隐私保护指引 (wechat-platform.md §9.1). */
  privacyConsent: boolean
  /** Whose WeChat it runs; a mini-program hears of it at its next launch. */
  platform: Platform
}

/** A phone as it comes, on which nobody has agreed to anything. */
export const newPhone: PhoneSettings = {
  network: 'wifi',
  weakNetwork: false,
  theme: 'light',
  fontSize: 16,
  notifications: 'authorized',
  privacyConsent: false,
  platform: 'strict',
}

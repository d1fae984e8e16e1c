import type { ClientProfile } from './profiles.ts'

/**
 * The APIs that wait for the 用户隐私保护指引 (wechat-platform.md §9.1), and what it says the mini-program does
 * with them. An API joins by a line here and `privacy.guarded` around what it performs.
 */
export const privacyUses = {
  setClipboardData: '写入你的剪切板',
  getClipboardData: '读取你的剪切板',
  getLocation: '收集你的位置信息',
  getFuzzyLocation: '收集你的模糊位置信息',
  chooseLocation: '收集你选择的位置信息',
  chooseMedia: '收集你选中的照片或视频信息',
  chooseImage: '收集你选中的照片',
  saveImageToPhotosAlbum: '使用你的相册（仅写入）权限',
} as const
export type PrivacyApi = keyof typeof privacyUses
export const privacyApis = Object.keys(privacyUses) as PrivacyApi[]

/** The 用户隐私保护指引 as the mini-program's owner filled it in. */
export interface PrivacyAgreement {
  /** What it declares; any other gated API fails with errno 112. @default all of `privacyApis` */
  declares: readonly PrivacyApi[]
  /** Whether a gated call waits until the user has agreed. @default true */
  needsConsent: boolean
}

export const envVersions = ['develop', 'trial', 'release'] as const
export type EnvVersion = (typeof envVersions)[number]

/** What the phones get as this mini-program. `POST /__phone/release` {openid} → Release. */
export interface Release {
  envVersion: EnvVersion
  /** Told to app code of a release only, as WeChat does. */
  version: string
  privacy: PrivacyAgreement
  /** What every phone's WeChat answers otherwise than its platform does. */
  clientProfile: Partial<ClientProfile>
}

export const demoRelease: Release = {
  envVersion: 'develop',
  version: '1.0.0',
  privacy: { declares: privacyApis, needsConsent: true },
  clientProfile: {},
}

import { openPrivacyContract, versionName } from '@/wechat/about.ts'
import { say } from './messages.ts'

/** What the settings page says of the mini-program itself. */
export const useAbout = () => ({
  version: versionName(),
  openPrivacy: () => openPrivacyContract(() => say('没有打开，请到右上角“…”里查看隐私保护指引')),
})

import { currentHost } from './host.ts'

/** 「1.2.0 正式版」: only a released version has a number; WeChat knows the other two by kind. */
export function versionName(host = currentHost()): string {
  const { version = '', envVersion = '' } = host.getAccountInfoSync?.().miniProgram ?? {}
  return [version, kinds[envVersion] ?? ''].filter(Boolean).join(' ')
}

const kinds: Record<string, string> = { develop: '开发版', trial: '体验版', release: '正式版' }

/** WeChat's page with the privacy agreement of this mini-program. */
export function openPrivacyContract(onFailed: () => void, host = currentHost()): void {
  if (!host.openPrivacyContract) return onFailed()
  host.openPrivacyContract({ success: () => undefined, fail: onFailed })
}

import { asyncApi, ok, type ApiDefinition } from './api.ts'
import type { WxHost } from './host.ts'
import type { NeedListener } from '../privacy-gate.ts'

/** wechat-platform.md §9.1. These APIs know callbacks only: WeChat gives no Promise for them. */
export function privacyApis(host: WxHost) {
  const { privacy } = host
  const callbackOnly = (name: string, perform: ApiDefinition['perform']) => {
    const api = asyncApi(host, { name, tap: 'none', perform })
    return (options: object = {}) => void api({ complete: () => undefined, ...options })
  }
  return {
    onNeedPrivacyAuthorization: (listener: NeedListener) => void (privacy.listener = listener),
    getPrivacySetting: callbackOnly('getPrivacySetting', () =>
      ok({ needAuthorization: privacy.needsAuthorization, privacyContractName: privacy.contractName }),
    ),
    requirePrivacyAuthorize: callbackOnly('requirePrivacyAuthorize', () =>
      privacy.afterConsent('requirePrivacyAuthorize', () => ok()),
    ),
    openPrivacyContract: callbackOnly('openPrivacyContract', () => {
      privacy.openContract()
      return ok()
    }),
  }
}

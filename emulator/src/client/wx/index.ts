import { builtinTemplates } from '../builtin-templates.ts'
import { deviceApis } from './device-apis.ts'
import type { WxHost } from './host.ts'
import { loginApis } from './login.ts'
import { missingApis, missingApiNames } from './missing.ts'
import { navigationApis } from './navigation.ts'
import { privacyApis } from './privacy.ts'
import { queryApis } from './queries.ts'
import { requestApis } from './request.ts'
import { settingsApis } from './settings.ts'
import { storageApis } from './storage.ts'
import { subscribeApis } from './subscribe.ts'
import { systemApis } from './system.ts'
import { Toast } from './toast.ts'
import { uiApis } from './ui.ts'
import { updateApis } from './updates.ts'

const openTypes = new Set(['openSetting', 'agreePrivacyAuthorization'])

/** The `wx` object of one launch: own enumerable functions that work unbound (H50, wechat-platform.md §10.5). */
export function createWx(host: WxHost): Record<string, unknown> {
  const missing = new Set(missingApiNames)
  const components = new Map(builtinTemplates.map(({ name, properties }) => [name, properties]))
  const wx: Record<string, unknown> = {}
  const toast = new Toast(host.shell)

  /** 'request', 'getSetting.object.withSubscriptions', 'button.open-type.openSetting', … */
  const canIUse = (schema: string): boolean => {
    const [first = '', attribute, value] = String(schema).split('.')
    if (typeof wx[first] === 'function') return !missing.has(first)
    const properties = components.get(first)
    if (!properties) return false
    if (attribute === undefined) return true
    const known = attribute.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()) in properties
    return known && (attribute !== 'open-type' || value === undefined || openTypes.has(value))
  }

  return Object.assign(
    wx,
    missingApis(host),
    systemApis(host, canIUse),
    storageApis(host),
    requestApis(host),
    loginApis(host),
    subscribeApis(host),
    settingsApis(host),
    privacyApis(host),
    updateApis(host),
    uiApis(host, toast),
    navigationApis(host),
    queryApis(host),
    deviceApis(host, toast),
  )
}

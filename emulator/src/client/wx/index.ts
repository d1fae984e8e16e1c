import { builtinTemplates } from '../builtin-templates.ts'
import { authorizeApis } from './authorize.ts'
import { cloudOf } from './cloud.ts'
import { deviceApis } from './device-apis.ts'
import { fileApis } from './files.ts'
import { Flights } from './flights.ts'
import type { WxHost } from './host.ts'
import { locationApis } from './location.ts'
import { loginApis } from './login.ts'
import { mediaApis } from './media.ts'
import { missingApis } from './missing.ts'
import { navigationApis } from './navigation.ts'
import { privacyApis } from './privacy.ts'
import { queryApis } from './queries.ts'
import { requestApis } from './request.ts'
import { settingsApis } from './settings.ts'
import { shareApis } from './share.ts'
import { smallApis } from './small-apis.ts'
import { socketApis } from './sockets.ts'
import { storageApis } from './storage.ts'
import { subscribeApis } from './subscribe.ts'
import { systemApis } from './system.ts'
import { tabBarApis } from './tab-bar.ts'
import { Toast } from './toast.ts'
import { transferApis } from './transfers.ts'
import { uiApis } from './ui.ts'
import { updateApis } from './updates.ts'
import { userInfoApis } from './user-info.ts'

const openTypes = new Set([
  'share',
  'openSetting',
  'agreePrivacyAuthorization',
  'getPhoneNumber',
  'getRealtimePhoneNumber',
])

/** The `wx` object of one launch: own enumerable functions that work unbound (H50, wechat-platform.md §10.5). */
export function createWx(host: WxHost): Record<string, unknown> {
  const components = new Map(builtinTemplates.map(({ name, properties }) => [name, properties]))
  const wx: Record<string, unknown> = {}
  const toast = new Toast(host.shell)

  /** 'request', 'getSetting.object.withSubscriptions', 'button.open-type.openSetting', … */
  const canIUse = (schema: string): boolean => {
    const [first = '', attribute, value] = String(schema).split('.')
    if (typeof wx[first] === 'function') return first in present
    const properties = components.get(first)
    if (!properties) return false
    if (attribute === undefined) return true
    const known = attribute.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()) in properties
    return known && (attribute !== 'open-type' || value === undefined || openTypes.has(value))
  }

  const flights = new Flights(host)
  const present: Record<string, unknown> = {
    ...systemApis(host, canIUse),
    ...smallApis(host),
    cloud: cloudOf(host),
    ...storageApis(host),
    ...fileApis(host),
    ...requestApis(host, flights),
    ...transferApis(host, flights),
    ...socketApis(host),
    ...loginApis(host),
    ...subscribeApis(host),
    ...settingsApis(host),
    ...privacyApis(host),
    ...authorizeApis(host),
    ...userInfoApis(host),
    ...updateApis(host),
    ...uiApis(host, toast),
    ...navigationApis(host),
    ...tabBarApis(host),
    ...queryApis(host),
    ...deviceApis(host, toast),
    ...mediaApis(host),
    ...locationApis(host),
    ...shareApis(host),
  }
  return Object.assign(wx, missingApis(host, present), present)
}

import { beginCall, fail } from './api.ts'
import type { WxHost } from './host.ts'
import { wxNames } from './names.ts'

const isListener = (name: string) => /^(on|off)[A-Z]/.test(name)
/** WeChat gives these back at once: an object, a manager, a value. */
const isSync = (name: string) =>
  /Sync$|^create[A-Z]|Manager$|^(canAddSecureElementPass|getNFCAdapter|getPerformance|getXrFrameSystem|isVKSupport|revokeBufferURL)$/.test(
    name,
  )

/**
 * APIs that a phone has and this emulator lacks: every name of WeChat's that `present` has not. They are functions,
 * as on a phone (`typeof` and `for…in` tell the truth about WeChat), but a call is collected as an error and fails by
 * name: by callback or Promise, by a throw where WeChat answers at once. Listening to what never happens only collects.
 */
export function missingApis(host: WxHost, present: object): Record<string, unknown> {
  const names = wxNames.filter((name) => !(name in present))
  return Object.fromEntries(names.map((name) => [name, missingApi(host, name)]))
}

function missingApi(host: WxHost, name: string): (given?: unknown) => unknown {
  const words = `wx.${name} is not part of this emulator`
  const collect = () => void host.inspection.note(name, new Error(words))
  if (isListener(name)) return name.startsWith('on') ? collect : () => undefined
  if (isSync(name))
    return () => {
      collect()
      throw new Error(`${name}:fail ${words}`)
    }
  return (given) => {
    const options = (typeof given === 'object' && given !== null ? given : {}) as Record<string, unknown>
    const settle = beginCall(host, name, 'none', options)
    collect()
    const hasCallbacks = ['success', 'fail', 'complete'].some((key) => typeof options[key] === 'function')
    if (hasCallbacks) return settle(fail(words))
    return new Promise((resolve, reject) => settle(fail(words), { resolve, reject }))
  }
}

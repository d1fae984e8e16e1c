import type { WxHost } from './host.ts'

const asynchronous = [
  'callFunction',
  'callContainer',
  'uploadFile',
  'downloadFile',
  'getTempFileURL',
  'deleteFile',
]

/** `wx.cloud`: 云开发 is Tencent's own backend. It is there, as on a phone, and every call says that it is not here. */
export function cloudOf(host: WxHost): Record<string, unknown> {
  const collect = (name: string): Error => {
    const error = new Error(`wx.cloud.${name} is not part of this emulator`)
    host.inspection.note(`cloud.${name}`, error)
    return error
  }
  return {
    init: () => void collect('init'),
    database: () => {
      throw collect('database')
    },
    ...Object.fromEntries(
      asynchronous.map((name) => [
        name,
        (options: { fail?: (failure: object) => void; complete?: (failure: object) => void } = {}) => {
          const failure = { errMsg: `cloud.${name}:fail ${collect(name).message}` }
          if (!options.fail && !options.complete) return Promise.reject(failure as unknown as Error)
          host.timers.setTimeout(() => {
            options.fail?.(failure)
            options.complete?.(failure)
          }, 0)
          return undefined
        },
      ]),
    ),
  }
}

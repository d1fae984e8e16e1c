import { logWarning } from '@/wechat/log.ts'

/** What this app keeps on the phone. WeChat keeps it per user and per mini-program. */
interface Stored {
  'leadbell.session': unknown
  'leadbell.username': unknown
  /** 'bound' or 'unbound' after 退出登录: nobody is logged in silently who has just logged out. */
  'leadbell.signed-out': unknown
  'leadbell.templates': unknown
  'leadbell.grants': unknown
  /** When a panel was last asked for, in milliseconds. */
  'leadbell.panel-at': unknown
  /** The last list, to be read without a network. */
  'leadbell.clues': unknown
  /** Notes that are written and not yet saved, by lead. */
  'leadbell.drafts': unknown
}

type Key = keyof Stored

/** The value under `key` if it still has the shape we wrote, else null: an older version may have left it. */
export function readStored<T>(key: Key, isShape: (value: unknown) => value is T): T | null {
  try {
    const value: unknown = uni.getStorageSync(key)
    return isShape(value) ? value : null
  } catch {
    return null
  }
}

/**
 * Written at once, so that it survives the app being killed a moment later. A full or broken disk is logged and
 * stops nothing: what is in memory goes on.
 */
export function writeStored(key: Key, value: unknown): void {
  try {
    uni.setStorageSync(key, value)
  } catch {
    logWarning('storage', { key })
  }
}

export function removeStored(key: Key): void {
  try {
    uni.removeStorageSync(key)
  } catch {
    logWarning('storage', { key })
  }
}

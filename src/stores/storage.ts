/** What this app keeps on the phone. WeChat keeps it per user and per mini-program. */
interface Stored {
  'leadbell.session': unknown
  'leadbell.username': unknown
  'leadbell.templates': unknown
  'leadbell.grants': unknown
}

/** The value under `key` if it still has the shape we wrote, else null: an older version may have left it. */
export function readStored<T>(key: keyof Stored, isShape: (value: unknown) => value is T): T | null {
  const value: unknown = uni.getStorageSync(key)
  return isShape(value) ? value : null
}

/** Written at once, so that it survives the app being killed a moment later. */
export function writeStored(key: keyof Stored, value: unknown): void {
  uni.setStorageSync(key, value)
}

export function removeStored(key: keyof Stored): void {
  uni.removeStorageSync(key)
}

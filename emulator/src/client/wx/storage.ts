import { asyncApi, ok, syncApi, textOption, type ApiDefinition } from './api.ts'
import type { WxHost } from './host.ts'

/** wechat-platform.md §9.3, §14 H48. */
const MOST_PER_KEY = 1024 * 1024
const MOST_IN_TOTAL = 10 * 1024 * 1024

const bytesOf = (text: string) => new TextEncoder().encode(text).length

/** What a mini-program keeps on one phone: per openid and appid, so it survives a relaunch and nobody else sees it. */
export class AppStorage {
  private readonly prefix: string

  constructor(
    private readonly storage: Storage,
    openid: string,
    appid: string,
  ) {
    this.prefix = `mini-program:${openid}:${appid}:`
  }

  /** @throws an Error with WeChat's words when a limit is passed; the old value stays. */
  set(key: string, value: unknown): void {
    // WeChat keeps the type, so that a string '1' comes back as a string
    const text = JSON.stringify({ value })
    const bytes = bytesOf(text)
    if (bytes > MOST_PER_KEY) throw new Error('entry size limit reached')
    if (this.size() - this.sizeOf(key) + bytes > MOST_IN_TOTAL)
      throw new Error('exceed storage max size 10Mb')
    try {
      this.storage.setItem(this.prefix + key, text)
    } catch {
      throw new Error('exceed storage max size 10Mb')
    }
  }

  has(key: string): boolean {
    return this.storage.getItem(this.prefix + key) !== null
  }

  /** '' for a key that is not there, as `getStorageSync` answers. */
  get(key: string): unknown {
    const text = this.storage.getItem(this.prefix + key)
    if (text === null) return ''
    const { value = '' } = JSON.parse(text) as { value?: unknown }
    return value
  }

  remove(key: string): void {
    this.storage.removeItem(this.prefix + key)
  }

  clear(): void {
    for (const key of this.keys()) this.remove(key)
  }

  keys(): string[] {
    return Array.from({ length: this.storage.length }, (_, i) => this.storage.key(i) ?? '')
      .filter((name) => name.startsWith(this.prefix))
      .map((name) => name.slice(this.prefix.length))
  }

  /** Sizes in kB, as WeChat reports them. */
  info(): { keys: string[]; currentSize: number; limitSize: number } {
    return {
      keys: this.keys(),
      currentSize: Math.ceil(this.size() / 1024),
      limitSize: MOST_IN_TOTAL / 1024,
    }
  }

  private sizeOf(key: string): number {
    return bytesOf(this.storage.getItem(this.prefix + key) ?? '')
  }

  private size(): number {
    return this.keys().reduce((sum, key) => sum + this.sizeOf(key), 0)
  }
}

export function storageApis(host: WxHost) {
  const storage = new AppStorage(host.storage, host.link.openid, host.program.appid)
  const sync = <A extends unknown[], R>(name: string, perform: (...args: A) => R) =>
    syncApi(host, name, (...args: A) => {
      try {
        return perform(...args)
      } catch (thrown) {
        throw new Error(`${name}:fail ${thrown instanceof Error ? thrown.message : String(thrown)}`)
      }
    })
  const later = (name: string, perform: ApiDefinition['perform']) =>
    asyncApi(host, { name, tap: 'none', perform })
  const keyOf = (options: Record<string, unknown>) => textOption(options, 'key')
  /** Encrypted storage is read back with `encrypt` only, on a phone; here it is kept as it is, and that is said. */
  const remarkEncrypt = (name: string, { encrypt }: Record<string, unknown>) => {
    if (encrypt !== true) return
    const words = `${name} encrypt is not part of this emulator: the value is kept as it is`
    host.inspection.note(name, new Error(words))
  }
  const pairs = (list: unknown): { key: string; value: unknown }[] =>
    Array.isArray(list) ? (list as { key: string; value: unknown }[]) : []
  const keys = (list: unknown): string[] => (Array.isArray(list) ? list.map(String) : [])
  return {
    setStorageSync: sync('setStorageSync', (key: string, value: unknown) => storage.set(key, value)),
    getStorageSync: sync('getStorageSync', (key: string) => storage.get(key)),
    removeStorageSync: sync('removeStorageSync', (key: string) => storage.remove(key)),
    clearStorageSync: sync('clearStorageSync', () => storage.clear()),
    getStorageInfoSync: sync('getStorageInfoSync', () => storage.info()),
    batchSetStorageSync: sync('batchSetStorageSync', (list: unknown) =>
      pairs(list).forEach(({ key, value }) => storage.set(key, value)),
    ),
    batchGetStorageSync: sync('batchGetStorageSync', (list: unknown) =>
      keys(list).map((key) => storage.get(key)),
    ),
    batchSetStorage: later('batchSetStorage', ({ kvList }) => {
      pairs(kvList).forEach(({ key, value }) => storage.set(key, value))
      return ok()
    }),
    batchGetStorage: later('batchGetStorage', ({ keyList }) =>
      ok({ dataList: keys(keyList).map((key) => storage.get(key)) }),
    ),
    setStorage: later('setStorage', (options) => {
      remarkEncrypt('setStorage', options)
      storage.set(keyOf(options), options.data)
      return ok()
    }),
    getStorage: later('getStorage', (options) => {
      remarkEncrypt('getStorage', options)
      if (!storage.has(keyOf(options))) throw new Error('data not found')
      return ok({ data: storage.get(keyOf(options)) })
    }),
    removeStorage: later('removeStorage', (options) => {
      storage.remove(keyOf(options))
      return ok()
    }),
    clearStorage: later('clearStorage', () => {
      storage.clear()
      return ok()
    }),
    getStorageInfo: later('getStorageInfo', () => ok(storage.info())),
  }
}

/** The emulator cannot start; the message is one line that says what to do, in Chinese and English. */
export class StartError extends Error {}

export const stop = (message: string): never => {
  throw new StartError(message)
}

// options come from a JSON file too, where types are a promise
export const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''
export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
export const isListOf = (value: unknown, isItem: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(isItem)

export function unique(name: string, keys: readonly string[]): void {
  const seen = new Set<string>()
  for (const key of keys) {
    if (seen.has(key)) stop(`${name} 里 ${key} 出现了两次 (listed twice)`)
    seen.add(key)
  }
}

/** What one `setData` may carry to the screen (official page of Page: 单次设置的数据不能超过 1024 kB). */
export const SET_DATA_LIMIT = 1024 * 1024

export interface Sendable {
  data: Record<string, unknown>
  /** Length of the data as JSON in UTF-8. */
  bytes: number
  /** What WeChat says in its console. */
  remarks: string[]
}

/**
 * The data of a `setData` as it crosses to the screen: JSON. A field that is set to undefined is not set; what JSON
 * has no word for is dropped.
 * @throws TypeError for a circle, as `JSON.stringify` does
 */
export function sendable(data: unknown): Sendable {
  const remarks: string[] = []
  const sent: Record<string, unknown> = {}
  let bytes = 2
  for (const [key, value] of Object.entries((data ?? {}) as Record<string, unknown>)) {
    if (value === undefined) {
      remarks.push(`Setting data field "${key}" to undefined is invalid.`)
      continue
    }
    const json = JSON.stringify(value) as string | undefined
    const lost = unsendable(value, key)
    if (lost) remarks.push(`setData: "${lost.path}" is ${lost.what}, which is not JSON and is dropped.`)
    if (json === undefined) continue
    bytes += new TextEncoder().encode(`${JSON.stringify(key)}:${json},`).length
    // the very object when nothing is lost: app code may compare it
    sent[key] = lost ? (JSON.parse(json) as unknown) : value
  }
  const length = Object.keys(sent).length === 0 ? 2 : bytes - 1
  return { data: sent, bytes: length, remarks }
}

/** The first thing in a value that JSON cannot carry. */
function unsendable(value: unknown, path: string): { path: string; what: string } | undefined {
  switch (typeof value) {
    case 'function':
      return { path, what: 'a function' }
    case 'symbol':
      return { path, what: 'a symbol' }
    case 'object': {
      if (value === null) return undefined
      if (Array.isArray(value)) {
        for (const [index, item] of value.entries()) {
          const lost = unsendable(item, `${path}[${index}]`)
          if (lost) return lost
        }
        return undefined
      }
      const prototype = Object.getPrototypeOf(value) as object | null
      const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null
      if (!isPlain && !('toJSON' in value))
        return { path, what: `a ${prototype?.constructor.name ?? 'thing'}` }
      if ('toJSON' in value && typeof value.toJSON === 'function')
        return { path, what: 'an object with toJSON' }
      for (const [key, item] of Object.entries(value)) {
        const lost = unsendable(item, `${path}.${key}`)
        if (lost) return lost
      }
      return undefined
    }
    default:
      return undefined
  }
}

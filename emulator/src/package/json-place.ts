import { placeOf } from './problems.ts'

const space = /[ \t\n\r]*/y
const scalar =
  // eslint-disable-next-line no-control-regex -- JSON forbids exactly these inside a string
  /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y

/**
 * Line and column, counted from 1, of the first thing that is no JSON; undefined for JSON. V8 tells the offset of
 * some mistakes only, so a second reading finds it.
 */
export function jsonMistake(text: string): { line: number; column: number } | undefined {
  let at = 0
  const skip = (pattern: RegExp): string => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0] ?? ''
    at += found.length
    return found
  }
  const next = () => {
    skip(space)
    return text[at]
  }
  const take = (sign: string): boolean => {
    if (next() !== sign) return false
    at += 1
    return true
  }
  const string = () => next() === '"' && skip(scalar) !== ''

  /** Items between the opening sign, already taken, and `close`. */
  function list(close: string, item: () => boolean): boolean {
    if (take(close)) return true
    do if (!item()) return false
    while (take(','))
    return take(close)
  }
  function value(): boolean {
    if (take('{')) return list('}', () => string() && take(':') && value())
    if (take('[')) return list(']', value)
    next()
    return skip(scalar) !== ''
  }
  const isJson = value() && next() === undefined
  return isJson ? undefined : placeOf(text, at)
}

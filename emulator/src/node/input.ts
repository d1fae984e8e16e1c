import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'

/** The request was malformed; `message` says where, for whoever wrote the caller. */
export class BadInput extends HTTPException {
  constructor(message: string) {
    super(400, { message })
  }
}

export type JsonObject = Record<string, unknown>

/** @throws BadInput when it has other members than `known`: one that is misspelt would be passed over in silence */
export async function readObject(c: Context, known?: readonly string[]): Promise<JsonObject> {
  const body = await readAnyObject(c)
  const unknown = known ? Object.keys(body).filter((name) => !known.includes(name)) : []
  if (unknown.length > 0)
    throw new BadInput(`不认识 ${unknown.join('、')}，这里可以写 ${known?.join('、')} (unknown members)`)
  return body
}

async function readAnyObject(c: Context): Promise<JsonObject> {
  let value: unknown
  try {
    value = JSON.parse((await c.req.text()) || '{}')
  } catch {
    throw new BadInput('请求体不是 JSON (not JSON)')
  }
  return object(value, 'body')
}

export function object(value: unknown, name: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BadInput(`${name} 应当是对象 (must be an object)`)
  return value as JsonObject
}

export function text(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '') throw new BadInput(`${name} 应当是非空文字 (must be a text)`)
  return value
}

export function oneOf<T extends string>(value: unknown, choices: readonly T[], name: string): T {
  const found = choices.find((choice) => choice === value)
  if (found === undefined)
    throw new BadInput(`${name} 应当是 ${choices.join('、')} 之一 (must be one of them)`)
  return found
}

export function flag(value: unknown, name: string): boolean {
  if (typeof value !== 'boolean') throw new BadInput(`${name} 应当是 true 或 false (must be a boolean)`)
  return value
}

export function between(value: unknown, min: number, max: number, name: string): number {
  if (typeof value !== 'number' || !(value >= min && value <= max))
    throw new BadInput(`${name} 应当是 ${min} 到 ${max} 的数 (must be a number within)`)
  return value
}

export function whole(value: unknown, min: number, max: number, name: string): number {
  const n = between(value, min, max, name)
  if (!Number.isInteger(n)) throw new BadInput(`${name} 应当是整数 (must be an integer)`)
  return n
}

/** `{[key]: value}` with every value read by `read`. */
export function record<T>(
  value: unknown,
  name: string,
  read: (item: unknown, name: string) => T,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(object(value, name)).map(([key, item]) => [key, read(item, `${name}.${key}`)]),
  )
}

/** Reads a member only when it is there. */
export function optional<K extends string, T>(
  body: JsonObject,
  key: K,
  read: (value: unknown, name: string) => T,
): { [key in K]?: T } {
  return body[key] === undefined ? {} : ({ [key]: read(body[key], key) } as { [key in K]?: T })
}

import { toJsonSchema } from '@valibot/to-json-schema'
import fc from 'fast-check'
import type * as v from 'valibot'

/** Of JSON Schema, what @valibot/to-json-schema makes of the contract. */
interface Schema {
  type?: string
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: Schema | boolean
  items?: Schema
  minItems?: number
  maxItems?: number
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  pattern?: string
  format?: string
}

/** Values worth trying where a property has this name, such as ids that exist. */
export type Known = Record<string, readonly unknown[]>

const LONG = 10_000

const awkward = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  '\udfff tail',
  'head \ud83d',
  '\u202e\u200b\ufeff',
  '👨‍👩‍👧‍👦',
  "'; drop table clues; --",
  "' or 1=1 --",
  '") union select null--',
  '%',
  '_%\\',
  '${7*7}{{7*7}}',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '../../etc/passwd',
  '..%2f..%2f',
  '__proto__',
  'constructor',
  'toString',
  'NaN',
  '-0',
  '1e309',
  '0x10',
  '٣',
  '9223372036854775807',
  '9223372036854775808',
  '99999999999999999999999999',
  '-1',
  '1.5',
  '2026-02-30T00:00:00Z',
  '-271821-04-20T00:00:00Z',
  '+275760-09-13T00:00:00.001Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59+23:59',
  'null',
  'true',
  '[]',
  '=cmd|calc!A1',
  '\r\nset-cookie: a=b',
]

/** Text that somebody somewhere did not think of. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...awkward) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.constantFrom('长', 'x', '\0', '"', '\ud800').map((one) => one.repeat(LONG)) },
)

const nested = (depth: number): unknown => {
  let value: unknown = 1
  for (let n = 0; n < depth; n++) value = n % 2 === 0 ? [value] : { a: value }
  return value
}

/** A value of a type that was not asked for, or a size that nobody asked for. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: hostileText },
  {
    weight: 4,
    arbitrary: fc.constantFrom<unknown>(
      null,
      true,
      false,
      0,
      -0,
      -1,
      1.5,
      2 ** 31,
      2 ** 53,
      2 ** 63,
      2 ** 64,
      1e308,
      Number.MIN_VALUE,
      [],
      {},
      [[]],
      [null],
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(50, 900).map(nested) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
)

/** What the schema allows, as JSON Schema tells it. */
export function fitting(schema: v.GenericSchema, known: Known): fc.Arbitrary<unknown> {
  // what has no words in JSON Schema is left to the server to refuse
  return valueOf(toJsonSchema(schema, { typeMode: 'input', errorMode: 'ignore' }) as Schema, known)
}

function valueOf(schema: Schema, known: Known): fc.Arbitrary<unknown> {
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return fc.oneof(...choices.map((one) => valueOf(one, known)))
  if (schema.allOf) return valueOf(Object.assign({}, ...schema.allOf) as Schema, known)
  if ('const' in schema) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  switch (schema.type) {
    case 'object':
      return objectOf(schema, known)
    case 'array':
      return fc.array(valueOf(schema.items ?? {}, known), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 5, 5),
      })
    case 'string':
      return textOf(schema)
    case 'integer':
    case 'number':
      return fc.integer({ min: schema.minimum ?? 0, max: Math.min(schema.maximum ?? 3, 3) })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}

function objectOf(schema: Schema, known: Known): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties } = schema
  const entries = Object.entries(properties).map(([name, one]): [string, fc.Arbitrary<unknown>] => {
    const values = known[name]
    const fits = valueOf(one, known)
    return [name, values ? fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...values) }, fits) : fits]
  })
  if (entries.length === 0 && typeof additionalProperties === 'object')
    return fc.dictionary(fc.string({ minLength: 1, maxLength: 20 }), valueOf(additionalProperties, known), {
      maxKeys: 4,
    })
  return fc.record(Object.fromEntries(entries), { requiredKeys: required })
}

function textOf({ pattern, format, minLength = 0, maxLength = 60 }: Schema): fc.Arbitrary<string> {
  if (pattern !== undefined) {
    const matching = fc.stringMatching(new RegExp(pattern, 'u'))
    const fits = (text: string) => text.length >= minLength && text.length <= maxLength
    return matching.map((text) => (fits(text) ? text : text.padEnd(minLength, 'x').slice(0, maxLength)))
  }
  if (format === 'date-time')
    return fc
      .date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') })
      .map((date) => date.toISOString())
  const limits = { minLength: Math.min(minLength, 40), maxLength: Math.min(maxLength, 60) }
  return fc.oneof(
    fc.string({ ...limits, unit: 'grapheme' }),
    fc.string({ ...limits, unit: 'binary' }),
    fc.constantFrom(...awkward.filter(({ length }) => length >= minLength && length <= maxLength)),
  )
}

/** The same value with one place in it spoilt: replaced, left out, or with something beside it. */
export const spoilt = (value: unknown): fc.Arbitrary<unknown> => {
  if (typeof value !== 'object' || value === null) return hostileValue
  const keys = Object.keys(value)
  const extra = fc.constantFrom('__proto__', 'constructor', 'toString', 'id', 'role', '', '\0', '\ud800')
  const added = fc.tuple(extra, hostileValue).map(([key, one]) => withEntry(value, key, one))
  if (keys.length === 0) return fc.oneof(hostileValue, added)
  const at = fc.constantFrom(...keys)
  return fc.oneof(
    { weight: 4, arbitrary: fc.tuple(at, hostileValue).map(([key, one]) => withEntry(value, key, one)) },
    { weight: 1, arbitrary: at.map((key) => withEntry(value, key, undefined)) },
    {
      weight: 2,
      arbitrary: at.chain((key) =>
        spoilt((value as Record<string, unknown>)[key]).map((one) => withEntry(value, key, one)),
      ),
    },
    { weight: 1, arbitrary: added },
  )
}

/** `__proto__` becomes a property like any other, as JSON.parse makes it. */
function withEntry(value: object, key: string, entry: unknown): unknown {
  const copy: object = Array.isArray(value) ? [...(value as unknown[])] : { ...value }
  Object.defineProperty(copy, key, { value: entry, enumerable: true, configurable: true, writable: true })
  return copy
}

const bytes = (text: string, encoding: BufferEncoding) => new Uint8Array(Buffer.from(text, encoding))

/** The value on the wire: as JSON mostly, else as what a broken or a wicked client makes of it. */
export const onTheWire = (value: unknown): fc.Arbitrary<string | Uint8Array<ArrayBuffer>> => {
  const json = JSON.stringify(value) ?? ''
  return fc.oneof(
    { weight: 12, arbitrary: fc.constant(json) },
    { weight: 1, arbitrary: fc.nat(json.length).map((end) => json.slice(0, end)) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        `${json}${json}`,
        `\ufeff${json}`,
        json.replace('{', '{"__proto__":{"role":"admin"},'),
        json.replace(/\d+/, '1e999'),
        json.replace(/"/g, "'"),
        '['.repeat(20_000),
        '{"a":'.repeat(5000),
        'null',
        '[]',
        '"text"',
        'NaN',
      ),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        bytes(json, 'utf16le'),
        bytes(json, 'latin1'),
        bytes('fffe00ff', 'hex'),
        bytes('1f8b0800', 'hex'),
      ),
    },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 64 }).map((some) => new Uint8Array(some)) },
  )
}

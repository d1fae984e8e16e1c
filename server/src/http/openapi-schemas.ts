import * as contract from '@leadbell/contract'
import {
  toJsonSchema,
  toJsonSchemaDefs,
  type ConversionConfig,
  type JsonSchema,
} from '@valibot/to-json-schema'
import type * as v from 'valibot'

export type Schema = Record<string, unknown>
export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  required: boolean
  description?: string
  schema: Schema
}

const NAMED_TYPES = new Set(['object', 'variant', 'picklist'])
// a path or a query is described parameter by parameter
const inAddresses = new Set<unknown>(
  Object.values<{ access: string; path?: unknown; query?: unknown }>(contract.endpoints).flatMap(
    ({ path, query }) => [path, query],
  ),
)
/** What has a name in the contract and is more than a text with limits. */
const named = Object.fromEntries(
  Object.entries(contract).flatMap(([name, value]) =>
    isSchema(value) && NAMED_TYPES.has(value.type) && !inAddresses.has(value) ? [[name, value]] : [],
  ),
)

function isSchema(value: unknown): value is v.GenericSchema {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'schema'
}

const config: ConversionConfig = {
  target: 'draft-2020-12',
  definitions: named,
  // a check in code has no words in JSON Schema, and a trim changes nothing about what may be sent
  ignoreActions: ['trim', 'check'],
  overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
  overrideSchema: ({ valibotSchema, jsonSchema }) => closedRecord(valibotSchema, jsonSchema),
}

/** A record over a list of names: all of them are there, and nothing else. */
function closedRecord(
  schema: { type: string; key?: unknown },
  converted: JsonSchema,
): JsonSchema | undefined {
  if (schema.type !== 'record' || !isPicklist(schema.key)) return undefined
  const value = converted.additionalProperties ?? {}
  return {
    type: 'object',
    properties: Object.fromEntries(schema.key.options.map((name) => [name, value])),
    required: schema.key.options,
    additionalProperties: false,
  }
}

function isPicklist(schema: unknown): schema is { options: string[] } {
  return isSchema(schema) && schema.type === 'picklist'
}

/** What may be sent: before any transformation. */
export const inputSchema = (schema: v.GenericSchema): Schema => convert(schema, 'input')
/** What is answered. */
export const outputSchema = (schema: v.GenericSchema): Schema => convert(schema, 'output')

function convert(schema: v.GenericSchema, typeMode: 'input' | 'output'): Schema {
  const { $schema: _, $defs: __, ...converted } = toJsonSchema(schema, { ...config, typeMode })
  return converted
}

/** The entries of a path or query as parameters. A number arrives as digits, and is described as what it means. */
export function parametersOf(schema: v.GenericSchema | undefined, place: 'path' | 'query'): Parameter[] {
  const entries = schema && 'entries' in schema ? (schema.entries as Record<string, v.GenericSchema>) : {}
  return Object.entries(entries).map(([name, entry]) => ({
    name,
    in: place,
    required: entry.type !== 'optional',
    schema: digitsAsInteger(entry) ?? inputSchema(entry),
  }))
}

interface Action {
  type: string
  requirement?: unknown
}

function digitsAsInteger(entry: v.GenericSchema): Schema | undefined {
  const { wrapped = entry, default: fallback } = entry as { wrapped?: object; default?: unknown }
  const actions = 'pipe' in wrapped ? (wrapped.pipe as Action[]) : []
  if (!actions.some(({ type }) => type === 'digits')) return undefined
  const limit = (type: string) => actions.find((action) => action.type === type)?.requirement
  return {
    type: 'integer',
    minimum: limit('min_value') ?? 0,
    maximum: limit('max_value'),
    ...(fallback !== undefined && { default: Number(fallback) }),
  }
}

/** The named schemas that `document` refers to, and those that they refer to, by name. */
export function referredSchemas(document: unknown): Record<string, Schema> {
  const [inputs, outputs] = [definitionsOf('input'), definitionsOf('output')]
  const found = new Map<string, Schema>()
  const visit = (name: string) => {
    if (found.has(name)) return
    const [input, output] = [inputs[name], outputs[name]]
    if (!input || JSON.stringify(input) !== JSON.stringify(output))
      throw new Error(`${name} is sent and answered in different shapes: it needs two names in the contract`)
    found.set(name, input)
    namesIn(input).forEach(visit)
  }
  namesIn(document).forEach(visit)
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)))
}

const definitionsOf = (typeMode: 'input' | 'output') =>
  toJsonSchemaDefs(named, { ...config, typeMode }) as Record<string, Schema>

const namesIn = (value: unknown): string[] =>
  [...JSON.stringify(value).matchAll(/"#\/components\/schemas\/(\w+)"/g)].flatMap(([, name]) =>
    name !== undefined && name in named ? [name] : [],
  )

import { readSchemaState, type SchemaState } from '../db/migrate.ts'
import type { Database } from '../db/database.ts'

/** Whether this process should be given requests. `missing` and `warnings` are Chinese, for the operator. */
export interface Readiness {
  ready: boolean
  missing: string[]
  /** To be mended, and no reason to be given no requests. */
  warnings: string[]
}

export interface ReadinessOptions {
  database: Database
  /** What runs beside the requests, by its Chinese name. */
  loops?: Record<string, { quietFor(): number | undefined }>
  warnings?: () => string[]
  stopping?: () => boolean
  /** How long the database may take. @default 2000 */
  databaseMs?: number
  /** How long a loop may show no sign of life. @default 60_000 */
  quietMs?: number
}

/** Answers within `databaseMs`, whatever the database does. */
export function createReadiness(options: ReadinessOptions): () => Promise<Readiness> {
  const { database, loops = {}, databaseMs = 2000, quietMs = 60_000 } = options
  return async () => {
    const missing = [
      ...(options.stopping?.() ? ['正在停止'] : []),
      ...wordSchema(await schemaWithin(database, databaseMs), databaseMs),
      ...Object.entries(loops).flatMap(([name, loop]) => wordLoop(name, loop.quietFor(), quietMs)),
    ]
    return { ready: missing.length === 0, missing, warnings: options.warnings?.() ?? [] }
  }
}

type Schema = SchemaState | 'silent' | 'failed'

async function schemaWithin(database: Database, ms: number): Promise<Schema> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<Schema>((resolve) => {
    timer = setTimeout(() => resolve('silent'), ms)
  })
  const answer = readSchemaState(database).catch((): Schema => 'failed')
  const schema = await Promise.race([answer, silence])
  clearTimeout(timer)
  return schema
}

function wordSchema(schema: Schema, ms: number): string[] {
  switch (schema) {
    case 'current':
      return []
    case 'older':
      return ['数据库的结构还没有升级']
    case 'newer':
      return ['数据库的结构比这个程序新，请换成新版本']
    case 'silent':
      return [`数据库 ${ms / 1000} 秒内没有答复`]
    case 'failed':
      return ['数据库没有连上']
  }
}

function wordLoop(name: string, quiet: number | undefined, quietMs: number): string[] {
  if (quiet === undefined) return [`${name}还没有开始`]
  return quiet > quietMs ? [`${name}已停了 ${Math.round(quiet / 1000)} 秒`] : []
}

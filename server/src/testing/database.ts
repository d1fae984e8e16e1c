import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { openDatabase, type Database } from '../db/database.ts'
import { migrate, migrationsFolder } from '../db/migrate.ts'
import { openPGlite } from '../db/pglite-pool.ts'

/** Which engine this run is about: TEST_ENGINE=pglite | postgres. */
export const engine = process.env.TEST_ENGINE === 'postgres' ? 'postgres' : 'pglite'

/** An empty database of its own. `url` opens it once more, as another process would. */
export interface TestDatabase {
  database: Database
  url: string | undefined
  close: () => Promise<void>
}

/** `migrated: false` is for tests of the migrations themselves. */
export async function openTestDatabase({ migrated = true } = {}): Promise<TestDatabase> {
  if (engine === 'postgres') return openOnPostgres(migrated)
  const lite = await openPGlite(migrated ? { dump: await migratedDump() } : {})
  const database = await openDatabase({ lite })
  return { database, url: undefined, close: database.close }
}

/** A PGlite folder with every migration applied, as a former run leaves it. */
export async function makePGliteFolder(dir: string): Promise<void> {
  const lite = await PGlite.create(dir, { loadDataDir: await migratedDump() })
  await lite.close()
}

async function openOnPostgres(migrated: boolean): Promise<TestDatabase> {
  const { url, drop } = await createPostgresDatabase()
  const database = await openDatabase({ url })
  if (migrated) await migrate(database)
  return {
    database,
    url,
    close: async () => {
      await database.close()
      await drop()
    },
  }
}

/** A new database on the server of TEST_DATABASE_URL. */
export async function createPostgresDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const server = process.env.TEST_DATABASE_URL
  if (!server) throw new Error('TEST_DATABASE_URL must name a PostgreSQL server for TEST_ENGINE=postgres')
  const name = `leadbell_test_${randomBytes(6).toString('hex')}`
  const url = new URL(server)
  url.pathname = `/${name}`
  await onServer(server, `create database ${name}`)
  return { url: url.href, drop: () => onServer(server, `drop database ${name} with (force)`) }
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** PGlite takes seconds to make a database and a blink to load one: the migrated one is kept beside the temporary files. */
async function migratedDump(): Promise<Blob> {
  const file = join(tmpdir(), `leadbell-test-${fingerprint()}.tar`)
  const kept = tryRead(file)
  if (kept) return new Blob([new Uint8Array(kept)])
  const lite = await openPGlite({})
  const database = await openDatabase({ lite })
  await migrate(database)
  const dump = await lite.dumpDataDir('none')
  await database.close()
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, Buffer.from(await dump.arrayBuffer()))
  renameSync(draft, file)
  return dump
}

function fingerprint(): string {
  const hash = createHash('sha256').update(pgliteVersion())
  const files = readdirSync(migrationsFolder).filter((name) => name.endsWith('.sql'))
  for (const name of files.sort()) hash.update(readFileSync(join(migrationsFolder, name)))
  return hash.digest('hex').slice(0, 16)
}

function pgliteVersion(): string {
  const entry = createRequire(import.meta.url).resolve('@electric-sql/pglite')
  return readFileSync(join(entry, '../../package.json'), 'utf8')
}

function tryRead(file: string): Buffer | undefined {
  try {
    return readFileSync(file)
  } catch {
    return undefined
  }
}

import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { createPgConfig } from '@electric-sql/pglite/node-postgres'
import pg from 'pg'

// PGlite reserves 128 MB by default; the whole data of a trial fits in this
const startParams = [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB']

/** Opens PGlite on the folder `dir`, which is made at first, or in memory from a dump of another. */
export async function openPGlite(source: { dir: string } | { dump?: Blob }): Promise<PGlite> {
  if ('dir' in source) {
    if (!existsSync(join(source.dir, 'PG_VERSION'))) await makeFolder(source.dir)
    return PGlite.create(source.dir, { startParams })
  }
  return PGlite.create({ startParams, ...(source.dump && { loadDataDir: source.dump }) })
}

/**
 * Making a database takes half a gigabyte that WebAssembly never gives back: a thread that ends does. It gets its
 * name when it is whole, so that a start cut short leaves nothing that looks like a database.
 */
async function makeFolder(dir: string): Promise<void> {
  const draft = `${dir}.new`
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { recursive: true })
  const worker = new Worker(
    `const { PGlite } = require(${JSON.stringify(createRequire(import.meta.url).resolve('@electric-sql/pglite'))})
     const { dir, startParams } = require('node:worker_threads').workerData
     PGlite.create(dir, { startParams }).then((lite) => lite.close())`,
    { eval: true, execArgv: [], workerData: { dir: draft, startParams } },
  )
  await once(worker, 'exit')
  await rename(draft, dir)
}

/**
 * A pg.Pool in front of PGlite, so that everything above sees one driver. Round four troubles of the 0.5.16 adapter:
 * its connection is dead after any query error (so every client gets a new one), a query's own `types` object
 * wedges it for ever (dropped before it gets there; node-postgres still parses with it), a named statement outlives
 * the client that prepared it and clashes with the next one's (the name is dropped), and more than one client shares
 * one session, which makes dirty reads (`max: 1`).
 */
export function poolOver(lite: PGlite): pg.Pool {
  class PGliteClient extends pg.Client {
    constructor(config: pg.ClientConfig = {}) {
      const { connection, user, password, database, host, port } = createPgConfig(lite)
      const parse = connection.parse.bind(connection)
      connection.parse = (query: { types?: unknown }) =>
        parse(Array.isArray(query.types) ? query : { ...query, types: undefined })
      const replaced: object = { ...config, connection, user, password, database, host, port }
      super(replaced)
      const query = this.query.bind(this)
      const unnamed: unknown = (first: unknown, ...rest: unknown[]) =>
        Reflect.apply(query, undefined, [withoutName(first), ...rest])
      this.query = unnamed as typeof this.query
    }
  }
  return new pg.Pool({ Client: PGliteClient, max: 1, connectionTimeoutMillis: 30_000 })
}

/** A plain query object loses its name; a text or a ready-made Query stays what it is. */
function withoutName(query: unknown): unknown {
  const isPlain =
    typeof query === 'object' && query !== null && Object.getPrototypeOf(query) === Object.prototype
  return isPlain ? { ...query, name: undefined } : query
}

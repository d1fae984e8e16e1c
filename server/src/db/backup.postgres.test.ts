import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPostgresDatabase } from '../testing/database.ts'
import { Harness } from '../testing/harness.ts'
import { openDatabase, type Database } from './database.ts'
import { readSchemaState } from './migrate.ts'

const script = (name: string) => fileURLToPath(new URL(`../../../docs/deploy/${name}`, import.meta.url))

const operations = readFileSync(new URL('../../../docs/operations.zh-CN.md', import.meta.url), 'utf8')

function run(name: string, url: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(script(name), args, {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, DATABASE_URL: url },
  })
  return { status, stdout: stdout.trim(), stderr: stderr.trim() }
}

/** Every row of every table, as text. */
async function contents({ pool }: Database): Promise<Record<string, string[]>> {
  const tables = await pool.query<{ name: string }>(
    "select schemaname || '.' || tablename as name from pg_tables where schemaname in ('public', 'drizzle') order by 1",
  )
  const all: Record<string, string[]> = {}
  for (const { name } of tables.rows) {
    const rows = await pool.query<{ row: string }>(`select t::text as row from ${name} t order by 1`)
    all[name] = rows.rows.map(({ row }) => row)
  }
  return all
}

// pg_dump knows PostgreSQL only; the trial's PGlite is a folder to copy
describe('a backup by docs/deploy/backup.sh', () => {
  let server: Harness
  let folder: string
  let target: Awaited<ReturnType<typeof createPostgresDatabase>>
  beforeAll(async () => {
    server = await Harness.start()
    folder = mkdtempSync(join(tmpdir(), 'leadbell-backup-'))
    target = await createPostgresDatabase()
    const person = await server.hire()
    const token = await server.tokenOf(person)
    await server.accept(person, token)
    await server.accept(person, token)
    for (const title of ['一', '二', '三']) await server.assign(person, title)
    await server.worker.round()
    // paid for and not sent yet when the backup is made
    await server.accept(person, token)
  })
  afterAll(async () => {
    rmSync(folder, { recursive: true })
    await server.stop()
    await target.drop()
  })

  it('restored into another database is the same, row by row, and goes on from there', async () => {
    const backup = run('backup.sh', server.db.url ?? '', folder)
    expect(backup).toMatchObject({ status: 0, stderr: '' })
    expect(readdirSync(folder).map((name) => join(folder, name))).toEqual([backup.stdout])
    expect(run('restore.sh', target.url, backup.stdout)).toEqual({
      status: 0,
      stderr: '',
      stdout: '恢复完成：3 条线索，3 条提醒，账本相符。',
    })

    const restored = await openDatabase({ url: target.url })
    try {
      const [before, after] = [await contents(server.db.database), await contents(restored)]
      expect(after).toEqual(before)
      expect(before['public.ledger']).toHaveLength(5)
      expect(before['public.deliveries']).toHaveLength(3)
      expect(await readSchemaState(restored)).toBe('current')
      const [, statement = ''] = /```sql\s+(update deliveries[^;]+;)/.exec(operations) ?? []
      expect(await restored.pool.query(statement)).toMatchObject({ rowCount: 1 })
      // ids go on where they were, and the book is as unchangeable as before
      const { rows } = await restored.pool.query<{ id: number }>(
        "insert into accounts (username, realname, created_at) values ('new', '新', now()) returning id",
      )
      expect(rows).toEqual([{ id: 2 }])
      await expect(restored.pool.query('delete from ledger')).rejects.toThrow('append-only')
    } finally {
      await restored.close()
    }
  })

  it('is not restored over what is there', async () => {
    const [name = ''] = readdirSync(folder)
    const refused = run('restore.sh', server.db.url ?? '', join(folder, name))
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('请新建一个空库') as string })
  })

  it('leaves no file that looks whole when it fails', () => {
    const before = readdirSync(folder)
    expect(run('backup.sh', 'postgres://leadbell@127.0.0.1:1/none', folder).status).not.toBe(0)
    expect(readdirSync(folder)).toEqual(before)
  })
})

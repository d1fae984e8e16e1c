import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../testing/database.ts'
import { listClues } from './clues.ts'
import { sqlState } from './database.ts'
import { findDelivery } from './deliveries.ts'
import { migrate, migrationsFolder } from './migrate.ts'

const journal = JSON.parse(readFileSync(join(migrationsFolder, 'meta/_journal.json'), 'utf8')) as {
  entries: unknown[]
}

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

const put = (key: string) => sql`insert into rate_limits (key, points) values (${key}, 1)`
const has = async (key: string) =>
  (await db.database.db.execute(sql`select 1 from rate_limits where key = ${key}`)).rows.length > 0

describe('the database', () => {
  it('goes on after a failed query', async () => {
    await expect(db.database.db.execute(sql`select nonsense`)).rejects.toThrow()
    await db.database.db.execute(put('after-error'))
    await expect(db.database.db.execute(put('after-error'))).rejects.toSatisfy((e) => sqlState(e) === '23505')
    expect(await has('after-error')).toBe(true)
  })

  it('prepares a named statement again after a failed query', async () => {
    const named = () => db.database.pool.query({ name: 'answer', text: 'select 42 as n' })
    await named()
    await expect(db.database.pool.query('select nonsense')).rejects.toThrow()
    expect((await named()).rows).toEqual([{ n: 42 }])
  })

  it('keeps nothing of a transaction that throws', async () => {
    const failing = db.database.transaction(async (tx) => {
      await tx.execute(put('rolled-back'))
      throw new Error('on purpose')
    })
    await expect(failing).rejects.toThrow('on purpose')
    expect(await has('rolled-back')).toBe(false)
  })

  it('shows nobody what is not committed', async () => {
    let seen: Promise<boolean> | undefined
    await Promise.all([
      db.database.transaction(async (tx) => {
        await tx.execute(put('uncommitted'))
        await tx.execute(sql`select 1`)
      }),
      (seen = has('never-written')),
    ])
    expect(await seen).toBe(false)
  })

  it('refuses the outer database inside a transaction instead of waiting for ever', async () => {
    const wrong = db.database.transaction(async () => {
      await db.database.db.execute(sql`select 1`)
    })
    await expect(wrong).rejects.toSatisfy((error) =>
      JSON.stringify(causes(error)).includes('inside a transaction'),
    )
    expect(await has('anything')).toBe(false)
  })

  it('is migrated by any number of starters at once', async () => {
    await Promise.all([migrate(db.database), migrate(db.database), migrate(db.database)])
    const { rows } = await db.database.pool.query('select count(*) as n from drizzle.__drizzle_migrations')
    expect(rows).toEqual([{ n: journal.entries.length }])
  })
})

describe('the migrations', () => {
  let old: TestDatabase
  let folder: string
  beforeAll(async () => {
    old = await openTestDatabase({ migrated: false })
    folder = join(mkdtempSync(join(tmpdir(), 'leadbell-first-version-')), 'migrations')
    cpSync(migrationsFolder, folder, { recursive: true })
    const first = { ...journal, entries: journal.entries.slice(0, 1) }
    writeFileSync(join(folder, 'meta/_journal.json'), JSON.stringify(first))
  })
  afterAll(async () => {
    rmSync(dirname(folder), { recursive: true })
    await old.close()
  })

  it('bring a database of the first version up with all that is in it', async () => {
    const { database } = old
    await migrate(database, folder)
    await database.pool.query(`
      insert into accounts (username, realname, password_hash, created_at) values ('chen', '陈小舟', 'x', now());
      insert into clues (title, customer_name, phone, remark, status, version, assignee_id, assigned_at, created_at)
        values ('恒泰建材', '王', '1', '', 'pending', 2, 1, now(), now());
      insert into assignments (clue_id, assignee_id, clue_version, assigned_at) values (1, 1, 2, now());
      insert into deliveries (assignment_id, clue_id, account_id, template_id, page, data, state, run_at, created_at,
          superseded_at)
        values (1, 1, 1, 'a', 'p', '{}', 'leased', now(), now(), now()),
          (1, 1, 1, 'b', 'p', '{}', 'ready', now(), now(), null)`)
    await migrate(database)
    expect(await listClues(database.db, { assigneeId: 1 }, undefined, 10)).toMatchObject([
      { title: '恒泰建材', version: 2, readAt: null, deletedAt: null },
    ])
    // in flight while its lead was reassigned: what the clerk is told has been kept elsewhere since
    expect(await findDelivery(database.db, 1)).toMatchObject({ supersededReason: 'reassigned' })
    expect(await findDelivery(database.db, 2)).toMatchObject({ supersededReason: null })
  })
})

function causes(error: unknown): string[] {
  return error instanceof Error ? [error.message, ...causes(error.cause)] : []
}

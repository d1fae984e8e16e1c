import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestDatabase, type TestDatabase } from '../testing/database.ts'
import { sqlState } from './database.ts'
import { migrate } from './migrate.ts'

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
    expect(rows).toEqual([{ n: 1 }])
  })
})

function causes(error: unknown): string[] {
  return error instanceof Error ? [error.message, ...causes(error.cause)] : []
}

import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { insertClue } from '../db/clues.ts'
import { engine } from '../testing/database.ts'
import { Harness } from '../testing/harness.ts'
import type { Context } from './context.ts'
import { onceForKey, type KeyedRequest } from './idempotency.ts'
import { done, refuse } from './refusal.ts'

let server: Harness
beforeAll(async () => {
  server = await Harness.start()
})
afterAll(() => server.stop())

const newRequest = (): KeyedRequest => ({ scope: 'tests', key: randomUUID(), requestHash: 'of this request' })

/** Enters a lead under that name. */
async function enter(ctx: Context, title: string) {
  const row = { title, customerName: '王建国', phone: '13800001024', remark: '', version: 1 }
  await insertClue(ctx.database.db, { ...row, status: 'pending', createdAt: ctx.now() })
  return done(title)
}

async function count(title: string): Promise<number> {
  const { rows } = await server.db.database.pool.query('select count(*) from clues where title = $1', [title])
  return rows[0].count
}

describe('work under a key', () => {
  it('is undone with all its transactions when it fails in the end, and may be done again', async () => {
    const request = newRequest()
    const work = (fails: boolean) => async (ctx: Context) => {
      const outcome = await enter(ctx, request.key)
      await ctx.database.transaction((tx) =>
        enter({ ...ctx, database: { ...ctx.database, db: tx } }, request.key),
      )
      if (fails) throw new Error('in the end')
      return outcome
    }
    await expect(onceForKey(server.ctx, request, work(true))).rejects.toThrow('in the end')
    expect(await count(request.key)).toBe(0)
    expect(await onceForKey(server.ctx, request, work(false))).toMatchObject({ replayed: false })
    expect(await count(request.key)).toBe(2)
  })

  it('takes back a transaction of its own that fails, and goes on', async () => {
    const request = newRequest()
    const { outcome } = await onceForKey(server.ctx, request, async (ctx) => {
      await ctx.database.transaction((tx) => tx.execute('select 1 / 0')).catch(() => undefined)
      return enter(ctx, request.key)
    })
    expect(outcome).toMatchObject({ ok: true })
    expect(await count(request.key)).toBe(1)
  })

  it('may begin transactions at once: they take turns', async () => {
    const request = newRequest()
    await onceForKey(server.ctx, request, async (ctx) => {
      const one = (fails: boolean) =>
        ctx.database.transaction(async (tx) => {
          await enter({ ...ctx, database: { ...ctx.database, db: tx } }, request.key)
          if (fails) throw new Error('this one only')
        })
      await Promise.allSettled([one(false), one(true), one(false), one(true)])
      return done(null)
    })
    expect(await count(request.key)).toBe(2)
  })

  it('wakes nobody and tells nobody of a change before the commit, nor when it failed or was done before', async () => {
    const woken: string[] = []
    const ctx = {
      ...server.ctx,
      wakeWorker: () => void woken.push('worker'),
      changed: (...topics: string[]) => void woken.push(...topics),
    }
    const request = newRequest()
    const wake = async (within: Context) => {
      within.wakeWorker()
      within.changed('clues', 'staff')
      expect(woken).toEqual([])
      return done(null)
    }
    const failing = async (within: Context) => {
      await wake(within)
      throw new Error('afterwards')
    }
    await expect(onceForKey(ctx, request, failing)).rejects.toThrow('afterwards')
    expect(woken).toEqual([])
    await onceForKey(ctx, request, wake)
    await onceForKey(ctx, request, wake)
    expect(woken).toEqual(['worker', 'clues', 'staff'])
  })

  it('gives back a refusal as it was', async () => {
    const request = newRequest()
    const refused = refuse('login-locked', { minutes: '3' }, { id: '7' })
    expect(await onceForKey(server.ctx, request, async () => refused)).toEqual({
      outcome: refused,
      replayed: false,
    })
    expect(await onceForKey(server.ctx, request, async () => done(null))).toEqual({
      outcome: refused,
      replayed: true,
    })
  })
})

class Gate {
  open = (): void => undefined
  readonly opened = new Promise<void>((resolve) => {
    this.open = resolve
  })
}

/** Ends the connection from another one, as a crash of the server would. */
async function cutOff(pid: number | undefined): Promise<void> {
  const client = new pg.Client({ connectionString: server.db.url })
  await client.connect()
  await client.query('select pg_terminate_backend($1, 5000)', [pid])
  await client.end()
}

// one connection, which PGlite has, can neither be lost nor shared
if (engine === 'postgres')
  describe('on a server of its own', () => {
    it('the same key is busy while the first is at work, and answered afterwards', async () => {
      const request = newRequest()
      const [begun, gate] = [new Gate(), new Gate()]
      const first = onceForKey(server.ctx, request, async (ctx) => {
        begun.open()
        await gate.opened
        return enter(ctx, request.key)
      })
      await begun.opened
      const again = () => onceForKey(server.ctx, request, (ctx) => enter(ctx, request.key))
      expect(await again()).toMatchObject({ outcome: { ok: false, refusal: 'idempotency-key-busy' } })
      gate.open()
      expect(await first).toMatchObject({ replayed: false })
      expect(await again()).toMatchObject({ outcome: { ok: true, value: request.key }, replayed: true })
      expect(await count(request.key)).toBe(1)
    })

    it('a process that loses its database in the middle leaves nothing, and the key is free at once', async () => {
      const request = newRequest()
      // a client in use has no listener of its own yet (db/database.ts)
      server.db.database.pool.on('acquire', (client) => client.on('error', () => undefined))
      const ask = (dies: boolean) =>
        onceForKey(server.ctx, request, async (ctx) => {
          const outcome = await enter(ctx, request.key)
          const { rows } = await ctx.database.db.execute<{ pid: number }>('select pg_backend_pid() as pid')
          if (dies) await cutOff(rows[0]?.pid)
          return outcome
        })
      await expect(ask(true)).rejects.toThrow()
      expect(await count(request.key)).toBe(0)
      expect(await ask(false)).toMatchObject({ replayed: false })
      expect(await count(request.key)).toBe(1)
    })

    it('two that block each other are both done', async () => {
      const [a, b] = [await server.enterClue('甲'), await server.enterClue('乙')]
      const touch = (ctx: Context, id: string) =>
        ctx.database.db.execute(`update clues set version = version + 1 where id = ${Number(id)}`)
      let waiting = 2
      const bothHold = new Gate()
      const inTurn = (first: string, second: string) =>
        onceForKey(server.ctx, newRequest(), async (ctx) => {
          await touch(ctx, first)
          if (--waiting === 0) bothHold.open()
          await bothHold.opened
          await touch(ctx, second)
          return done(null)
        })
      const answers = await Promise.all([inTurn(a.id, b.id), inTurn(b.id, a.id)])
      expect(answers.map(({ outcome }) => outcome.ok)).toEqual([true, true])
      const { rows } = await server.db.database.pool.query('select version from clues where id = any($1)', [
        [a.id, b.id],
      ])
      expect(rows).toEqual([{ version: 3 }, { version: 3 }])
    })
  })

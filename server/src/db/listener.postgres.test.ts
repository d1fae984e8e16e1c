import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createPostgresDatabase } from '../testing/database.ts'
import { openDatabase, type Database } from './database.ts'

let place: Awaited<ReturnType<typeof createPostgresDatabase>>
let database: Database
beforeAll(async () => {
  place = await createPostgresDatabase()
})
afterAll(() => place.drop())
beforeEach(async () => {
  database = await openDatabase({ url: place.url })
})
afterEach(() => database.close())

/** What a channel said, one after the other, whenever it comes. */
class Ear {
  readonly #heard: (string | undefined)[] = []
  #tell: (() => void) | undefined

  readonly hear = (payload: string | undefined): void => {
    this.#heard.push(payload)
    this.#tell?.()
  }

  async next(): Promise<string | undefined> {
    while (this.#heard.length === 0)
      await new Promise<void>((resolve) => {
        this.#tell = resolve
      })
    return this.#heard.shift()
  }
}

/** A way to the server that can be shut. */
class Door {
  readonly #sockets = new Set<Socket>()
  readonly #server = createServer((socket) => this.#enter(socket))
  #onTurnedAway: (() => void) | undefined
  /** How many have come, those turned away too. */
  visits = 0

  private constructor(readonly to: URL) {}

  static async before(url: string): Promise<Door> {
    const door = new Door(new URL(url))
    door.#server.listen(0, '127.0.0.1')
    await once(door.#server, 'listening')
    return door
  }

  get url(): string {
    const url = new URL(this.to)
    const { port } = this.#server.address() as AddressInfo
    url.host = `127.0.0.1:${port}`
    return url.href
  }

  #enter(socket: Socket): void {
    this.visits += 1
    socket.on('error', () => undefined)
    if (this.#onTurnedAway) {
      socket.destroy()
      return this.#onTurnedAway()
    }
    const server = connect(Number(this.to.port), this.to.hostname)
    server.on('error', () => undefined)
    socket.pipe(server).pipe(socket)
    this.#sockets.add(socket)
  }

  /** Cuts what there is; resolves when so many have come in vain. */
  turnAway(times: number): Promise<void> {
    return new Promise((resolve) => {
      this.#onTurnedAway = () => {
        times -= 1
        if (times === 0) resolve()
      }
      this.cut()
    })
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  letIn(): void {
    this.#onTurnedAway = undefined
  }

  close(): void {
    this.#server.close()
  }
}

const say = (channel: string, payload: string) =>
  database.pool.query('select pg_notify($1, $2)', [channel, payload])

async function listeners(): Promise<number[]> {
  const { rows } = await database.pool.query<{ pid: number }>(
    "select pid from pg_stat_activity where datname = current_database() and query ilike 'listen%'",
  )
  return rows.map(({ pid }) => pid)
}

describe('listening', () => {
  it('takes one connection for all channels, and tells each what was said in it', async () => {
    const [a, also, b] = [new Ear(), new Ear(), new Ear()]
    await database.listen('a channel', a.hear)
    await database.listen('b', b.hear)
    await database.listen('a channel', also.hear)
    expect(await listeners()).toHaveLength(1)
    await say('b', 'one')
    await say('a channel', '')
    await say('b', 'two')
    expect([await b.next(), await b.next()]).toEqual(['one', 'two'])
    expect([await a.next(), await also.next()]).toEqual(['', ''])
  })

  it('begins again when its connection is lost, and says that something may have been missed', async () => {
    const [a, b] = [new Ear(), new Ear()]
    await database.listen('a', a.hear)
    await database.listen('b', b.hear)
    for (let times = 0; times < 2; times++) {
      for (const pid of await listeners()) await database.pool.query('select pg_terminate_backend($1)', [pid])
      expect([await a.next(), await b.next()]).toEqual([undefined, undefined])
      await say('a', 'after')
      await say('b', 'it')
      expect([await a.next(), await b.next()]).toEqual(['after', 'it'])
      expect(await listeners()).toHaveLength(1)
    }
  })

  it('can be begun while the connection is lost', async () => {
    const [a, b] = [new Ear(), new Ear()]
    await database.listen('a', a.hear)
    for (const pid of await listeners()) await database.pool.query('select pg_terminate_backend($1)', [pid])
    await database.listen('b', b.hear)
    expect([await a.next(), await b.next()]).toEqual([undefined, undefined])
    await say('b', 'it')
    expect(await b.next()).toBe('it')
  })

  it('comes back to a database that stays away for a while', async () => {
    const door = await Door.before(place.url)
    const far = await openDatabase({ url: door.url })
    const a = new Ear()
    await far.listen('a', a.hear)
    await door.turnAway(2)
    await say('a', 'missed')
    door.letIn()
    expect(await a.next()).toBeUndefined()
    await say('a', 'here')
    expect(await a.next()).toBe('here')
    await far.close()
    door.close()
  })

  it('is refused when the database does not answer', async () => {
    const nowhere = await openDatabase({ url: 'postgres://nobody@127.0.0.1:1/nothing' })
    await expect(nowhere.listen('a', () => undefined)).rejects.toThrow()
    await nowhere.close()
  })

  it('ends with the database, though its connection was lost just before', async () => {
    const door = await Door.before(place.url)
    const far = await openDatabase({ url: door.url })
    await far.listen('a', () => undefined)
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    try {
      door.cut()
      // it has noticed, and waits before it would come back
      while (vi.getTimerCount() === 0) await new Promise(setImmediate)
      await far.close()
      const before = door.visits
      await vi.advanceTimersByTimeAsync(60_000)
      // who knocks now stands behind whoever came before
      await once(connect(Number(new URL(door.url).port), '127.0.0.1').end(), 'close')
      expect(door.visits).toBe(before + 1)
    } finally {
      vi.useRealTimers()
      door.close()
    }
  })
})

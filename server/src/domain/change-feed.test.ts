import type { AdminTopic } from '@leadbell/contract'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Database } from '../db/database.ts'
import { createLog } from '../log.ts'
import { createChangeFeed, type ChangeFeed } from './change-feed.ts'

const EVERY_MS = 250
const everything: AdminTopic[] = ['clues', 'deliveries', 'staff']

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** What passes between the processes: a database that passes on what is notified, unless it is `down`. */
class World {
  readonly notices: string[] = []
  readonly logged: string[] = []
  readonly feeds: ChangeFeed[] = []
  isDown = false

  process(engine: Database['engine'] = 'PostgreSQL'): ChangeFeed {
    const query = async (_statement: string, [, payload = '']: string[]) => {
      if (this.isDown) throw new Error('the database is down')
      this.notices.push(payload)
      for (const feed of this.feeds) feed.heard(payload)
    }
    const feed = createChangeFeed({
      // of the database it uses this much
      database: { engine, pool: { query } } as unknown as Database,
      log: createLog('warn', { write: (line) => void this.logged.push(line) }),
    })
    this.feeds.push(feed)
    return feed
  }
}

/** A watcher that remembers what it was told and when, and what it should have been told by now. */
class Page {
  readonly told: { at: number; topics: AdminTopic[] }[] = []
  readonly owed = new Map<AdminTopic, number>()
  isOver = false
  readonly leave: () => void

  constructor(feed: ChangeFeed) {
    this.leave = feed.watch({
      changed: (topics) => {
        this.told.push({ at: Date.now(), topics: [...topics] })
        for (const topic of topics) this.owed.delete(topic)
      },
      over: () => {
        this.isOver = true
      },
    })
  }

  get topics(): AdminTopic[][] {
    return this.told.map(({ topics }) => topics)
  }
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms)

describe('the change feed', () => {
  it('tells the first change at once and collects what follows for a quarter of a second', async () => {
    const feed = new World().process('PGlite')
    const page = new Page(feed)
    feed.changed('clues')
    expect(page.topics).toEqual([['clues']])
    feed.changed('staff', 'clues')
    feed.changed('clues')
    await pass(EVERY_MS - 1)
    expect(page.topics).toHaveLength(1)
    await pass(1)
    expect(page.topics).toEqual([['clues'], ['staff', 'clues']])
    await pass(10_000)
    feed.changed('deliveries')
    expect(page.topics).toHaveLength(3)
  })

  it('does nothing at all while nobody watches and there is only this process', () => {
    const feed = new World().process('PGlite')
    feed.changed(...everything)
    expect(vi.getTimerCount()).toBe(0)
    const page = new Page(feed)
    expect(page.topics).toEqual([])
  })

  it('tells the other processes in one notice each quarter of a second, and nobody twice', async () => {
    const world = new World()
    const [here, there] = [world.process(), world.process()]
    const pages = [new Page(here), new Page(there)]
    for (let ms = 0; ms < 999; ms += 9) {
      here.changed('clues', 'staff')
      await pass(9)
    }
    expect(world.notices).toHaveLength(4)
    // and what is left
    await pass(EVERY_MS)
    expect(world.notices).toHaveLength(5)
    for (const page of pages) expect(page.topics).toEqual(Array(5).fill(['clues', 'staff']))
  })

  it('tries a notice again that failed, says so in the log, and lets nobody here notice', async () => {
    const world = new World()
    const [here, there] = [world.process(), world.process()]
    const [near, far] = [new Page(here), new Page(there)]
    world.isDown = true
    here.changed('clues')
    await pass(1000)
    expect(near.topics).toEqual([['clues']])
    expect(far.topics).toEqual([])
    expect(world.logged).toHaveLength(1)
    world.isDown = false
    await pass(5000)
    expect(far.topics).toEqual([['clues']])
    expect(near.topics).toEqual([['clues']])
  })

  it('says that everything changed when notices may have been missed or cannot be read', async () => {
    const feed = new World().process()
    const page = new Page(feed)
    for (const payload of [undefined, '', 'null', '{"from":"x","topics":["weather"]}']) {
      feed.heard(payload)
      await pass(EVERY_MS)
    }
    expect(page.topics).toEqual(Array(4).fill(everything))
  })

  it('tells the other processes what is left when it stops, and nothing afterwards', async () => {
    const world = new World()
    const [here, there] = [world.process(), world.process()]
    const far = new Page(there)
    here.changed('clues')
    here.changed('staff')
    await here.stop()
    expect(world.notices).toHaveLength(2)
    here.changed('deliveries')
    await pass(10_000)
    expect(world.notices).toHaveLength(2)
    expect(far.topics.flat()).toEqual(['clues', 'staff'])
  })

  it('stops although its database is gone', async () => {
    const world = new World()
    const feed = world.process()
    world.isDown = true
    feed.changed('clues')
    feed.changed('staff')
    await feed.stop()
    await pass(60_000)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('lets the watchers go, and whoever comes later at once', () => {
    const feed = new World().process('PGlite')
    const early = new Page(feed)
    feed.letGo()
    const late = new Page(feed)
    feed.changed('clues')
    expect([early, late].map(({ isOver, topics }) => ({ isOver, topics }))).toEqual(
      Array(2).fill({ isOver: true, topics: [] }),
    )
  })
})

const topics = fc.uniqueArray(fc.constantFrom(...everything), { minLength: 1 })
const process = fc.nat(1)
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('change' as const), process, topics }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.nat(400) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('open' as const), process }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('close' as const), page: fc.nat(9) }) },
)

describe('whatever happens in whatever order', () => {
  it('every page hears of every change since it was opened, never more than four times a second', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const world = new World()
        const feeds = [world.process(), world.process()]
        const open: { page: Page; feed: ChangeFeed }[] = []
        const all: Page[] = []
        for (const it of steps)
          switch (it.kind) {
            case 'change':
              for (const { page } of open)
                for (const topic of it.topics) if (!page.owed.has(topic)) page.owed.set(topic, Date.now())
              feeds[it.process]?.changed(...it.topics)
              break
            case 'pass':
              await pass(it.ms)
              for (const { page } of open)
                for (const since of page.owed.values())
                  // of another process: its notice waits, and then the page
                  expect(Date.now() - since).toBeLessThanOrEqual(2 * EVERY_MS)
              break
            case 'open': {
              const feed = feeds[it.process]
              if (!feed) break
              const page = new Page(feed)
              open.push({ page, feed })
              all.push(page)
              break
            }
            case 'close': {
              const [closed] = open.splice(it.page, 1)
              closed?.page.leave()
              closed?.page.owed.clear()
            }
          }
        const closed = all.filter((page) => !open.some((one) => one.page === page))
        const toldBefore = closed.map(({ told }) => told.length)
        await pass(2 * EVERY_MS)
        for (const { page } of open) expect([...page.owed.keys()]).toEqual([])
        expect(closed.map(({ told }) => told.length)).toEqual(toldBefore)
        for (const { told } of all)
          for (const [n, { at }] of told.entries())
            expect(at - (told[n - 1]?.at ?? -Infinity)).toBeGreaterThanOrEqual(EVERY_MS)
      }),
      { numRuns: 300 },
    )
  })
})

import { randomUUID } from 'node:crypto'
import { AdminTopic } from '@leadbell/contract'
import type { Logger } from 'pino'
import * as v from 'valibot'
import { notifyChanges } from '../db/changes.ts'
import type { Database } from '../db/database.ts'
import { createThrottle } from './throttle.ts'

const EVERY_MS = 250
const NOTIFY_AGAIN_MS = 5000

/** Who shows something that may change. Neither call may throw. */
export interface ChangeWatcher {
  /** What GET /admin/clues, deliveries (with the statistics) or staff answers may be another from now on. */
  changed(topics: readonly AdminTopic[]): void
  /** Nothing will be told any more. */
  over(): void
}

export interface ChangeFeed {
  /** Something changed and is committed. */
  changed(...topics: AdminTopic[]): void
  /** A notice of the channel; undefined: some may have been missed (Database.listen). */
  heard(payload: string | undefined): void
  /** Tells the watcher what changes from now on, until the function it answers is called. */
  watch(watcher: ChangeWatcher): () => void
  /** Lets all watchers go, and whoever comes later at once. */
  letGo(): void
  /** Tells the other processes what they have not been told yet, and nothing afterwards. */
  stop(): Promise<void>
}

const Notice = v.object({ from: v.string(), topics: v.array(AdminTopic) })

/**
 * What changed, by topic, to the watchers of every process: each watcher hears of it within `everyMs`, and never more
 * than once in that time. A process that dies between a commit and its notice is the one gap; whoever starts fills it
 * by saying that everything changed.
 */
export function createChangeFeed(options: {
  database: Database
  log: Logger
  /** @default 250 */
  everyMs?: number | undefined
}): ChangeFeed {
  const { database, log, everyMs = EVERY_MS } = options
  const self = randomUUID()
  const watchers = new Set<ChangeWatcher>()
  let isOver = false
  let isStopping = false

  const here = createThrottle<AdminTopic>(everyMs, (topics) => {
    for (const watcher of watchers) watcher.changed(topics)
  })
  // NOTIFY takes a lock of the whole database until its commit: a trigger, or one in each transaction of the business,
  // would make all of them commit in single file
  const elsewhere = createThrottle<AdminTopic>(everyMs, async (topics) => {
    try {
      await notifyChanges(
        database,
        JSON.stringify({ from: self, topics } satisfies v.InferInput<typeof Notice>),
      )
    } catch (err) {
      log.warn({ err, topics }, 'the other processes were not told what changed')
      if (!isStopping) setTimeout(() => !isStopping && elsewhere.add(topics), NOTIFY_AGAIN_MS).unref()
    }
  })

  function tellHere(topics: readonly AdminTopic[]): void {
    if (watchers.size > 0) here.add(topics)
  }

  return {
    changed: (...topics) => {
      tellHere(topics)
      if (database.engine === 'PostgreSQL' && !isStopping) elsewhere.add(topics)
    },
    heard: (payload) => {
      if (payload === undefined)
        log.warn('notices of other processes may have been missed; all is read again')
      const notice = payload === undefined ? undefined : readNotice(payload)
      if (notice?.from !== self) tellHere(notice?.topics ?? AdminTopic.options)
    },
    watch: (watcher) => {
      if (isOver) watcher.over()
      else watchers.add(watcher)
      return () => void watchers.delete(watcher)
    },
    letGo: () => {
      isOver = true
      const all = [...watchers]
      watchers.clear()
      for (const watcher of all) watcher.over()
    },
    stop: async () => {
      isStopping = true
      await elsewhere.flush()
    },
  }
}

/** Undefined when it is not of our making: anything may have changed. */
function readNotice(payload: string): v.InferOutput<typeof Notice> | undefined {
  try {
    return v.parse(Notice, JSON.parse(payload))
  } catch {
    return undefined
  }
}

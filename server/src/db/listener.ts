import pg from 'pg'

/** `payload` is undefined when notices may have been missed: the connection was lost and is there again. */
export type OnNotice = (payload: string | undefined) => void

export interface Listener {
  listen(channel: string, onNotice: OnNotice): Promise<void>
  close(): Promise<void>
}

const CONNECT_MS = 10_000
/** When a silent connection is asked for a sign of life; Linux gives it up ten seconds later. */
const SILENT_MS = 10_000
const FIRST_PAUSE_MS = 200
const LONGEST_PAUSE_MS = 10_000

/** One connection for all channels, opened with the first. Lost, it is opened again until it is there. */
export function createListener(connectionString: string): Listener {
  const handlers = new Map<string, OnNotice[]>()
  let present: pg.Client | undefined
  let ready: Promise<void> | undefined
  let isClosed = false
  let pause = FIRST_PAUSE_MS

  async function connect(): Promise<void> {
    const client = new pg.Client({
      connectionString,
      connectionTimeoutMillis: CONNECT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: SILENT_MS,
      // a connection is not asked for life while it owes an answer
      query_timeout: CONNECT_MS,
    })
    present = client
    // unheard, it would end the process
    client.on('error', () => void client.end().catch(() => undefined))
    client.on('notification', ({ channel, payload = '' }) => {
      for (const onNotice of handlers.get(channel) ?? []) onNotice(payload)
    })
    try {
      await client.connect()
      for (const channel of handlers.keys()) await listenTo(client, channel)
    } catch (error) {
      void client.end().catch(() => undefined)
      throw error
    }
    const since = performance.now()
    client.once('end', () => {
      // whoever is told reads everything again: not every moment, when each connection is lost at once
      if (performance.now() - since > LONGEST_PAUSE_MS) pause = FIRST_PAUSE_MS
      if (!isClosed) ready = comeBack()
    })
  }

  async function comeBack(): Promise<void> {
    for (;;) {
      await new Promise<void>((resolve) => setTimeout(resolve, pause).unref())
      pause = Math.min(LONGEST_PAUSE_MS, pause * 2)
      if (isClosed) return
      const isBack = await connect().then(
        () => true,
        () => false,
      )
      if (!isBack) continue
      for (const onNotice of [...handlers.values()].flat()) onNotice(undefined)
      return
    }
  }

  return {
    listen: async (channel, onNotice) => {
      const isNew = !handlers.has(channel)
      handlers.set(channel, [...(handlers.get(channel) ?? []), onNotice])
      if (!ready) return (ready = connect())
      await ready
      const client = present
      // refused by a connection that dies, which the next one makes up for
      if (isNew && client) await listenTo(client, channel).catch(() => client.end())
    },
    close: async () => {
      isClosed = true
      await present?.end().catch(() => undefined)
    },
  }
}

async function listenTo(client: pg.Client, channel: string): Promise<void> {
  await client.query(`listen ${pg.escapeIdentifier(channel)}`)
}

import { flushPromises } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useLive } from './live.ts'
import { useSession } from './session.ts'

const KEY = 'leadbell.admin.session'
const kept = (token: string) =>
  JSON.stringify({ token, user: { id: '2', username: 'lin', realname: '林文员', role: 'clerk' } })

/** What the next connections get, in their order; without an entry, a stream that stays open. */
let answers: (number | 'offline')[]
let connections: Connection[]

class Connection {
  isClosed = false
  private controller: ReadableStreamDefaultController<Uint8Array> | undefined
  private readonly body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      this.controller = controller
    },
  })

  constructor(
    readonly address: string,
    readonly token: string | null,
    signal: AbortSignal | null | undefined,
  ) {
    signal?.addEventListener('abort', () => {
      this.isClosed = true
      this.controller?.error(new DOMException('closed', 'AbortError'))
    })
  }

  answer(status: number): Response {
    return new Response(this.body, { status, headers: { 'content-type': 'text/event-stream' } })
  }

  write(event: string, data: object = {}): void {
    this.controller?.enqueue(new TextEncoder().encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`))
  }

  async send(event: string, data: object = {}): Promise<void> {
    this.write(event, data)
    await flushPromises()
  }

  async end(): Promise<void> {
    this.controller?.close()
    await flushPromises()
  }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  answers = []
  connections = []
  vi.stubGlobal('fetch', async (address: URL, init: RequestInit) => {
    const token = new Headers(init.headers).get('x-access-token')
    const connection = new Connection(String(address), token, init.signal)
    connections.push(connection)
    const answer = answers.shift() ?? 200
    if (answer === 'offline') throw new TypeError('Failed to fetch')
    return connection.answer(answer)
  })
  localStorage.setItem(KEY, kept('token-1'))
  setActivePinia(createPinia())
})

// the browser's events reach the stores of every test
afterEach(async () => {
  inAnotherTab(null)
  await flushPromises()
})

async function connect() {
  const live = useLive()
  await flushPromises()
  return live
}
const last = (): Connection => {
  const connection = connections.at(-1)
  if (!connection) throw new Error('nobody connected')
  return connection
}
const later = (ms: number) => vi.advanceTimersByTimeAsync(ms)
function inAnotherTab(session: string | null): void {
  if (session === null) localStorage.removeItem(KEY)
  else localStorage.setItem(KEY, session)
  dispatchEvent(new StorageEvent('storage', { key: KEY }))
}

describe('a connection', () => {
  it('shows its token to nobody who reads addresses', async () => {
    await connect()
    expect(last().token).toBe('token-1')
    expect(last().address).toMatch(/\/admin\/events$/)
  })

  it('is live from its hello, which tells every topic', async () => {
    const live = await connect()
    const heard = vi.fn()
    live.listen(['staff'], heard)
    expect(live.state).toBe('connecting')
    await last().send('hello')
    expect(live.state).toBe('live')
    expect(heard).toHaveBeenCalledOnce()
  })

  it('tells a change to who listens to one of its topics', async () => {
    const live = await connect()
    const [clues, staff] = [vi.fn(), vi.fn()]
    live.listen(['clues', 'deliveries'], clues)
    live.listen(['staff'], staff)
    await last().send('change', { topics: ['clues'] })
    expect([clues.mock.calls.length, staff.mock.calls.length]).toEqual([1, 0])
  })

  it('tells nothing to who stopped listening', async () => {
    const live = await connect()
    const heard = vi.fn()
    const stop = live.listen(['clues'], heard)
    stop()
    await last().send('hello')
    expect(heard).not.toHaveBeenCalled()
  })

  it('is not made for nobody', async () => {
    localStorage.clear()
    const live = await connect()
    expect(live.state).toBe('off')
    expect(connections).toHaveLength(0)
  })
})

describe('a connection that is lost', () => {
  it.each(['offline', 502, 503, 204] as const)(
    'because of %s is made again, ever later, up to 15 s',
    async (what) => {
      answers = Array.from({ length: 20 }, () => what)
      const live = await connect()
      expect(live.state).toBe('lost')
      for (const [index, seconds] of [1, 2, 4, 8, 15, 15, 15].entries()) {
        await later(seconds * 1000 - 1)
        expect(connections).toHaveLength(index + 1)
        await later(1)
        expect(connections).toHaveLength(index + 2)
      }
      expect(live.state).toBe('lost')
    },
  )

  it('by its end is made again after a second, and everything is read again', async () => {
    const live = await connect()
    await last().send('hello')
    const heard = vi.fn()
    live.listen(['deliveries'], heard)
    await last().end()
    expect(live.state).toBe('lost')
    await later(1000)
    expect(live.state).toBe('lost')
    await last().send('hello')
    expect(live.state).toBe('live')
    expect(heard).toHaveBeenCalledOnce()
    expect(connections).toHaveLength(2)
  })

  it('is tried soon again after one that worked', async () => {
    answers = [502, 502, 502]
    await connect()
    await later(1000 + 2000 + 4000)
    await last().send('hello')
    await last().end()
    await later(1000)
    expect(connections).toHaveLength(5)
  })

  it('is made at once when the network is back, or somebody asks', async () => {
    answers = ['offline', 'offline']
    const live = await connect()
    dispatchEvent(new Event('online'))
    await flushPromises()
    expect(connections).toHaveLength(2)
    live.retryNow()
    await flushPromises()
    expect(connections).toHaveLength(3)
    // and by nothing else
    await later(20_000)
    expect(connections).toHaveLength(3)
  })
})

describe('silence', () => {
  it('of 40 seconds is a dead connection', async () => {
    const live = await connect()
    const first = last()
    await first.send('hello')
    await later(39_999)
    expect(live.state).toBe('live')
    await later(1)
    expect(live.state).toBe('lost')
    expect(first.isClosed).toBe(true)
    await later(1000)
    expect(connections).toHaveLength(2)
  })

  it('is broken by a ping', async () => {
    const live = await connect()
    await last().send('hello')
    for (let minute = 0; minute < 4; minute++) {
      await later(30_000)
      await last().send('ping')
    }
    expect(live.state).toBe('live')
    expect(connections).toHaveLength(1)
  })

  it('of a server that takes the call and never answers is noticed, too', async () => {
    vi.stubGlobal('fetch', (_address: URL, { signal }: RequestInit) => {
      connections.push(new Connection('', null, signal))
      return new Promise(() => undefined)
    })
    const live = await connect()
    await later(40_000)
    expect(live.state).toBe('lost')
    await later(1000)
    expect(connections).toHaveLength(2)
  })
})

describe('the session', () => {
  it.each(['signed-out', '401'])(
    'that is over (%s) ends here, and nothing connects any more',
    async (how) => {
      if (how === '401') answers = [401]
      const live = await connect()
      if (how === 'signed-out') {
        await last().send('signed-out')
        await last()
          .end()
          .catch(() => undefined)
      }
      expect(useSession()).toMatchObject({ user: null, endedBecause: '登录已失效，请重新登录' })
      expect(live.state).toBe('off')
      await later(60_000)
      expect(connections).toHaveLength(1)
    },
  )

  it('of another clerk has a connection of its own', async () => {
    const live = await connect()
    const first = last()
    await first.send('hello')
    inAnotherTab(kept('token-2'))
    await flushPromises()
    expect(first.isClosed).toBe(true)
    expect(last().token).toBe('token-2')
    await last().send('hello')
    expect(live.state).toBe('live')
  })

  it('is not ended by what is told of the one before it', async () => {
    const live = await connect()
    await last().send('hello')
    // already on its way when the other tab logs in
    last().write('signed-out')
    inAnotherTab(kept('token-2'))
    await flushPromises()
    expect(useSession().token).toBe('token-2')
    await last().send('hello')
    expect(live.state).toBe('live')
  })

  it('that somebody leaves closes the connection for good', async () => {
    const live = await connect()
    const first = last()
    await first.send('hello')
    inAnotherTab(null)
    await flushPromises()
    expect(live.state).toBe('off')
    expect(first.isClosed).toBe(true)
    dispatchEvent(new Event('online'))
    await later(60_000)
    expect(connections).toHaveLength(1)
  })
})

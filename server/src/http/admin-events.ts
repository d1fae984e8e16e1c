import type { HttpBindings } from '@hono/node-server'
import type { AdminChange, AdminTopic } from '@leadbell/contract'
import type { Context as HonoContext, Hono } from 'hono'
import { streamSSE, type SSEMessage, type SSEStreamingApi } from 'hono/streaming'
import { callerKey } from '../domain/actor.ts'
import { refuse } from '../domain/refusal.ts'
import { peekClerk } from './auth.ts'
import type { AppDeps, HttpEnv } from './env.ts'
import { answer } from './envelope.ts'
import { createPlaces } from './places.ts'

const PING_MS = 15_000
const RETRY_MS = 1000
const AT_MOST = { each: 5, all: 200 }
const NOTHING = '{}'

/** `GET /admin/events`: what AdminChange in the contract says. */
export function addAdminEvents(app: Hono<HttpEnv>, deps: AppDeps): void {
  const { ctx } = deps
  const places = createPlaces({ ...AT_MOST, onChange: ctx.metrics.adminStreams })

  app.get('/admin/events', async (c) => {
    const who = await peekClerk(deps, c)
    if (!who.ok) return answer(c, who)
    // without a body nobody would read the events, nor go away
    if (c.req.method === 'HEAD') return c.body(null, 200, { 'content-type': 'text/event-stream' })
    const leave = places.take(callerKey(who.value))
    if (!leave) return answer(c, refuse('too-many-streams'))

    const [rid, started] = [c.get('rid'), performance.now()]
    const response = streamSSE(c, async (stream) => {
      try {
        await tellChanges(stream)
      } catch (err) {
        ctx.log.error({ rid, err }, 'live updates failed')
      } finally {
        leave()
        ctx.log.info({ rid, ms: Math.round(performance.now() - started) }, 'live updates ended')
      }
    })
    response.headers.set('cache-control', 'no-store')
    // nginx would keep the events until there are enough of them
    response.headers.set('x-accel-buffering', 'no')
    return response

    /** Until the client goes, the session ends or the server stops. */
    async function tellChanges(stream: SSEStreamingApi): Promise<void> {
      const due = new Set<AdminTopic>()
      let isPingDue = false
      let isOver = false
      let wake = () => {}
      /** The write that is not taken yet, and the one that was not at the tick before. */
      let pending: object | undefined
      let pendingBefore: object | undefined

      const end = () => {
        isOver = true
        wake()
        if (pending) cut(c, stream)
      }
      const write = async (message: SSEMessage) => {
        pending = {}
        await stream.writeSSE(message)
        pending = undefined
      }
      // before `hello`, after which whoever reads misses nothing
      const unwatch = ctx.watchChanges({
        changed: (topics) => {
          for (const topic of topics) due.add(topic)
          wake()
        },
        over: end,
      })
      stream.onAbort(end)
      const timer = setInterval(() => {
        // nobody reads: a place is worth more
        if (pending && pending === pendingBefore) return end()
        pendingBefore = pending
        isPingDue = true
        wake()
      }, PING_MS)

      try {
        await write({ event: 'hello', data: NOTHING, retry: RETRY_MS })
        while (!isOver) {
          if (isPingDue) {
            isPingDue = false
            const event = (await isStillClerk()) ? 'ping' : 'signed-out'
            // what is written after the end waits for whoever does not read, and nobody would cut it
            if (isOver) return
            await write({ event, data: NOTHING })
            if (event === 'signed-out') return
          } else if (due.size > 0) {
            const change: AdminChange = { topics: [...due] }
            due.clear()
            await write({ event: 'change', data: JSON.stringify(change) })
          } else
            await new Promise<void>((resolve) => {
              wake = resolve
            })
        }
      } finally {
        clearInterval(timer)
        unwatch()
      }
    }

    async function isStillClerk(): Promise<boolean> {
      try {
        return (await peekClerk(deps, c)).ok
      } catch (err) {
        // without its database nobody is told anything; the next ping asks again
        ctx.log.warn({ rid, err }, 'a session could not be looked at')
        return true
      }
    }
  })
}

/** Ends a stream in the middle of a write, which waits for as long as the client does not read. */
function cut(c: HonoContext<HttpEnv>, stream: SSEStreamingApi): void {
  stream.abort()
  // there is none when no socket is in between
  const { outgoing } = (c.env ?? {}) as Partial<HttpBindings>
  outgoing?.destroy()
}

import type { AdminChange, AdminTopic } from '@leadbell/contract'
import { EventSource, type ErrorEvent } from 'eventsource'
import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import { apiBase } from '../api/call.ts'
import { SESSION_OVER, UNAUTHORIZED } from '../api/outcome.ts'
import { useSession } from './session.ts'

type EventOf<K extends string> = K extends 'error' ? ErrorEvent : MessageEvent<string>

/** `lost`: what is on screen may be old; it is tried again by itself. */
type LiveState = 'off' | 'connecting' | 'live' | 'lost'

const everyTopic: readonly AdminTopic[] = ['clues', 'deliveries', 'staff']
/** The server speaks every 15 seconds; a connection that says nothing for longer is dead, whatever the system thinks. */
const SILENCE_MS = 40_000
const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 15_000

/**
 * The backend's events (contract: AdminChange). They tell which topics changed; a page reads its rows again. Each new
 * connection counts as a change of everything, so that nothing is missed while there was none.
 */
export const useLive = defineStore('live', () => {
  const session = useSession()
  const state = ref<LiveState>('off')
  const listeners = new Set<{ topics: readonly AdminTopic[]; hear: () => void }>()
  let source: EventSource | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  let silence: ReturnType<typeof setTimeout> | undefined
  let failures = 0

  watch(
    () => session.token,
    (token) => (token ? connect() : disconnect()),
    { immediate: true },
  )
  addEventListener('online', () => state.value === 'lost' && connect())

  function connect(): void {
    close()
    state.value = failures === 0 ? 'connecting' : 'lost'
    const { token } = session
    const opened = new EventSource(`${apiBase()}/admin/events`, {
      fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, 'x-access-token': token } }),
    })
    source = opened
    expectSomething()
    /** What was read before it was closed is still told, and says nothing about the connection or session of now. */
    const on = <K extends string>(kind: K, heard: (event: EventOf<K>) => void) =>
      opened.addEventListener(kind, (event) => {
        if (source === opened && session.token === token) heard(event as EventOf<K>)
      })
    on('hello', () => {
      failures = 0
      state.value = 'live'
      expectSomething()
      tell(everyTopic)
    })
    on('change', ({ data }) => {
      expectSomething()
      tell((JSON.parse(data) as AdminChange).topics)
    })
    on('ping', expectSomething)
    on('signed-out', () => session.end(SESSION_OVER))
    on('error', ({ code }) => {
      if (code === UNAUTHORIZED) session.end(SESSION_OVER)
      else lose()
    })
  }

  /** Its own retries stop for good at the first 502 of a proxy whose backend is being restarted; ours do not. */
  function lose(): void {
    close()
    if (!session.token) return
    state.value = 'lost'
    const delay = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures)
    failures += 1
    retry = setTimeout(connect, delay)
  }

  function expectSomething(): void {
    clearTimeout(silence)
    silence = setTimeout(lose, SILENCE_MS)
  }

  function close(): void {
    clearTimeout(retry)
    clearTimeout(silence)
    source?.close()
    source = undefined
  }

  function disconnect(): void {
    close()
    failures = 0
    state.value = 'off'
  }

  function tell(topics: readonly AdminTopic[]): void {
    for (const listener of [...listeners])
      if (listener.topics.some((topic) => topics.includes(topic))) listener.hear()
  }

  /** Calls `hear` when one of the topics changed, until the answered function is called. */
  function listen(topics: readonly AdminTopic[], hear: () => void): () => void {
    const listener = { topics, hear }
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  return { state, listen, retryNow: connect }
})

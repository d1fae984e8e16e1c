import type { AdminTopic } from '@leadbell/contract'
import { createPinia, setActivePinia } from 'pinia'
import { effectScope } from 'vue'
import { useLive } from '../stores/live.ts'

/** What a composable gives to the page that uses it. `change` plays an event of a topic; `leave` is the page's end. */
export function inAPage<T>(use: () => T): {
  used: T
  change: (topic: AdminTopic) => void
  leave: () => void
} {
  setActivePinia(createPinia())
  const heard = new Set<{ topics: readonly AdminTopic[]; hear: () => void }>()
  useLive().listen = (topics, hear) => {
    const listener = { topics, hear }
    heard.add(listener)
    return () => heard.delete(listener)
  }
  const scope = effectScope()
  const used = scope.run(use) as T
  const change = (topic: AdminTopic) => {
    for (const { topics, hear } of heard) if (topics.includes(topic)) hear()
  }
  return { used, change, leave: () => scope.stop() }
}

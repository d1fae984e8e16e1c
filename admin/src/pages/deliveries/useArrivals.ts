import type { AdminDelivery } from '@leadbell/contract'
import { onScopeDispose, ref, watch, type Ref } from 'vue'

/** Long enough to be seen by somebody who looks elsewhere. */
const SHOWN_MS = 4_000

/** The messages that rang while somebody looks at the list: their ids, for a moment, and a sentence to be told. */
export function useArrivals(items: Readonly<Ref<readonly AdminDelivery[]>>) {
  const fresh = ref<ReadonlySet<string>>(new Set())
  const told = ref('')
  const timers = new Set<ReturnType<typeof setTimeout>>()
  onScopeDispose(() => {
    for (const timer of timers) clearTimeout(timer)
  })

  watch(items, (now, before) => {
    const unsent = new Set(before.filter(({ state }) => state !== 'sent').map(({ id }) => id))
    const arrived = now.filter(({ id, state }) => state === 'sent' && unsent.has(id))
    if (arrived.length === 0) return
    const ids = arrived.map(({ id }) => id)
    fresh.value = new Set([...fresh.value, ...ids])
    told.value = arrived
      .map(({ clueTitle, assignee }) => `${assignee.realname} 的提醒「${clueTitle}」已送达`)
      .join('；')
    const timer = setTimeout(() => {
      timers.delete(timer)
      fresh.value = new Set([...fresh.value].filter((id) => !ids.includes(id)))
    }, SHOWN_MS)
    timers.add(timer)
  })

  return { fresh, told }
}

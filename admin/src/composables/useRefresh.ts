import type { AdminTopic } from '@leadbell/contract'
import { onScopeDispose } from 'vue'
import { useLive } from '../stores/live.ts'

/** A busy afternoon changes something many times a second; nobody reads faster than this. */
const AT_MOST_EVERY_MS = 1_000

/**
 * Reads again when one of the topics changed: at once, then at most once in `atMostEveryMs`, one reading at a time. A
 * page that nobody sees waits until it is looked at.
 */
export function useRefresh(
  topics: readonly AdminTopic[],
  read: () => Promise<unknown>,
  atMostEveryMs = AT_MOST_EVERY_MS,
): void {
  let due = false
  let reading = false
  let pause: ReturnType<typeof setTimeout> | undefined

  const stopListening = useLive().listen(topics, () => {
    due = true
    void run()
  })
  const onSeen = () => void run()
  document.addEventListener('visibilitychange', onSeen)
  onScopeDispose(() => {
    stopListening()
    clearTimeout(pause)
    pause = undefined
    document.removeEventListener('visibilitychange', onSeen)
    due = false
  })

  async function run(): Promise<void> {
    if (!due || reading || pause !== undefined || document.hidden) return
    due = false
    reading = true
    try {
      await read()
    } finally {
      reading = false
      pause = setTimeout(() => {
        pause = undefined
        void run()
      }, atMostEveryMs)
    }
  }
}

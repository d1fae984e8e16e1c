import type { AdminClue } from '@leadbell/contract'
import { ref, shallowRef } from 'vue'

type Wanted =
  | { kind: 'assign'; clues: AdminClue[] }
  | { kind: 'form'; clue: AdminClue | null }
  | { kind: 'recall'; clue: AdminClue }
  | { kind: 'keys' }

/** What is open above the page and its drawer. `n` makes each opening a new one. */
export type Task = Wanted & { n: number }

/** The one dialog of the page. The last task stays while its dialog fades away. */
export function useTasks() {
  const task = shallowRef<Task | null>(null)
  const isTaskOpen = ref(false)
  let tasks = 0

  return {
    task,
    isTaskOpen,
    begin: (wanted: Wanted): void => {
      task.value = { ...wanted, n: ++tasks }
      isTaskOpen.value = true
    },
  }
}

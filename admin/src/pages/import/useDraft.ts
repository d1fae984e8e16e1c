import { onBeforeUnmount, ref, watch } from 'vue'
import { useRouter } from 'vue-router'
import { ask } from '../../say.ts'
import { useSession } from '../../stores/session.ts'
import { keepDraft, readDraft } from './draft.ts'
import type { Rows } from './useRows.ts'
import type { Run } from './useRun.ts'

/** Long enough for several keys to be one writing. */
const PAUSE_MS = 500

/** Keeps the rows through a reload, and asks before somebody leaves those that are not imported. */
export function useDraft({ owner, rows, run }: { owner: string; rows: Rows; run: Run }) {
  const session = useSession()
  /** There was no room for it. */
  const unkept = ref(false)
  let pause: ReturnType<typeof setTimeout> | undefined
  const isUnfinished = () => rows.filled.value.length > 0

  function keep(): void {
    clearTimeout(pause)
    unkept.value = !keepDraft(owner, { rows: rows.rows.value, run: run.run.value })
  }

  watch(rows.revision, () => {
    clearTimeout(pause)
    pause = setTimeout(keep, PAUSE_MS)
  })

  /** Whether there was something. */
  function restore(): boolean {
    const kept = readDraft(owner)
    if (!kept) return false
    // first, so that nothing is checked while an import waits
    run.restore(kept.run)
    rows.restore(kept.rows)
    return true
  }

  function onUnload(event: BeforeUnloadEvent): void {
    keep()
    if (isUnfinished()) event.preventDefault()
  }

  const stopGuarding = useRouter().beforeEach((to, from) => {
    // whose session ended has no choice; the rows are there after the login
    if (to.path === from.path || !isUnfinished() || !session.user) return true
    const fate = unkept.value ? '离开后它们会丢失。' : '它们会在这个标签页里保留，回到这一页可以接着做。'
    return ask('离开导入？', `还有 ${rows.filled.value.length} 行没有导入。${fate}`, '离开')
  })
  addEventListener('beforeunload', onUnload)
  addEventListener('pagehide', keep)
  onBeforeUnmount(() => {
    keep()
    stopGuarding()
    removeEventListener('beforeunload', onUnload)
    removeEventListener('pagehide', keep)
  })

  return { unkept, keep, restore }
}

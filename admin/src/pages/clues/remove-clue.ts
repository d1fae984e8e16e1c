import type { AdminClue } from '@leadbell/contract'
import { call } from '../../api/call.ts'
import { isGone } from '../../api/outcome.ts'
import { ask, say } from '../../say.ts'

/** Asks, removes the lead and says what came of it; true when it is gone. */
export async function removeClue({ id, title }: AdminClue): Promise<boolean> {
  const consequences = `「${title}」和它的跟进记录、分配历史都会删除，还没发出的提醒不再发送。删除后不能恢复。`
  if (!(await ask('删除这条线索？', consequences, '删除'))) return false
  const outcome = await call('DELETE /admin/clues/{id}', { path: { id } })
  // somebody else was faster, or an answer was lost: gone is gone
  if (!outcome.ok && !isGone(outcome.error)) {
    say.failed(outcome.error)
    return false
  }
  say.done(`已删除「${title}」`)
  return true
}

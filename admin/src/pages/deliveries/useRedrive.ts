import type { AdminDelivery } from '@leadbell/contract'
import { ref } from 'vue'
import { call } from '../../api/call.ts'
import { errorText } from '../../api/outcome.ts'
import { randomId } from '../../api/random-id.ts'
import { say } from '../../say.ts'

type Which = Pick<AdminDelivery, 'id' | 'clueTitle' | 'assignee'>

/** Queues a message once more. `problem` stays until the next try: why the last one was refused. */
export function useRedrive(onQueued: () => void) {
  const busyId = ref<string>()
  const problem = ref('')
  /** Whoever presses again because no answer came means the same try. */
  const unanswered = new Map<string, string>()

  async function redrive({ id, clueTitle, assignee }: Which): Promise<void> {
    if (busyId.value !== undefined) return
    busyId.value = id
    problem.value = ''
    const key = unanswered.get(id) ?? randomId()
    unanswered.set(id, key)
    const outcome = await call('POST /admin/deliveries/{id}/redrive', { path: { id }, key })
    busyId.value = undefined
    if (outcome.ok || outcome.error.kind === 'refused') unanswered.delete(id)
    if (!outcome.ok) {
      problem.value = `「${clueTitle}」给 ${assignee.realname}：${errorText(outcome.error)}`
      return
    }
    say.done(outcome.value.state === 'waiting' ? '已重新排队，等员工有了次数就发出' : '已重新排队，马上发送')
    onQueued()
  }

  return { busyId, problem, redrive }
}

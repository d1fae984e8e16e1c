import type { AdminDelivery } from '@leadbell/contract'
import { ref } from 'vue'
import { call } from '../../api/call.ts'
import { errorText } from '../../api/outcome.ts'
import { sendOnce } from '../../api/send-once.ts'
import { say } from '../../say.ts'

type Which = Pick<AdminDelivery, 'id' | 'clueTitle' | 'assignee'>

/** A message that nothing but a clerk brings back. */
export const canRedrive = ({ state }: Pick<AdminDelivery, 'state'>) => state === 'refused' || state === 'dead'

/** Queues a message once more. `problem` stays until the next try: why the last one was refused. */
export function useRedrive(onQueued: () => void) {
  const busyId = ref<string>()
  const problem = ref('')
  const once = sendOnce()

  async function redrive({ id, clueTitle, assignee }: Which): Promise<void> {
    if (busyId.value !== undefined) return
    busyId.value = id
    problem.value = ''
    const path = { id }
    const outcome = await once(path, (key) => call('POST /admin/deliveries/{id}/redrive', { path, key }))
    busyId.value = undefined
    if (!outcome.ok) {
      problem.value = `「${clueTitle}」给 ${assignee.realname}：${errorText(outcome.error)}`
      return
    }
    say.done(outcome.value.state === 'waiting' ? '已重新排队，等员工有了次数就发出' : '已重新排队，马上发送')
    onQueued()
  }

  return { busyId, problem, redrive }
}

import { ref } from 'vue'
import { errorText, type ApiError, type Outcome } from '../../api/outcome.ts'
import type { Problems } from './account-rules.ts'

/** How a form of an account is saved: what is wrong with its fields, and why the backend refused the last try. */
export function useSave() {
  const problems = ref<Problems>({})
  const problem = ref('')
  /** Counts the tries that were not sent because of `problems`. */
  const wrongs = ref(0)
  const busy = ref(false)

  /** Sends unless `found` names a problem. Null when it is not saved; `explain` says why the backend refused. */
  async function save<T>(
    found: Problems,
    send: () => Promise<Outcome<T>>,
    explain: (error: ApiError) => string = errorText,
  ): Promise<T | null> {
    problems.value = found
    problem.value = ''
    if (Object.keys(found).length > 0) {
      wrongs.value += 1
      return null
    }
    busy.value = true
    const outcome = await send()
    busy.value = false
    if (outcome.ok) return outcome.value
    problem.value = explain(outcome.error)
    return null
  }

  return { problems, problem, wrongs, busy, save }
}

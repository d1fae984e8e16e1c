import { AdminClue, type Clue } from '@leadbell/contract'
import { computed, reactive, ref, shallowRef } from 'vue'
import { call } from '../../api/call.ts'
import { errorText, type ApiError, type Outcome } from '../../api/outcome.ts'
import { presentRecord } from '../../api/present-record.ts'
import { sendOnce } from '../../api/send-once.ts'
import {
  checkForm,
  differing,
  emptyForm,
  formOf,
  pick,
  type ClueField,
  type ClueForm,
  type FormProblems,
} from './clue-form.ts'

/**
 * A new lead (`null`) or an edit of one. What is typed stays through every failure. When somebody else changed the lead
 * meanwhile, fields that were not touched here take what is there now, and the others wait for a decision.
 */
export function useClueForm(clue: AdminClue | null) {
  const form = reactive(clue ? formOf(clue) : emptyForm())
  const base = shallowRef<ClueForm>({ ...form })
  const problems = ref<FormProblems>({})
  const problem = ref('')
  const busy = ref(false)
  /** What somebody else changed; `contested` were changed here, too. */
  const conflict = shallowRef<{ changed: ClueField[]; contested: ClueField[] } | null>(null)
  const once = sendOnce()
  let version = clue?.version ?? 1
  /** Another press while the dialog fades away would make another lead. */
  let isSaved = false

  /** The saved lead, or null when something has to be done first. */
  async function save(): Promise<Clue | null> {
    if (busy.value || isSaved) return null
    const checked = checkForm(form)
    problems.value = checked.ok ? {} : checked.problems
    if (!checked.ok) return null
    busy.value = true
    problem.value = ''
    const outcome = await send(checked.form)
    busy.value = false
    if (outcome.ok) {
      isSaved = true
      return outcome.value
    }
    fail(outcome.error)
    return null
  }

  function send(checked: ClueForm): Promise<Outcome<Clue>> {
    if (!clue) {
      const body = pick(checked, ['title', 'customerName', 'phone', 'remark']) as Omit<ClueForm, 'status'>
      return once(body, (key) => call('POST /admin/clues', { body, key }))
    }
    const body = { version, ...pick(checked, differing(checked, base.value)) }
    return once(body, (key) => call('PUT /admin/clues/{id}', { path: { id: clue.id }, body, key }))
  }

  function fail(error: ApiError): void {
    problem.value = errorText(error)
    const present = presentRecord(AdminClue, error)
    if (!present) return
    const theirs = formOf(present)
    const changed = differing(theirs, base.value)
    const touched = differing(form, base.value)
    const contested = changed.filter(
      (field) => touched.includes(field) && differing(form, theirs).includes(field),
    )
    Object.assign(
      form,
      pick(
        theirs,
        changed.filter((field) => !touched.includes(field)),
      ),
    )
    conflict.value = { changed, contested }
    base.value = theirs
    version = present.version
  }

  return {
    form,
    /** What the backend holds, as far as it is known here. */
    base,
    problems,
    problem,
    busy,
    conflict,
    isDirty: computed(() => differing(form, base.value).length > 0),
    save,
    /** Checks again while the clerk corrects what was found. */
    recheck: () => {
      if (Object.keys(problems.value).length === 0) return
      const checked = checkForm(form)
      problems.value = checked.ok ? {} : checked.problems
    },
    adoptTheirs: () => {
      Object.assign(form, base.value)
      conflict.value = null
      problem.value = ''
    },
  }
}

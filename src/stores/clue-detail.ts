import type { Clue, ClueNote, ClueStatus } from '@leadbell/contract'
import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { ApiError } from '@/api/outcome.ts'
import { getClue, postClueNote, putClueRead, putClueStatus } from '@/api/clue-endpoints.ts'
import { copyText, type CopyOutcome } from '@/wechat/clipboard.ts'
import { dial } from '@/wechat/dial.ts'
import { confirmModal } from '@/wechat/modal.ts'
import { clueErrors } from './clue-errors.ts'
import { useClueList } from './clue-list.ts'
import { say, sentenceFor } from './messages.ts'
import { noteDrafts } from './note-drafts.ts'
import { useSession } from './session.ts'

export type ShownNote = ClueNote & { sending?: boolean }

/** Why a lead cannot be shown: never there or a stranger's, somebody else's by now, deleted. */
export type Gone = 'missing' | 'reassigned' | 'deleted'

export type DetailState =
  | { kind: 'loading' }
  /** `notes` is null until the backend has told them; `stale` says in words why this is not the latest. */
  | { kind: 'ready'; clue: Clue; notes: readonly ShownNote[] | null; stale: string }
  | { kind: 'gone'; why: Gone; message: string }
  | { kind: 'failed'; message: string }

const goneByCode: Record<number, Gone> = { 403: 'reassigned', 404: 'missing', 410: 'deleted' }

const CONFLICT = 409

/** The lead that is open. */
export const useClueDetail = defineStore('clue-detail', () => {
  const state = ref<DetailState>({ kind: 'loading' })
  /** The note in the box. */
  const draft = ref('')
  const savingStatus = ref(false)
  const savingNote = ref(false)
  const list = useClueList()
  const session = useSession()
  let openId = ''

  /** Shows what the list knows at once, then what the backend says. */
  function open(id: string): Promise<void> {
    openId = id
    draft.value = noteDrafts.textOf(id)
    const known = list.find(id)
    state.value = known ? { kind: 'ready', clue: known, notes: null, stale: '' } : { kind: 'loading' }
    if (id) return refresh()
    state.value = { kind: 'gone', why: 'missing', message: clueErrors.LB3001 }
    return Promise.resolve()
  }

  async function refresh(): Promise<void> {
    const id = openId
    if (state.value.kind === 'failed') state.value = { kind: 'loading' }
    const outcome = await getClue(id)
    if (id !== openId) return
    if (!outcome.ok) {
      if (becameGone(outcome.error)) return
      const message = sentenceFor(outcome.error)
      state.value =
        state.value.kind === 'ready' ? { ...state.value, stale: message } : { kind: 'failed', message }
      return
    }
    const { notes, ...clue } = outcome.result
    const shown = state.value.kind === 'ready' ? (state.value.notes ?? []) : []
    const unsaved = shown.filter((note) => note.sending && !notes.some(({ id: saved }) => saved === note.id))
    state.value = { kind: 'ready', clue, notes: [...unsaved, ...notes], stale: '' }
    // A mark the backend has not heard of yet is set all the same, or it would be counted twice.
    list.update({ ...clue, readAt: clue.readAt ?? list.find(id)?.readAt ?? null })
    if (clue.readAt === null) markRead(id)
  }

  /** Nobody waits for it, and nobody is told when it fails: the next opening tries again. */
  function markRead(id: string): void {
    list.markRead(id, new Date().toISOString())
    void putClueRead(id)
  }

  /** Shown as done at once, taken back when the backend does not agree. */
  async function setStatus(status: ClueStatus): Promise<void> {
    if (state.value.kind !== 'ready' || savingStatus.value || state.value.clue.status === status) return
    const before = state.value.clue
    savingStatus.value = true
    showClue({ ...before, status })
    const outcome = await putClueStatus(before.id, status, before.version)
    savingStatus.value = false
    if (outcome.ok) return settleClue(outcome.result)
    const present = presentClue(outcome.error)
    settleClue(present ?? before)
    // A change whose answer was lost may have been made: then there is nothing to say.
    if (present?.status !== status) sayUnsaved(before.id, outcome.error)
  }

  /** The box is closed while a note is on its way: the disk keeps one of each lead. */
  function write(text: string): void {
    if (savingNote.value) return
    draft.value = text
    noteDrafts.keep(openId, text)
  }

  /** Shown as saved at once; if it is not, the text is back in the box. */
  async function saveNote(): Promise<void> {
    const text = draft.value.trim()
    if (state.value.kind !== 'ready' || savingNote.value || !text) return
    const clueId = openId
    const id = noteDrafts.keep(clueId, text)
    const author = session.session?.user.realname ?? ''
    savingNote.value = true
    draft.value = ''
    replaceNote(id, { id, text, author, at: new Date().toISOString(), sending: true })
    const outcome = await postClueNote(clueId, { id, text })
    savingNote.value = false
    if (outcome.ok) noteDrafts.saved(clueId, id)
    if (clueId !== openId) return
    replaceNote(id, outcome.ok ? outcome.result : null)
    if (outcome.ok) return
    write(text)
    sayUnsaved(clueId, outcome.error)
  }

  function replaceNote(id: string, note: ShownNote | null): void {
    if (state.value.kind !== 'ready') return
    const notes = (state.value.notes ?? []).filter((shown) => shown.id !== id)
    state.value = { ...state.value, notes: note ? [note, ...notes] : notes }
  }

  function settleClue(clue: Clue): void {
    list.update(clue)
    if (clue.id === openId) showClue(clue)
  }

  function showClue(clue: Clue): void {
    if (state.value.kind === 'ready') state.value = { ...state.value, clue }
  }

  function sayUnsaved(id: string, error: ApiError): void {
    if (id !== openId || becameGone(error)) return
    // The login page says that the session is over; the draft waits here.
    if (error.kind !== 'unauthorized') say(`没有保存：${sentenceFor(error)}`)
  }

  /** Whether the error says that this lead is no longer the user's. A note in the box stays where it is. */
  function becameGone(error: ApiError): boolean {
    const why = error.kind === 'business' ? goneByCode[error.code] : undefined
    if (!why) return false
    list.remove(openId)
    state.value = { kind: 'gone', why, message: sentenceFor(error) }
    return true
  }

  function call(): void {
    if (state.value.kind === 'ready') dial(state.value.clue.phone)
  }

  function copyPhone(): void {
    if (state.value.kind === 'ready') copyText(state.value.clue.phone, explainCopy)
  }

  function copyDraft(): void {
    copyText(draft.value, explainCopy)
  }

  return {
    state,
    draft,
    savingStatus,
    savingNote,
    open,
    refresh,
    setStatus,
    write,
    saveNote,
    call,
    copyPhone,
    copyDraft,
  }
})

/** What a stale change is answered with; anything else in its place is not believed. */
function presentClue(error: ApiError): Clue | null {
  if (error.kind !== 'business' || error.code !== CONFLICT) return null
  const present = error.result as Partial<Clue> | null
  return typeof present?.id === 'string' && typeof present.version === 'number' ? (present as Clue) : null
}

const copyRefusals: Record<Exclude<CopyOutcome, 'copied'>, string> = {
  declined: clueErrors.LB3002,
  undeclared: clueErrors.LB3003,
  failed: clueErrors.LB3004,
}

/** WeChat says itself that it copied. */
function explainCopy(outcome: CopyOutcome): void {
  if (outcome === 'copied') return
  confirmModal(
    { title: '没有复制', content: copyRefusals[outcome], confirmText: '知道了', showCancel: false },
    { onConfirm: () => undefined },
  )
}

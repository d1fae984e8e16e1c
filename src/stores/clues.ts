import type { Clue } from '@leadbell/contract'
import { defineStore } from 'pinia'
import { ref } from 'vue'
import { getClue, getClues } from '@/api/endpoints.ts'
import { userErrors } from '@/errors.ts'
import { sentenceFor } from './messages.ts'

type Loading<T> = { kind: 'loading' } | { kind: 'failed'; message: string } | ({ kind: 'ready' } & T)

const NOT_FOUND = 404

/** The first page of the user's leads, and the one lead that is open. */
export const useClues = defineStore('clues', () => {
  const list = ref<Loading<{ items: Clue[] }>>({ kind: 'loading' })
  const detail = ref<Loading<{ clue: Clue }> | { kind: 'missing'; message: string }>({ kind: 'loading' })
  let openId = ''

  /** What is on screen stays there until the answer: a refresh never empties the list. */
  async function loadList(): Promise<void> {
    const outcome = await getClues({})
    if (outcome.ok) list.value = { kind: 'ready', items: outcome.result.items }
    else if (list.value.kind !== 'ready') list.value = { kind: 'failed', message: sentenceFor(outcome.error) }
  }

  async function open(id: string): Promise<void> {
    openId = id
    detail.value = { kind: 'loading' }
    const outcome = await getClue(id)
    if (openId !== id) return
    if (outcome.ok) detail.value = { kind: 'ready', clue: outcome.result }
    else if (outcome.error.kind === 'business' && outcome.error.code === NOT_FOUND) {
      detail.value = { kind: 'missing', message: userErrors.LB3001.sentence }
    } else detail.value = { kind: 'failed', message: sentenceFor(outcome.error) }
  }

  return { list, detail, loadList, open }
})

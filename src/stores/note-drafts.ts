import { newAttemptId } from './grant-queue.ts'
import { readStored, writeStored } from './storage.ts'

/** `id` goes with the text: the same text sent again is the same note, a changed one is another. */
interface NoteDraft {
  id: string
  text: string
}

/** Old ones make room: a phone is no archive. */
const KEPT = 20

const isDrafts = (value: unknown): value is Record<string, NoteDraft> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const readAll = () => readStored('leadbell.drafts', isDrafts) ?? {}

/** What was typed about a lead and is not saved yet. On disk, so that a kill, an expired session or a lost lead loses none. */
export const noteDrafts = {
  textOf: (clueId: string): string => readAll()[clueId]?.text ?? '',

  /** Keeps the text and answers the id to send it under. An empty one is forgotten. */
  keep(clueId: string, text: string): string {
    const { [clueId]: before, ...others } = readAll()
    const id = before?.text === text ? before.id : newAttemptId()
    const latest = Object.entries(others).slice(1 - KEPT)
    writeStored('leadbell.drafts', Object.fromEntries(text ? [...latest, [clueId, { id, text }]] : latest))
    return id
  },

  /** It is saved: forgotten, unless something else was typed meanwhile. */
  saved(clueId: string, id: string): void {
    if (readAll()[clueId]?.id === id) noteDrafts.keep(clueId, '')
  },
}

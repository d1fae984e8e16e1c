import { fields, type DraftRow } from './clue-rows.ts'
import type { ImportRun } from './import-run.ts'

const KEY = 'leadbell.admin.import'
/** Of the 5 million that a browser gives to a site. */
const MAX_LENGTH = 4_000_000

/** Rows that are not imported yet, and the import that was going on. */
interface Draft {
  rows: readonly DraftRow[]
  run: ImportRun | null
}

type KeptRow = [id: number, title: string, customerName: string, phone: string, remark: string]
interface Kept {
  /** Whoever else logs in in this tab does not see it. */
  owner: string
  rows: KeptRow[]
  run: ImportRun | null
}

/** Keeps it until the tab is closed; false when there is no room for it. */
export function keepDraft(owner: string, { rows, run }: Draft): boolean {
  if (rows.length === 0) {
    sessionStorage.removeItem(KEY)
    return true
  }
  const kept: Kept = {
    owner,
    rows: rows.map((row) => [row.id, row.title, row.customerName, row.phone, row.remark]),
    run,
  }
  const text = JSON.stringify(kept)
  try {
    if (text.length > MAX_LENGTH) throw new RangeError('too long')
    sessionStorage.setItem(KEY, text)
    return true
  } catch {
    sessionStorage.removeItem(KEY)
    return false
  }
}

/** What this person left in this tab; null when there is nothing, and then nothing of anybody else's either. */
export function readDraft(owner: string): Draft | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Kept | null
    if (kept?.owner !== owner || !Array.isArray(kept.rows) || kept.rows.length === 0) {
      sessionStorage.removeItem(KEY)
      return null
    }
    const rows = kept.rows.map(([id, ...cells]) => ({
      id,
      ...(Object.fromEntries(fields.map((field, at) => [field, String(cells[at] ?? '')])) as Omit<
        DraftRow,
        'id'
      >),
    }))
    return { rows, run: kept.run }
  } catch {
    return null
  }
}

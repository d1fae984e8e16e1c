import type { ClueDraft } from '@leadbell/contract'

export const fields = ['title', 'customerName', 'phone', 'remark'] as const satisfies (keyof ClueDraft)[]
export type Field = (typeof fields)[number]

export const fieldHeadings: Record<Field, string> = {
  title: '线索名称',
  customerName: '客户姓名',
  phone: '电话号码',
  remark: '备注',
}
export const neededFields = fields.filter((field) => field !== 'remark')

export type ClueCells = Record<Field, string>

/** A row of the preview. `id` stays the same while rows above it come and go. */
export interface DraftRow extends ClueCells {
  id: number
}

/** As many as the backend takes at once. */
export const MAX_ROWS = 5000
const MAX_CSV_BYTES = 2 * 1024 * 1024
export const TOO_LARGE = `内容太多，一次最多 2 MB、${MAX_ROWS} 行，请分成几次导入`

/** The heading is row 1, in a spreadsheet and in the backend's reports. */
export const rowNumber = (at: number) => at + 2
export const placeOfRow = (number: number) => number - 2

/** Numbers copied out of chats and contacts carry marks that nobody sees and the backend refuses. */
const INVISIBLE = /[\0\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\uFEFF]/g
export const cleaned = (cell: string) => cell.replace(INVISIBLE, '').replace(/\r\n?/g, '\n')

/** The backend passes such a row over. */
export const isBlank = (row: ClueCells) => fields.every((field) => cleaned(row[field]).trim() === '')

/** Whether the backend would take it, by its size. The commas, quotation marks and line ends are in the 10 %. */
export function isTooLarge(rows: readonly ClueCells[]): boolean {
  if (rows.length > MAX_ROWS) return true
  const encoder = new TextEncoder()
  const bytes = rows.reduce((sum, row) => sum + encoder.encode(fields.map((f) => row[f]).join('')).length, 0)
  return bytes > MAX_CSV_BYTES * 0.9
}

/** One line per row below the heading, so that row `rowNumber(n)` of a report is `rows[n]`. */
export async function csvOf(rows: readonly ClueCells[]): Promise<string> {
  const { default: Papa } = await import('papaparse')
  return Papa.unparse({
    fields: fields.map((field) => fieldHeadings[field]),
    data: rows.map((row) => fields.map((field) => cleaned(row[field]))),
  })
}

import type { ImportResult } from '@leadbell/contract'
import { findCluesByPhone, insertClues } from '../db/admin-clues.ts'
import type { Queryable } from '../db/database.ts'
import { readClueTable, type CellRemark, type CsvRow } from './clue-csv.ts'
import type { Context } from './context.ts'
import { phoneSpellings } from './phone-spellings.ts'
import { refuse, type Outcome } from './refusal.ts'

export interface ImportOrder {
  csv: string
  /** Imports the rows that are right, though others are wrong. */
  partial: boolean
  /** Imports nothing and reports what would be said. */
  dryRun: boolean
}

/**
 * Enters the leads of a CSV, unassigned, in one transaction: all of them, or none when a row is wrong and `partial`
 * was not asked for, which is refused with the report. A phone number that is there already is a warning, no error.
 */
export async function importClues(ctx: Context, order: ImportOrder): Promise<Outcome<ImportResult>> {
  const table = readClueTable(order.csv)
  if (!table.ok) return table
  const { heading, rows } = table.value
  const wrong = rows.filter((row) => 'errors' in row).length
  const importing = !order.dryRun && (wrong === 0 || order.partial)

  const result = await ctx.database.transaction(async (tx): Promise<ImportResult> => {
    const warnings = await findRepeatedPhones(tx, rows)
    const good = rows.filter((row) => 'draft' in row)
    const ids =
      importing && good.length > 0
        ? await insertClues(
            tx,
            good.map(({ draft }) => draft),
            ctx.now(),
          )
        : []
    const idOf = new Map(ids.map((id, at) => [good[at]?.number, String(id)]))
    const ofHeading = { row: heading.number, clueId: null, errors: [], warnings: heading.remarks }
    return {
      total: rows.length,
      imported: ids.length,
      rows: [
        ...(heading.remarks.length > 0 ? [ofHeading] : []),
        ...rows.map((row) => ({
          row: row.number,
          clueId: idOf.get(row.number) ?? null,
          errors: 'errors' in row ? row.errors : [],
          warnings: warnings.get(row.number) ?? [],
        })),
      ],
    }
  })
  if (result.imported > 0) ctx.changed('clues')
  if (!importing && !order.dryRun) return refuse('import-rows-wrong', { count: String(wrong) }, result)
  return { ok: true, value: result, message: wordResult(order, rows.length, wrong) }
}

function wordResult({ dryRun }: ImportOrder, total: number, wrong: number): string {
  const right = total - wrong
  if (dryRun)
    return wrong > 0 ? `试导入：${right} 行可以导入，${wrong} 行需要改正` : `试导入：${right} 行都可以导入`
  return wrong > 0 ? `已导入 ${right} 行，另有 ${wrong} 行需要改正` : `已导入 ${right} 行`
}

/** Warnings by row: the number is in an earlier row, or a lead has it. */
async function findRepeatedPhones(
  tx: Queryable,
  rows: readonly CsvRow[],
): Promise<Map<number, CellRemark[]>> {
  const spelled = rows.flatMap((row) =>
    'draft' in row ? [{ number: row.number, ...phoneSpellings(row.draft.phone) }] : [],
  )
  const kept = await findCluesByPhone(tx, [...new Set(spelled.flatMap(({ spellings }) => spellings))])
  const clueOf = new Map(kept.map(({ phone, id }) => [phone, id]))

  const firstRowOf = new Map<string, number>()
  const warnings = new Map<number, CellRemark[]>()
  for (const { number, digits, spellings } of spelled) {
    const found: CellRemark[] = []
    const clueId = spellings.map((spelling) => clueOf.get(spelling)).find((id) => id !== undefined)
    if (clueId !== undefined)
      found.push({ column: '电话号码', message: `已有线索用这个号码（编号 ${clueId}）` })
    const earlier = firstRowOf.get(digits)
    if (earlier === undefined) firstRowOf.set(digits, number)
    else found.push({ column: '电话号码', message: `和第 ${earlier} 行的号码相同` })
    if (found.length > 0) warnings.set(number, found)
  }
  return warnings
}

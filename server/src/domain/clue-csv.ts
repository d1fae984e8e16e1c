import { isUtf8 } from 'node:buffer'
import { ClueDraft } from '@leadbell/contract'
import { CsvError, parse } from 'csv-parse/sync'
import * as v from 'valibot'
import { done, refuse, type Outcome } from './refusal.ts'

const MAX_BYTES = 2 * 1024 * 1024
const MAX_ROWS = 5000

/** The columns by the heading that stands for them in a report. */
const columns = {
  title: { heading: '线索名称', needed: true },
  customerName: { heading: '客户姓名', needed: true },
  phone: { heading: '电话号码', needed: true },
  remark: { heading: '备注', needed: false },
} as const
type Column = keyof typeof columns
const names = Object.keys(columns) as Column[]

/** What a report says about a cell. */
export interface CellRemark {
  column: string
  message: string
}

/** A row below the heading. `number` is the one that a spreadsheet shows beside it. */
export type CsvRow = { number: number } & (
  { draft: v.InferOutput<typeof ClueDraft> } | { errors: CellRemark[] }
)

/** `remarks` are about the heading, which is row `heading`. */
export interface ClueTable {
  heading: { number: number; remarks: CellRemark[] }
  rows: CsvRow[]
}

/** UTF-8 with or without a mark, or else GB18030, in which Excel in China writes. */
export function decodeCsv(bytes: Uint8Array): Outcome<string> {
  if (bytes.byteLength > MAX_BYTES) return refuse('import-too-large')
  try {
    const encoding = isUtf8(bytes) ? 'utf-8' : 'gb18030'
    return done(new TextDecoder(encoding, { fatal: true }).decode(bytes))
  } catch {
    return refuse('import-undecodable')
  }
}

/**
 * Reads leads out of a CSV: up to 2 MB and 5,000 rows, columns in any order below their Chinese or English names.
 * Empty rows are passed over but counted, as in a spreadsheet. A row has its lead, or every error that is in it.
 */
export function readClueTable(csv: string): Outcome<ClueTable> {
  if (Buffer.byteLength(csv) > MAX_BYTES) return refuse('import-too-large')
  const records = readRecords(csv)
  if (!records.ok) return records
  const [first, ...filled] = records.value
    .map((cells, at) => ({ number: at + 1, cells }))
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
  const heading = readHeading(first?.cells ?? [])
  if (!heading.ok) return heading
  if (filled.length === 0) return refuse('import-empty')
  if (filled.length > MAX_ROWS) return refuse('import-too-large')
  const { places, width, remarks } = heading.value
  return done({
    heading: { number: first?.number ?? 1, remarks },
    rows: filled.map(({ number, cells }) => ({ number, ...readRow(cells, places, width) })),
  })
}

function readRecords(csv: string): Outcome<string[][]> {
  try {
    // a quotation mark in the middle of a cell is text to a spreadsheet, and here
    return done(parse(csv, { bom: true, relax_column_count: true, relax_quotes: true }))
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    return refuse('import-unreadable', { row: String(Number(error.records ?? 0) + 1) })
  }
}

interface Heading {
  /** In which cell of a row each column is. */
  places: Partial<Record<Column, number>>
  width: number
  remarks: CellRemark[]
}

function readHeading(cells: readonly string[]): Outcome<Heading> {
  const places: Heading['places'] = {}
  const remarks: CellRemark[] = []
  for (const [at, cell] of cells.entries()) {
    const text = cell.trim()
    const name = names.find(
      (known) => columns[known].heading === text || known.toLowerCase() === text.toLowerCase(),
    )
    if (name && places[name] !== undefined) return refuse('import-heading', { problem: `里有两个“${text}”` })
    if (name) places[name] = at
    else if (text !== '') remarks.push({ column: text, message: '不认识这一列，没有导入它的内容' })
  }
  const missing = names.filter((name) => columns[name].needed && places[name] === undefined)
  if (missing.length > 0)
    return refuse('import-heading', {
      problem: `缺少“${missing.map((name) => columns[name].heading).join('”“')}”`,
    })
  return done({ places, width: cells.length, remarks })
}

function readRow(
  cells: readonly string[],
  places: Heading['places'],
  width: number,
): { draft: v.InferOutput<typeof ClueDraft> } | { errors: CellRemark[] } {
  const cellOf = (name: Column) => {
    const at = places[name]
    return at === undefined ? '' : unguarded(name, (cells[at] ?? '').trim())
  }
  const typed = Object.fromEntries(names.map((name) => [name, cellOf(name)])) as Record<Column, string>
  const parsed = v.safeParse(ClueDraft, typed)
  const errors: CellRemark[] = names.flatMap((name) => {
    const issue = parsed.issues?.find((found) => v.getDotPath(found) === name)
    return issue ? [{ column: columns[name].heading, message: wordIssue(name, typed[name], issue) }] : []
  })
  if (cells.slice(width).some((cell) => cell.trim() !== ''))
    errors.push({ column: '整行', message: '内容比表头多出几列；内容里有英文逗号时，请用英文双引号括起来' })
  return parsed.success && errors.length === 0 ? { draft: parsed.output } : { errors }
}

/**
 * The apostrophe that exporters put before a text which a spreadsheet would take for a formula, and people before a
 * number that is to stay as it is, is not part of it. Before anything else it is.
 */
const unguarded = (name: Column, text: string) => text.replace(name === 'phone' ? /^'+/ : /^'(?=[=+\-@])/, '')

function wordIssue(name: Column, typed: string, issue: v.BaseIssue<unknown>): string {
  if (typed === '') return '不能为空'
  if (issue.type === 'max_length') return `太长，最多 ${String(issue.requirement)} 个字`
  if (name === 'phone' && /^\d(\.\d+)?e\+?\d+$/i.test(typed))
    return '被表格软件改成了科学计数法，请把这一列设为“文本”后重新填写'
  if (name === 'phone') return '不是有效的电话号码，只能用数字、空格、短横线和开头的加号，5 到 20 位'
  return '内容有误，请检查'
}

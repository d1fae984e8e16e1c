import { ClueDraft, type ImportBody, type ImportResult } from '@leadbell/contract'
import Papa from 'papaparse'
import * as v from 'valibot'
import { Backend, Refusal } from '../../../testing/backend.ts'
import { fieldHeadings, fields, isBlank, type ClueCells } from '../clue-rows.ts'

/** Plays the import as the backend does it: reports by row, nothing when a row is wrong, once for each key. */
export class ImportBackend extends Backend {
  /** What was imported, in order. */
  readonly entered: ClueCells[] = []
  /** What becomes of the n-th import, from 1; with `lose answer` the rows are in, and the page does not hear it. */
  onImport: (number: number) => 'answer' | 'lose request' | 'lose answer' | Refusal = () => 'answer'
  /** Called before each dry run, which waits for it. */
  onDryRun: () => Promise<void> | void = () => undefined
  private readonly answers = new Map<string, ImportResult>()
  private imports = 0

  constructor() {
    super()
    this.on('POST /admin/clues/import', async ({ body, headers }) => {
      const { csv, dryRun } = body as ImportBody
      if (dryRun) await this.onDryRun()
      return dryRun ? this.report(csv) : this.import(csv, headers.get('idempotency-key') ?? '')
    })
  }

  get dryRuns() {
    return this.of('POST /admin/clues/import').filter(({ body }) => (body as ImportBody).dryRun)
  }

  get imported() {
    return this.of('POST /admin/clues/import').filter(({ body }) => !(body as ImportBody).dryRun)
  }

  private import(csv: string, key: string): ImportResult | Refusal {
    this.imports += 1
    const fate = this.onImport(this.imports)
    if (fate instanceof Refusal) return fate
    if (fate === 'lose request') throw new TypeError('Failed to fetch')
    const answer = this.answers.get(key) ?? this.enter(csv)
    this.answers.set(key, answer)
    if (fate === 'lose answer') throw new TypeError('Failed to fetch')
    return answer
  }

  private enter(csv: string): ImportResult {
    const report = this.report(csv)
    if (report.rows.some(({ errors }) => errors.length > 0)) throw new Error('a wrong row was sent')
    this.entered.push(...read(csv))
    return { ...report, imported: report.total }
  }

  private report(csv: string): ImportResult {
    const known = new Set(this.entered.map(({ phone }) => phone))
    const seen = new Map<string, number>()
    const rows = read(csv).flatMap((cells, at) => {
      if (isBlank(cells)) return []
      const row = at + 2
      const issues = v.safeParse(ClueDraft, cells).issues ?? []
      const errors = fields
        .filter((field) => issues.some((issue) => v.getDotPath(issue) === field))
        .map((field) => ({ column: fieldHeadings[field], message: cells[field] ? '内容有误' : '不能为空' }))
      const earlier = seen.get(cells.phone)
      if (errors.length === 0) seen.set(cells.phone, earlier ?? row)
      const messages = [
        ...(known.has(cells.phone) ? ['已有线索用这个号码（编号 7）'] : []),
        ...(earlier ? [`和第 ${earlier} 行的号码相同`] : []),
      ]
      const warnings = errors.length > 0 ? [] : messages.map((message) => ({ column: '电话号码', message }))
      return [{ row, clueId: null, errors, warnings }]
    })
    return { total: rows.length, imported: 0, rows }
  }
}

function read(csv: string): ClueCells[] {
  const [heading, ...rows] = Papa.parse<string[]>(csv).data
  if (heading?.join() !== '线索名称,客户姓名,电话号码,备注') throw new Error(`heading: ${heading?.join()}`)
  return rows.map(([title = '', customerName = '', phone = '', remark = '']) => ({
    title,
    customerName,
    phone,
    remark,
  }))
}

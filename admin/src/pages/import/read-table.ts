import { cleaned, MAX_ROWS } from './clue-rows.ts'

/** Its blank rows are left out. */
export interface Sheet {
  name: string
  rows: string[][]
}

/** `problem` says what to do. At least one sheet, and no empty one. */
export type TableReading = { ok: true; sheets: Sheet[] } | { ok: false; problem: string }

type Separator = '\t' | ',' | ';'
const SAVE_AS = '请在 Excel 或 WPS 里另存为 .xlsx 或 CSV 后再试'
const MAX_FILE_BYTES = 20 * 1024 * 1024

const separators: Record<string, readonly Separator[]> = {
  csv: [',', '\t', ';'],
  txt: ['\t', ',', ';'],
  tsv: ['\t', ',', ';'],
}
export const acceptedFiles = '.csv,.txt,.tsv,.xlsx'

/** A .csv, .txt, .tsv or .xlsx. What it is its first bytes say, since a name is easily changed. */
export async function readFile(file: File): Promise<TableReading> {
  const extension = /\.([^.]+)$/.exec(file.name)?.[1]?.toLowerCase() ?? ''
  if (file.size > MAX_FILE_BYTES)
    return { ok: false, problem: `文件太大，一次最多导入 ${MAX_ROWS} 行，请分成几个文件` }
  const bytes = new Uint8Array(await file.arrayBuffer())
  if (startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0))
    return { ok: false, problem: `「${file.name}」是旧版 .xls 或加了密码的表格，读不了。${SAVE_AS}` }
  if (startsWith(bytes, 0x50, 0x4b)) {
    if (extension !== 'xlsx' && !(extension in separators)) return unknownKind(file.name)
    const { readXlsx } = await import('./xlsx.ts')
    const sheets = await readXlsx(bytes)
    return sheets ? filled(sheets) : { ok: false, problem: `「${file.name}」打不开，可能已损坏。${SAVE_AS}` }
  }
  if (extension === 'xlsx')
    return { ok: false, problem: `「${file.name}」不是真正的 .xlsx 文件，可能已损坏。${SAVE_AS}` }
  const order = separators[extension]
  if (!order) return unknownKind(file.name)
  const text = decodeText(bytes)
  if (text === null)
    return { ok: false, problem: '文件的编码无法识别，请另存为「CSV UTF-8（逗号分隔）」或 .xlsx 后再试' }
  return readText(text, order)
}

/** What was copied out of a spreadsheet has tabs; what was typed may have commas. */
export async function readText(
  text: string,
  order: readonly Separator[] = ['\t', ',', ';'],
): Promise<TableReading> {
  const { default: Papa } = await import('papaparse')
  // of mixed line ends the parser would see one kind only
  const body = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')
  const firstLine = body.split('\n').find((line) => line.trim() !== '') ?? ''
  const separator = order.find((mark) => firstLine.includes(mark)) ?? ','
  const { data, errors } = Papa.parse<string[]>(body, { delimiter: separator, newline: '\n' })
  const fault = errors.find(({ type }) => type === 'Quotes')
  if (!fault) return filled([{ name: '', rows: data }])
  // a spreadsheet copies a quotation mark as it is unless the cell has line breaks
  if (separator === '\t') return filled([{ name: '', rows: splitPlainly(body) }])
  return {
    ok: false,
    problem: `第 ${(fault.row ?? 0) + 1} 行读不下去：引号没有成对，请检查这一行里的英文双引号`,
  }
}

/** UTF-16 by its mark, otherwise UTF-8, otherwise GB18030, as the backend decides. Null: none of them. */
export function decodeText(bytes: Uint8Array): string | null {
  const encodings = startsWith(bytes, 0xff, 0xfe)
    ? ['utf-16le']
    : startsWith(bytes, 0xfe, 0xff)
      ? ['utf-16be']
      : ['utf-8', 'gb18030']
  for (const encoding of encodings)
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes)
    } catch {
      // the next one
    }
  return null
}

function filled(sheets: readonly Sheet[]): TableReading {
  const withText = sheets
    .map(({ name, rows }) => ({ name, rows: rows.map((row) => row.map(cleaned)).filter(isFilled) }))
    .filter(({ rows }) => rows.length > 0)
  return withText.length > 0
    ? { ok: true, sheets: withText }
    : { ok: false, problem: '里面没有内容，请填写线索后再试' }
}

const isFilled = (row: readonly string[]) => row.some((cell) => cell.trim() !== '')
const splitPlainly = (text: string) => text.split('\n').map((line) => line.split('\t'))
const startsWith = (bytes: Uint8Array, ...mark: number[]) => mark.every((byte, at) => bytes[at] === byte)
const unknownKind = (name: string): TableReading => ({
  ok: false,
  problem: `「${name}」不是表格文件，读不了。${SAVE_AS}`,
})

import { strToU8, zipSync } from 'fflate'

/** A cell as a spreadsheet keeps it: text, a number as it stands in the file, a day, or a formula with its result. */
type Cell = string | { number: string } | { serialDay: string } | { formula: string; result: string } | null

/** A small .xlsx as Excel writes one: shared strings, and one style for dates. */
export function xlsxFile(name: string, sheets: Record<string, Cell[][]>): File {
  const strings: string[] = []
  const parts: Record<string, Uint8Array> = {}
  const names = Object.keys(sheets)
  const relationships = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
  const add = (path: string, xml: string) =>
    (parts[path] = strToU8(`<?xml version="1.0" encoding="UTF-8"?>${xml}`))

  Object.values(sheets).forEach((rows, n) => {
    const cells = (row: Cell[], at: number) =>
      row
        .map((cell, column) => cellXml(cell, `${String.fromCharCode(65 + column)}${at + 1}`, strings))
        .join('')
    const data = rows.map((row, at) => `<row r="${at + 1}">${cells(row, at)}</row>`).join('')
    add(`xl/worksheets/sheet${n + 1}.xml`, `<worksheet ${main}><sheetData>${data}</sheetData></worksheet>`)
  })
  add(
    'xl/workbook.xml',
    `<workbook ${main} xmlns:r="${relationships}"><sheets>${names
      .map((sheet, n) => `<sheet name="${sheet}" sheetId="${n + 1}" r:id="rId${n + 1}"/>`)
      .join('')}</sheets></workbook>`,
  )
  const targets = [...names.map((_, n) => ['worksheet', `worksheets/sheet${n + 1}.xml`])]
  targets.push(['sharedStrings', 'sharedStrings.xml'], ['styles', 'styles.xml'])
  add(
    'xl/_rels/workbook.xml.rels',
    `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${targets
      .map(
        ([kind, target], n) =>
          `<Relationship Id="rId${n + 1}" Type="${relationships}/${kind}" Target="${target}"/>`,
      )
      .join('')}</Relationships>`,
  )
  add(
    'xl/sharedStrings.xml',
    `<sst ${main}>${strings.map((text) => `<si><t>${escaped(text)}</t></si>`).join('')}</sst>`,
  )
  add(
    'xl/styles.xml',
    `<styleSheet ${main}><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>`,
  )
  return new File([zipSync(parts)], name)
}

function cellXml(cell: Cell, address: string, strings: string[]): string {
  if (cell === null) return ''
  if (typeof cell === 'string') return `<c r="${address}" t="s"><v>${strings.push(cell) - 1}</v></c>`
  if ('number' in cell) return `<c r="${address}"><v>${cell.number}</v></c>`
  if ('serialDay' in cell) return `<c r="${address}" s="1"><v>${cell.serialDay}</v></c>`
  return `<c r="${address}" t="str"><f>${escaped(cell.formula)}</f><v>${escaped(cell.result)}</v></c>`
}

const escaped = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;')

/** As Excel in China saves a CSV. There is a decoder in every engine and no encoder: this one is the decoder, inverted. */
export function gb18030(text: string): Uint8Array<ArrayBuffer> {
  const decoder = new TextDecoder('gb18030')
  const bytesOf = new Map<string, number[]>()
  for (let lead = 0x81; lead <= 0xfe; lead++)
    for (let trail = 0x40; trail <= 0xfe; trail++)
      if (trail !== 0x7f) bytesOf.set(decoder.decode(new Uint8Array([lead, trail])), [lead, trail])
  return new Uint8Array([...text].flatMap((mark) => bytesOf.get(mark) ?? [mark.charCodeAt(0)]))
}

export function utf16le(text: string): Uint8Array<ArrayBuffer> {
  const buffer = new ArrayBuffer(2 + text.length * 2)
  const bytes = new DataView(buffer)
  bytes.setUint16(0, 0xfeff, true)
  for (let at = 0; at < text.length; at++) bytes.setUint16(2 + at * 2, text.charCodeAt(at), true)
  return new Uint8Array(buffer)
}

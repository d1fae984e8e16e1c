import readXlsxFile, { InvalidInputError, InvalidSpreadsheetError } from 'read-excel-file/universal'

/** Every worksheet in the order of its tab; null when it is no spreadsheet. */
export async function readXlsx(bytes: Uint8Array): Promise<{ name: string; rows: string[][] }[] | null> {
  try {
    // a number stays the text of the file: a phone number of 20 digits is more than a number can hold
    const sheets = await readXlsxFile(bytes.slice().buffer, { parseNumber: numberText })
    return sheets.map(({ sheet, data }) => ({ name: sheet, rows: data.map((row) => row.map(cellText)) }))
  } catch (error) {
    if (error instanceof InvalidInputError || error instanceof InvalidSpreadsheetError) return null
    throw error
  }
}

/** What the cell shows, or nearly. The library's types say `typeof Date` where it gives a Date. */
function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return dateText(value)
  if (typeof value === 'boolean') return value ? '是' : '否'
  return String(value)
}

/**
 * 1.3800001024E10, as some programs write a phone number, becomes 13800001024: whole numbers keep every digit that the
 * file has. Fractions are rounded to the 15 digits that Excel computes with.
 */
export function numberText(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^\s*([-+]?)(\d+)(?:\.(\d*))?(?:[eE]([-+]?\d+))?\s*$/.exec(text) ?? []
  if (whole === '') return text
  const shift = Number(exponent)
  const digits = fraction.replace(/0+$/, '')
  if (shift >= digits.length && shift <= 30) {
    const all = `${whole}${digits.padEnd(shift, '0')}`.replace(/^0+(?=\d)/, '')
    return sign === '-' && all !== '0' ? `-${all}` : all
  }
  return String(Number(Number(text).toPrecision(15)))
}

/** A spreadsheet's dates are of no zone; the library puts them into UTC. Its day 0, 1899-12-31, is a time alone. */
function dateText(date: Date): string {
  const [day = '', time = ''] = date.toISOString().slice(0, 16).split('T')
  if (date.getUTCFullYear() < 1900) return time
  return time === '00:00' ? day : `${day} ${time}`
}

import { fields, isBlank, neededFields, type ClueCells, type Field } from './clue-rows.ts'

/** What each column of a table is; null is left out. A field is in one column at most. */
type ColumnFields = readonly (Field | null)[]

export interface ColumnGuess {
  columns: ColumnFields
  /** The first row is a heading and no lead. */
  hasHeading: boolean
  /** Nothing is left to ask: each heading is known, and none that is needed is missing. */
  certain: boolean
}

const aliases: Record<Field, readonly string[]> = {
  title: [
    '线索名称',
    '线索名',
    '线索',
    '线索标题',
    '标题',
    '公司',
    '公司名称',
    '公司名',
    '单位',
    '单位名称',
  ].concat(['企业', '企业名称', '客户公司', '项目', '项目名称', 'title', 'company', 'lead']),
  customerName: ['客户姓名', '姓名', '联系人', '联系人姓名', '客户联系人', '称呼', '负责人'].concat([
    'customername',
    'contact',
    'contactname',
  ]),
  phone: [
    '电话号码',
    '电话',
    '手机',
    '手机号',
    '手机号码',
    '联系电话',
    '联系手机',
    '联系方式',
    '客户电话',
  ].concat(['联系人电话', '号码', 'phone', 'phonenumber', 'mobile', 'tel', 'telephone']),
  remark: [
    '备注',
    '备注信息',
    '说明',
    '描述',
    '需求',
    '客户需求',
    '留言',
    'remark',
    'remarks',
    'note',
    'notes',
  ],
}
const fieldOfHeading = new Map(fields.flatMap((field) => aliases[field].map((alias) => [alias, field])))

/** 电话号码（必填）, *电话 and Phone Number are the same words as 电话号码, 电话 and phonenumber. */
const wordOf = (heading: string) =>
  heading
    .normalize('NFKC')
    .replace(/\(.*?\)|（.*?）/g, '')
    .replace(/[\s*:_]/g, '')
    .toLowerCase()

const looksLikePhone = (cell: string) => /^'?[+\d][\d\- ]{6,19}$/.test(cell.normalize('NFKC').trim())

export const widthOf = (rows: readonly string[][]) =>
  rows.reduce((most, { length }) => Math.max(most, length), 0)

/** By the headings, or without any by where the phone numbers are and by the order of the template. */
export function guessColumns(rows: readonly string[][]): ColumnGuess {
  const [first = []] = rows
  const width = widthOf(rows)
  const known = distinct(
    Array.from({ length: width }, (_, at) => fieldOfHeading.get(wordOf(first[at] ?? '')) ?? null),
  )
  const hasHeading = known.some((field) => field !== null) && !first.some(looksLikePhone)
  if (!hasHeading) {
    const columns = guessByContent(rows, width)
    const phoneAt = columns.indexOf('phone')
    // words above phone numbers that nobody knows are a heading all the same
    const strange = phoneAt >= 0 && rows.length > 1 && !looksLikePhone(first[phoneAt] ?? '')
    return { columns, hasHeading: strange, certain: false }
  }
  const unclear = known.some(
    (field, at) => field === null && rows.some((row) => (row[at] ?? '').trim() !== ''),
  )
  return { columns: known, hasHeading, certain: !unclear && missingFields(known).length === 0 }
}

export const missingFields = (columns: ColumnFields) =>
  neededFields.filter((field) => !columns.includes(field))

/** A field that was in another column moves. */
export const chooseField = (columns: ColumnFields, at: number, field: Field | null): ColumnFields =>
  columns.map((present, n) => (n === at ? field : present === field ? null : present))

/** Leads as they stand in the table. Blank ones are left out. */
export function cellsOf(rows: readonly string[][], { columns, hasHeading }: ColumnGuess): ClueCells[] {
  const textOf = (row: readonly string[], field: Field) => {
    const cell = (row[columns.indexOf(field)] ?? '').trim()
    return field === 'phone' ? cell.normalize('NFKC').replace(/[‐-―−]/g, '-') : cell
  }
  return rows
    .slice(hasHeading ? 1 : 0)
    .map((row) => ({
      title: textOf(row, 'title'),
      customerName: textOf(row, 'customerName'),
      phone: textOf(row, 'phone'),
      remark: textOf(row, 'remark'),
    }))
    .filter((cells) => !isBlank(cells))
}

function guessByContent(rows: readonly string[][], width: number): ColumnFields {
  const phones = Array.from(
    { length: width },
    (_, at) => rows.filter((row) => looksLikePhone(row[at] ?? '')).length,
  )
  const most = Math.max(0, ...phones)
  const phoneAt = most > 0 ? phones.indexOf(most) : -1
  const others: Field[] = ['title', 'customerName', 'remark']
  return Array.from({ length: width }, (_, at) => (at === phoneAt ? 'phone' : (others.shift() ?? null)))
}

/** Of two columns with the same heading the first one has it. */
const distinct = (columns: ColumnFields): ColumnFields =>
  columns.map((field, at) => (field !== null && columns.indexOf(field) === at ? field : null))

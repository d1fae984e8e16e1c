import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeCsv, readClueTable, type CsvRow } from './clue-csv.ts'

const HEADING = '线索名称,客户姓名,电话号码,备注'

/** The rows of a CSV that can be read. */
function rowsOf(csv: string): CsvRow[] {
  const table = readClueTable(csv)
  if (!table.ok) throw new Error(table.refusal)
  return table.value.rows
}

const draft = { title: '恒泰建材', customerName: '王建国', phone: '13800001024', remark: '' }

describe('the heading', () => {
  it.each([
    ['in Chinese', '线索名称,客户姓名,电话号码,备注\n恒泰建材,王建国,13800001024,'],
    ['in English', 'title,customerName,phone,remark\n恒泰建材,王建国,13800001024,'],
    ['in small letters and with blanks around', ' Title , customername ,PHONE\n恒泰建材,王建国,13800001024'],
    ['in another order', '电话号码,备注,线索名称,客户姓名\n13800001024,,恒泰建材,王建国'],
    ['without remarks', '线索名称,客户姓名,电话号码\n恒泰建材,王建国,13800001024'],
    ['behind a byte order mark', '\ufeff线索名称,客户姓名,电话号码\n恒泰建材,王建国,13800001024'],
    ['in quotation marks behind one', '\ufeff"线索名称","客户姓名","电话号码"\n恒泰建材,王建国,13800001024'],
    ['with the line ends of Windows', '线索名称,客户姓名,电话号码\r\n恒泰建材,王建国,13800001024\r\n'],
  ])('may be %s', (_how, csv) => {
    expect(rowsOf(csv)).toEqual([{ number: 2, draft }])
  })

  it.each([
    ['', '缺少“线索名称”“客户姓名”“电话号码”'],
    ['恒泰建材,王建国,13800001024', '缺少'],
    ['线索名称,客户姓名\n恒泰建材,王建国', '缺少“电话号码”'],
    ['线索名称，客户姓名，电话号码\n恒泰建材，王建国，13800001024', '缺少'],
    ['线索名称;客户姓名;电话号码\n恒泰建材;王建国;13800001024', '缺少'],
    ['线索名称,title,客户姓名,电话号码\n甲,乙,丙,13800001024', '里有两个“title”'],
  ])('%j is refused, and says why', (csv, problem) => {
    const table = readClueTable(csv)
    expect(table).toMatchObject({ ok: false, refusal: 'import-heading' })
    if (!table.ok) expect(table.values.problem).toContain(problem)
  })

  it('may name columns that are nothing to us, which are remarked', () => {
    expect(readClueTable(`来源,${HEADING}\n展会,恒泰建材,王建国,13800001024,`)).toMatchObject({
      ok: true,
      value: { heading: { number: 1, remarks: [{ column: '来源' }] }, rows: [{ number: 2, draft }] },
    })
  })
})

describe('a row', () => {
  it('has the number that a spreadsheet shows: empty rows count, a line break in a cell does not', () => {
    const csv = `${HEADING}\n甲,乙,13800001024,"第一行\n第二行"\n\n,,,\n丙,丁,13800001025,\n`
    expect(rowsOf(csv)).toEqual([
      {
        number: 2,
        draft: { title: '甲', customerName: '乙', phone: '13800001024', remark: '第一行\n第二行' },
      },
      { number: 5, draft: { title: '丙', customerName: '丁', phone: '13800001025', remark: '' } },
    ])
  })

  it('has every error that is in it', () => {
    expect(rowsOf(`${HEADING}\n ,${'王'.repeat(61)},打给我,`)).toEqual([
      {
        number: 2,
        errors: [
          { column: '线索名称', message: '不能为空' },
          { column: '客户姓名', message: '太长，最多 60 个字' },
          { column: '电话号码', message: expect.stringContaining('不是有效的电话号码') },
        ],
      },
    ])
  })

  it('that is too short lacks the rest', () => {
    expect(rowsOf(`${HEADING}\n恒泰建材`)).toEqual([
      {
        number: 2,
        errors: [
          { column: '客户姓名', message: '不能为空' },
          { column: '电话号码', message: '不能为空' },
        ],
      },
    ])
  })

  it('that is too long has a comma somewhere; empty cells beyond the heading are none', () => {
    expect(rowsOf(`${HEADING}\n恒泰建材,王建国,13800001024,要砖,要瓦`)).toEqual([
      { number: 2, errors: [{ column: '整行', message: expect.stringContaining('英文逗号') }] },
    ])
    expect(rowsOf(`${HEADING}\n恒泰建材,王建国,13800001024,,,`)).toEqual([{ number: 2, draft }])
  })

  it('says what a spreadsheet does to long numbers', () => {
    expect(rowsOf(`${HEADING}\n恒泰建材,王建国,1.38E+10,`)).toEqual([
      { number: 2, errors: [{ column: '电话号码', message: expect.stringContaining('科学计数法') }] },
    ])
  })

  it.each([
    ["'13800001024", '13800001024'],
    ["'+86 13800001024", '+86 13800001024'],
  ])('the apostrophe before the number %s is not part of it', (typed, phone) => {
    expect(rowsOf(`${HEADING}\n恒泰建材,王建国,${typed},`)).toMatchObject([{ draft: { phone } }])
  })

  it.each([
    ["'=1+1", '=1+1'],
    ["'@恒泰", '@恒泰'],
    ["'90 年代家具", "'90 年代家具"],
    ["''=1", "''=1"],
    ['=1+1', '=1+1'],
  ])('the title %s is %s', (typed, title) => {
    expect(rowsOf(`${HEADING}\n${typed},王建国,13800001024,`)).toMatchObject([{ draft: { title } }])
  })

  it('takes a quotation mark in the middle of a cell for itself', () => {
    expect(rowsOf(`${HEADING}\n3" 管,"他说""要""",13800001024,`)).toMatchObject([
      { draft: { title: '3" 管', customerName: '他说"要"' } },
    ])
  })

  it('survives being written as CSV, whatever is in it', () => {
    const text = (max: number) =>
      fc
        .string({ unit: 'binary', maxLength: max })
        .map((it) =>
          it
            .replaceAll('\0', '')
            .replace(/^['\s]+/, '')
            .trim(),
        )
        .filter((it) => it.length <= max)
    const anyDraft = fc.record({
      title: text(120).filter((it) => it !== ''),
      customerName: text(60).filter((it) => it !== ''),
      phone: fc.stringMatching(/^[+\d][\d-]{4,19}$/),
      remark: text(200),
    })
    const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`
    fc.assert(
      fc.property(fc.array(anyDraft, { minLength: 1, maxLength: 5 }), (drafts) => {
        const lines = drafts.map((it) =>
          [it.title, it.customerName, it.phone, it.remark].map(quoted).join(','),
        )
        expect(rowsOf([HEADING, ...lines].join('\r\n'))).toEqual(
          drafts.map((it, n) => ({ number: n + 2, draft: it })),
        )
      }),
    )
  })
})

describe('a file', () => {
  it('with a cell that is never closed is refused by its row', () => {
    expect(readClueTable(`${HEADING}\n甲,乙,13800001024,\n\n丙,"丁,13800001025,\n`)).toMatchObject({
      ok: false,
      refusal: 'import-unreadable',
      values: { row: '4' },
    })
  })

  it.each([HEADING, `${HEADING}\n`, `${HEADING}\n,,,\n \n`])('without leads is refused: %j', (csv) => {
    expect(readClueTable(csv)).toMatchObject({ ok: false, refusal: 'import-empty' })
  })

  it('may have 5,000 rows and 2 MB, and no more', () => {
    const row = '甲,乙,13800001024,\n'
    expect(rowsOf(`${HEADING}\n${row.repeat(5000)}`)).toHaveLength(5000)
    const large = { ok: false, refusal: 'import-too-large' }
    expect(readClueTable(`${HEADING}\n${row.repeat(5001)}`)).toMatchObject(large)
    const most = 2 * 1024 * 1024
    expect(readClueTable('x'.repeat(most))).toMatchObject({ refusal: 'import-heading' })
    expect(readClueTable('x'.repeat(most + 1))).toMatchObject(large)
    expect(decodeCsv(new Uint8Array(most + 1))).toMatchObject(large)
  })

  it.each([
    ['UTF-8', Buffer.from('恒泰建材')],
    ['UTF-8 with a mark', Buffer.from('\ufeff恒泰建材')],
    ['GB18030', Buffer.from([0xba, 0xe3, 0xcc, 0xa9, 0xbd, 0xa8, 0xb2, 0xc4])],
  ])('may be in %s', (_encoding, bytes) => {
    expect(decodeCsv(bytes)).toEqual({ ok: true, value: '恒泰建材' })
  })

  it('in neither is refused', () => {
    expect(decodeCsv(Buffer.from([0xff, 0xff, 0xff]))).toMatchObject({ refusal: 'import-undecodable' })
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvOf, fieldHeadings, fields, type ClueCells } from './clue-rows.ts'
import { cellsOf, guessColumns } from './columns.ts'
import { decodeText, readFile, readText } from './read-table.ts'
import { gb18030, utf16le, xlsxFile } from './testing/spreadsheets.ts'
import { numberText } from './xlsx.ts'

const CSV = '线索名称,客户姓名,电话号码,备注\n恒泰建材,周女士,13800001024,要样品\n'
const ROWS = [
  ['线索名称', '客户姓名', '电话号码', '备注'],
  ['恒泰建材', '周女士', '13800001024', '要样品'],
]

async function rowsOf(reading: ReturnType<typeof readFile>): Promise<string[][]> {
  const found = await reading
  if (!found.ok) throw new Error(found.problem)
  return found.sheets[0]?.rows ?? []
}
const problemOf = async (reading: ReturnType<typeof readFile>) => {
  const found = await reading
  return found.ok ? '' : found.problem
}

describe('a text file', () => {
  it.each([
    ['UTF-8', new TextEncoder().encode(CSV)],
    ['UTF-8 with a mark', new TextEncoder().encode(`\uFEFF${CSV}`)],
    ['GB18030', gb18030(CSV)],
    ['UTF-16, the “Unicode text” of Excel', utf16le(CSV.replaceAll(',', '\t'))],
  ])('is read in %s', async (_what, bytes) => {
    expect(await rowsOf(readFile(new File([bytes], '线索.txt')))).toEqual(ROWS)
  })

  it('in no known encoding is refused with what to do', async () => {
    expect(decodeText(new Uint8Array([0xff, 0xff, 0x80]))).toBeNull()
    expect(await problemOf(readFile(new File([new Uint8Array([0xff, 0xff, 0x80])], 'a.csv')))).toContain(
      '另存为',
    )
  })

  it('may end its lines in any way, even in several', async () => {
    expect(await rowsOf(readText('a,b\r\nc,d\ne,f\rg,h'))).toHaveLength(4)
  })

  it('with a quotation mark that is never closed is refused with the row', async () => {
    expect(await problemOf(readFile(new File(['a,b\nc,"d\ne,f'], 'a.csv')))).toBe(
      '第 2 行读不下去：引号没有成对，请检查这一行里的英文双引号',
    )
  })

  it('without text is refused', async () => {
    expect(await problemOf(readFile(new File([' \n,,\n'], 'a.csv')))).toContain('没有内容')
  })
})

describe('what is pasted', () => {
  it('is cut at tabs, with line breaks inside quoted cells', async () => {
    expect(await rowsOf(readText('甲,公司\t王\t1380000\n乙\t李\t1390000\t"第一行\n第""二""行"\n'))).toEqual([
      ['甲,公司', '王', '1380000'],
      ['乙', '李', '1390000', '第一行\n第"二"行'],
    ])
  })

  it('may have quotation marks that a spreadsheet does not double', async () => {
    expect(await rowsOf(readText('"大"客户\t王\n5" 管\t李'))).toEqual([
      ['"大"客户', '王'],
      ['5" 管', '李'],
    ])
  })

  it('loses the marks that nobody sees', async () => {
    expect(await rowsOf(readText('甲\t王\t\u202D13800001024\u202C'))).toEqual([['甲', '王', '13800001024']])
  })
})

describe('an .xlsx', () => {
  it('keeps phone numbers, days and results of formulas as they are read', async () => {
    const file = xlsxFile('线索.xlsx', {
      客户: [
        ['线索名称', '客户姓名', '电话号码', '备注'],
        ['恒泰 & 建材', '周女士', { number: '13800001024' }, { serialDay: '45292' }],
        [null, null, null, null],
        ['云岭', '李先生', { number: '1.3800001025E10' }, { serialDay: '45292.5' }],
        [
          { formula: 'A2&"二部"', result: '恒泰二部' },
          '钱',
          '010-8888 6666',
          { number: '0.30000000000000004' },
        ],
      ],
    })
    expect(await rowsOf(readFile(file))).toEqual([
      ROWS[0],
      ['恒泰 & 建材', '周女士', '13800001024', '2024-01-01'],
      ['云岭', '李先生', '13800001025', '2024-01-01 12:00'],
      ['恒泰二部', '钱', '010-8888 6666', '0.3'],
    ])
  })

  it('gives every sheet that has something in it', async () => {
    const found = await readFile(xlsxFile('a.xlsx', { 一月: [['甲']], 空: [], 二月: [['乙'], ['丙']] }))
    expect(found).toEqual({
      ok: true,
      sheets: [
        { name: '一月', rows: [['甲']] },
        { name: '二月', rows: [['乙'], ['丙']] },
      ],
    })
  })

  it.each([
    ['old.xls', [0xd0, 0xcf, 0x11, 0xe0, 1], '旧版 .xls'],
    ['renamed.xlsx', [0x61, 0x2c, 0x62], '不是真正的 .xlsx'],
    ['torn.xlsx', [0x50, 0x4b, 3, 4, 9, 9], '打不开'],
    ['photo.png', [0x89, 0x50], '不是表格文件'],
    ['letter.docx', [0x50, 0x4b, 3, 4], '不是表格文件'],
    ['web.xls', [0x3c, 0x68], '不是表格文件'],
  ])('is not %s, which is refused with what to do', async (name, bytes, words) => {
    const problem = await problemOf(readFile(new File([new Uint8Array(bytes)], name)))
    expect(problem).toContain(words)
    expect(problem).toContain('另存为 .xlsx 或 CSV')
  })

  it('loses no digit of a whole number, however it is written', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 22n }), fc.boolean(), (number, scientific) => {
        const plain = String(number)
        const written = scientific
          ? `${plain[0]}.${plain.slice(1) || '0'}E${plain.length > 1 ? '+' : ''}${plain.length - 1}`
          : plain
        expect(numberText(written)).toBe(plain)
      }),
    )
  })
})

describe('leads', () => {
  const text = fc.string({
    unit: fc.constantFrom('甲', 'a', '1', ' ', ',', '"', "'", '\n', ';', '\t', '=', '😀', '\uFEFF'),
    maxLength: 12,
  })
  const cells: fc.Arbitrary<ClueCells> = fc.record({
    title: text,
    customerName: text,
    phone: text,
    remark: text,
  })

  it('come back from a CSV as they were, whatever is in them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(cells, { minLength: 1, maxLength: 8 }), async (leads) => {
        // a first row keeps its blank ones from being all there is
        const some = [{ title: '头', customerName: '一', phone: '1', remark: '' }, ...leads]
        const rows = await rowsOf(readFile(new File([await csvOf(some)], 'a.csv')))
        expect(rows[0]).toEqual(fields.map((field) => fieldHeadings[field]))
        const guess = guessColumns(rows)
        expect(guess).toMatchObject({ hasHeading: true, certain: true })
        const trimmed = some.map((lead) => fields.map((field) => lead[field].replaceAll('\uFEFF', '').trim()))
        expect(cellsOf(rows, guess).map((lead) => fields.map((field) => lead[field]))).toEqual(
          trimmed.filter((row) => row.some((cell) => cell !== '')),
        )
      }),
    )
  })
})

import { describe, expect, it } from 'vitest'
import { cellsOf, chooseField, guessColumns, missingFields } from './columns.ts'

describe('the columns of a table', () => {
  it.each([
    [
      ['线索名称', '客户姓名', '电话号码', '备注'],
      ['title', 'customerName', 'phone', 'remark'],
    ],
    [
      ['手机号', '公司名称', '联系人'],
      ['phone', 'title', 'customerName'],
    ],
    [
      ['*标题', '姓名（必填）', '联系电话 (手机)', '需求：'],
      ['title', 'customerName', 'phone', 'remark'],
    ],
    [
      ['Company', 'Contact Name', 'Phone Number', 'Notes'],
      ['title', 'customerName', 'phone', 'remark'],
    ],
  ])('are known by the headings %j', (headings, columns) => {
    expect(guessColumns([headings, headings.map(() => 'x')])).toEqual({
      columns,
      hasHeading: true,
      certain: true,
    })
  })

  it('are asked for when a heading is not known, unless the column is empty', () => {
    const headings = ['线索名称', '客户姓名', '电话号码', '来源']
    expect(guessColumns([headings, ['甲', '王', '13800001024', '展会']])).toMatchObject({
      columns: ['title', 'customerName', 'phone', null],
      hasHeading: true,
      certain: false,
    })
    const bare = guessColumns([
      ['线索名称', '客户姓名', '电话号码', ''],
      ['甲', '王', '13800001024', ''],
    ])
    expect(bare.certain).toBe(true)
  })

  it('are asked for when one that is needed is missing or is there twice', () => {
    expect(
      guessColumns([
        ['公司', '电话'],
        ['甲', '13800001024'],
      ]).certain,
    ).toBe(false)
    const twice = guessColumns([
      ['公司', '姓名', '电话', '手机'],
      ['甲', '王', '010-88886666', '13800001024'],
    ])
    expect(twice).toMatchObject({ columns: ['title', 'customerName', 'phone', null], certain: false })
  })

  it('are guessed by where the phone numbers are when there is no heading', () => {
    const rows = [
      ['13800001024', '甲公司', '王', '备注'],
      ['13800001025', '乙公司', '李', ''],
    ]
    const guess = guessColumns(rows)
    expect(guess).toEqual({
      columns: ['phone', 'title', 'customerName', 'remark'],
      hasHeading: false,
      certain: false,
    })
    expect(cellsOf(rows, guess)).toHaveLength(2)
  })

  it('take words above phone numbers for a heading though nobody knows them', () => {
    expect(
      guessColumns([
        ['A 栏', 'B 栏', 'C 栏'],
        ['甲', '王', '13800001024'],
      ]),
    ).toMatchObject({
      columns: ['title', 'customerName', 'phone'],
      hasHeading: true,
      certain: false,
    })
  })

  it('hold a field once: chosen for another column it moves', () => {
    const columns = chooseField(['title', 'customerName', null], 2, 'title')
    expect(columns).toEqual([null, 'customerName', 'title'])
    expect(missingFields(columns)).toEqual(['phone'])
  })

  it('write phone numbers in plain digits and dashes', () => {
    const rows = [['甲', '王', ' １３８‑０００１–1024 ', '全角，留着']]
    expect(
      cellsOf(rows, {
        columns: ['title', 'customerName', 'phone', 'remark'],
        hasHeading: false,
        certain: true,
      }),
    ).toEqual([{ title: '甲', customerName: '王', phone: '138-0001-1024', remark: '全角，留着' }])
  })
})

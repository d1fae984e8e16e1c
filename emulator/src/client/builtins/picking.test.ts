// @vitest-environment jsdom
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { screen } from '../screen.ts'
import { onePage, startPhone, type TestPhone } from '../testing/launch.ts'
import { dateColumns, timeColumns } from './picker-dates.ts'
import { regionColumns } from './picker-regions.ts'

const logging = 'on(e) { log.push([e.type, e.detail]) }'
const column = (phone: TestPhone, index: number) => phone.part(`picker-column-${index}`)
const rows = (phone: TestPhone, index: number) =>
  [...(column(phone, index)?.querySelectorAll('[role=option]') ?? [])].map((row) => row.textContent)
const chosen = (phone: TestPhone, index: number) =>
  column(phone, index)?.querySelector('[aria-selected=true]')?.textContent
function turn(phone: TestPhone, index: number, text: string): void {
  const row = [...(column(phone, index)?.querySelectorAll<HTMLElement>('[role=option]') ?? [])].find(
    (option) => option.textContent === text,
  )
  if (!row) throw new Error(`no row ${text} in column ${index}`)
  row.click()
  // what the page answers is on the screen
  screen.flush()
}

const one = (attributes: string, members = '') =>
  startPhone(
    onePage(
      `${members ? `${members}, ` : ''}${logging}`,
      `<form bindsubmit="on" bindreset="on"><picker id="p" name="p" ${attributes} bindchange="on" bindcancel="on" bindcolumnchange="on">选</picker>
       <button id="go" form-type="submit"/></form>`,
    ),
  )

test('selector: a row from the wheel, 确定 tells it as text, and the form has it', () => {
  const phone = one(
    'range="{{r}}" range-key="n" header-text="选一个" value="{{1}}"',
    "data: { r: [{ n: '甲' }, { n: '乙' }, { n: '丙' }] }",
  )
  phone.tapId('p')
  expect(phone.part('picker')?.querySelector('h2')?.textContent).toBe('选一个')
  expect(rows(phone, 0)).toEqual(['甲', '乙', '丙'])
  expect(chosen(phone, 0)).toBe('乙')
  turn(phone, 0, '丙')
  expect(phone.log()).toEqual([])
  phone.press('picker-confirm')
  expect(phone.part('picker')).toBeNull()
  phone.tapId('go')
  expect(phone.log()).toEqual([
    ['change', { value: '2' }],
    ['submit', { value: { p: '2' } }],
  ])
})

test('取消 and a press beside the sheet are cancel; what was turned is forgotten', () => {
  const phone = one('range="{{r}}"', "data: { r: ['甲', '乙'] }")
  phone.tapId('p')
  turn(phone, 0, '乙')
  phone.press('picker-cancel')
  phone.tapId('p')
  expect(chosen(phone, 0)).toBe('甲')
  phone.part('picker')?.parentElement?.click()
  expect(phone.log()).toEqual([
    ['cancel', {}],
    ['cancel', {}],
  ])
})

test('a disabled picker opens nothing', () => {
  const phone = one('disabled range="{{[1]}}"')
  phone.tapId('p')
  expect(phone.part('picker')).toBeNull()
})

test('multiSelector: columnchange, and the columns the page answers with', () => {
  const phone = one(
    'mode="multiSelector" range="{{r}}" value="{{v}}" bindcolumnchange="turned"',
    `data: { r: [['动物', '植物'], ['猫', '狗']], v: [0, 1] },
     turned(e) { log.push([e.type, e.detail]); if (e.detail.column === 0) this.setData({ 'r[1]': ['树', '草', '花'], v: [e.detail.value, 0] }) }`,
  )
  phone.tapId('p')
  expect([chosen(phone, 0), chosen(phone, 1)]).toEqual(['动物', '狗'])
  turn(phone, 0, '植物')
  expect(rows(phone, 1)).toEqual(['树', '草', '花'])
  expect(chosen(phone, 1)).toBe('树')
  turn(phone, 1, '花')
  phone.press('picker-confirm')
  expect(phone.log()).toEqual([
    ['columnchange', { column: 0, value: 1 }],
    ['columnchange', { column: 1, value: 2 }],
    ['change', { value: [1, 2] }],
  ])
})

test('date: the days of the month, the limits of start and end', () => {
  const phone = one('mode="date" value="2024-02-29" start="2023-05-10" end="2025-03-02"')
  phone.tapId('p')
  expect(rows(phone, 0)).toEqual(['2023年', '2024年', '2025年'])
  expect(rows(phone, 2)).toHaveLength(29)
  turn(phone, 0, '2025年')
  expect(rows(phone, 1)).toEqual(['1月', '2月', '3月'])
  expect(chosen(phone, 2)).toBe('28日')
  turn(phone, 1, '3月')
  expect(rows(phone, 2)).toEqual(['1日', '2日'])
  phone.press('picker-confirm')
  expect(phone.log()).toEqual([['change', { value: '2025-03-02' }]])
})

test.each([
  ['year', 1, '2024'],
  ['month', 2, '2024-02'],
  ['day', 3, '2024-02-09'],
] as const)('date with fields %s', (fields, count, value) => {
  const { columns, chosen, detail } = dateColumns('2024-02-09', '', '', fields)
  expect(columns).toHaveLength(count)
  expect(detail(chosen)).toEqual({ value })
})

test('time between start and end', () => {
  const phone = one('mode="time" value="09:05" start="08:30" end="10:15"')
  phone.tapId('p')
  expect(rows(phone, 0)).toEqual(['08', '09', '10'])
  expect(chosen(phone, 1)).toBe('05')
  turn(phone, 0, '10')
  expect(rows(phone, 1)?.at(-1)).toBe('15')
  turn(phone, 0, '08')
  expect(rows(phone, 1)?.[0]).toBe('30')
  phone.press('picker-confirm')
  expect(phone.log()).toEqual([['change', { value: '08:30' }]])
})

test('region: three columns that follow one another, a custom row above each, the code of each', () => {
  const phone = one(
    'mode="region" custom-item="全部" value="{{v}}"',
    "data: { v: ['广东省', '广州市', '海珠区'] }",
  )
  phone.tapId('p')
  expect([0, 1, 2].map((index) => chosen(phone, index))).toEqual(['广东省', '广州市', '海珠区'])
  turn(phone, 0, '浙江省')
  expect(rows(phone, 1)?.slice(0, 2)).toEqual(['全部', '杭州市'])
  expect([chosen(phone, 1), rows(phone, 2)]).toEqual(['全部', ['全部']])
  turn(phone, 1, '杭州市')
  phone.press('picker-confirm')
  expect(phone.log()).toEqual([
    ['change', { value: ['浙江省', '杭州市', '全部'], code: ['330000', '330100'], postcode: '' }],
  ])
})

test('streets are not there: sub-district shows the districts and is named', () => {
  const phone = one('mode="region" level="sub-district"')
  phone.tapId('p')
  expect([column(phone, 2) !== null, column(phone, 3)]).toEqual([true, null])
  expect(phone.inspection.errors.map(({ message }) => message)).toEqual([
    '<picker mode="region" level="sub-district"> is not part of this emulator',
  ])
})

test('region by level', () => {
  expect(regionColumns([], { customItem: '', level: 'city' }).columns).toHaveLength(2)
  expect(regionColumns([], { customItem: '', level: 'province' }).columns[0]).toHaveLength(34)
})

const date = fc.date({ min: new Date(1950, 0, 1), max: new Date(2050, 11, 31), noInvalidDate: true })
const day = (of: Date) => of.toISOString().slice(0, 10)

test('whatever is turned, a date lies between start and end and exists', () => {
  fc.assert(
    fc.property(
      date,
      date,
      date,
      fc.array(fc.tuple(fc.nat(2), fc.nat(200)), { maxLength: 6 }),
      (a, b, c, turns) => {
        const [start, end] = [day(a), day(b)].sort() as [string, string]
        let now = dateColumns(day(c), start, end, 'day')
        const rowsNow = [...now.chosen]
        for (const [columnIndex, to] of turns) {
          rowsNow[columnIndex] = to % (now.columns[columnIndex]?.length ?? 1)
          now = now.turned?.(rowsNow) ?? now
          rowsNow.splice(0, 3, ...now.chosen)
        }
        const { value } = now.detail(rowsNow) as { value: string }
        expect(value >= start && value <= end).toBe(true)
        expect(day(new Date(`${value}T00:00:00Z`))).toBe(value)
      },
    ),
  )
})

test('and so does a time', () => {
  const time = fc
    .nat(24 * 60 - 1)
    .map((m) => `${String(Math.floor(m / 60)).padStart(2, '0')}:${String(m % 60).padStart(2, '0')}`)
  fc.assert(
    fc.property(
      time,
      time,
      time,
      fc.array(fc.tuple(fc.nat(1), fc.nat(90)), { maxLength: 5 }),
      (a, b, c, turns) => {
        const [start, end] = [a, b].sort() as [string, string]
        let now = timeColumns(c, start, end)
        const rowsNow = [...now.chosen]
        for (const [columnIndex, to] of turns) {
          rowsNow[columnIndex] = to % (now.columns[columnIndex]?.length ?? 1)
          now = now.turned?.(rowsNow) ?? now
          rowsNow.splice(0, 2, ...now.chosen)
        }
        const { value } = now.detail(rowsNow) as { value: string }
        expect(value >= start && value <= end).toBe(true)
      },
    ),
  )
})

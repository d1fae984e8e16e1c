import { describe, expect, it } from 'vitest'
import type { AdminCluePage } from '@leadbell/contract'
import { gb18030, xlsxFile } from '../../admin/src/pages/import/testing/spreadsheets.ts'
import type { BackOffice } from './back-office.ts'
import { useWorld } from './use-world.ts'

/** Large enough that its sheet is unpacked by a worker, which the page's policy has to allow. */
const ROWS = 4_000
const soon = { timeout: 60_000 }

describe('files as a clerk has them', () => {
  const world = useWorld()

  it('an Excel workbook whose phone numbers are numbers', { timeout: 120_000 }, async () => {
    const lead = (n: number) => [
      `展会 ${n} 号 ${crypto.randomUUID()}`,
      `客户${n}`,
      { number: String(13_900_000_000 + n) },
      null,
    ]
    const rows = Array.from({ length: ROWS }, (_, n) => lead(n))
    const office = await choose(
      xlsxFile('展会.xlsx', { 名单: [['线索名称', '客户姓名', '手机', '备注'], ...rows] }),
    )
    await office.page.getByText(`共 ${ROWS} 行，都可以导入`).waitFor(soon)
    await office.page.getByRole('button', { name: `导入 ${ROWS} 行` }).click()
    await office.page.getByRole('heading', { name: `已导入 ${ROWS} 条` }).waitFor(soon)
    expect((await found('13900003999')).map(({ customerName }) => customerName)).toEqual(['客户3999'])
    expect(office.errors).toEqual([])
  })

  it('a CSV of a Chinese Excel, with one wrong number that is mended in place', async () => {
    const csv =
      '线索名称,客户姓名,电话号码,备注\n恒泰建材,周女士,13811112222,"要样品\n要发票"\n城东物流园,赵先生,不知道,\n'
    const office = await choose(new File([gb18030(csv)], '线索.csv'))
    await office.page.getByText('共 2 行，1 行有误').waitFor(soon)
    await office.page.getByRole('button', { name: '先改有误的 1 行' }).click()
    await office.page.keyboard.press('Control+A')
    await office.page.keyboard.type('13833334444')
    await office.page.getByText('共 2 行，都可以导入').waitFor(soon)
    await office.page.getByRole('button', { name: '导入 2 行' }).click()
    await office.page.getByRole('heading', { name: '已导入 2 条' }).waitFor(soon)
    expect(await found('13811112222')).toMatchObject([{ title: '恒泰建材', remark: '要样品\n要发票' }])
    expect(await found('13833334444')).toMatchObject([{ title: '城东物流园', customerName: '赵先生' }])
    expect(office.errors).toEqual([])
  })

  async function choose(file: File): Promise<BackOffice> {
    const office = await world.openBackOffice('/import')
    const buffer = Buffer.from(await file.arrayBuffer())
    await office.page.locator('input[type=file]').setInputFiles({ name: file.name, mimeType: '', buffer })
    return office
  }

  const found = async (phone: string) =>
    (await world.admin<AdminCluePage>('GET', `/admin/clues?q=${phone}`)).items
})

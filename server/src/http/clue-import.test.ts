import { randomUUID } from 'node:crypto'
import type { AdminCluePage, ImportResult } from '@leadbell/contract'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { enterAs } from '../testing/back-office.ts'
import { ADMIN_TOKEN, Harness } from '../testing/harness.ts'

let server: Harness
let token: string
beforeAll(async () => {
  server = await Harness.start()
  token = (await enterAs(server, 'clerk')).token
})
afterAll(() => server.stop())
beforeEach(async () => {
  await server.db.database.pool.query('update clues set deleted_at = now() where deleted_at is null')
})

const HEADING = '线索名称,客户姓名,电话号码,备注'
const csvOf = (...rows: string[]) => [HEADING, ...rows].join('\n')

const importCsv = (csv: string, more: { partial?: boolean; dryRun?: boolean } = {}, key?: string) =>
  server.call<ImportResult>('POST', '/admin/clues/import', {
    token,
    body: { csv, ...more },
    ...(key !== undefined && { headers: { 'idempotency-key': key } }),
  })

const present = async () => (await server.call<AdminCluePage>('GET', '/admin/clues', { token })).result.items

describe('importing leads', () => {
  it('enters all of them, unassigned, each row with the lead it became', async () => {
    const answer = await importCsv(csvOf('甲公司,王建国,13800001024,要砖', '乙公司,李明,13800001025,'))
    expect(answer).toMatchObject({
      status: 200,
      code: 200,
      message: '已导入 2 行',
      result: {
        total: 2,
        imported: 2,
        rows: [
          { row: 2, errors: [], warnings: [] },
          { row: 3, errors: [], warnings: [] },
        ],
      },
    })
    const [b, a] = await present()
    expect(answer.result.rows.map(({ clueId }) => clueId)).toEqual([a?.id, b?.id])
    const empty = { status: 'pending', version: 1, assigneeId: null, assignee: null, delivery: null }
    expect(a).toMatchObject({
      title: '甲公司',
      customerName: '王建国',
      phone: '13800001024',
      remark: '要砖',
      ...empty,
    })
    expect(b).toMatchObject({ title: '乙公司', customerName: '李明', remark: '', ...empty })
  })

  it('enters none when one row is wrong, and reports every row', async () => {
    expect(await importCsv(csvOf('甲公司,王建国,13800001024,', ',李明,打给我,'))).toMatchObject({
      status: 422,
      code: 422,
      success: false,
      message: '有 1 行需要改正，一行也没有导入；请按提示修改后重新导入',
      result: {
        total: 2,
        imported: 0,
        rows: [
          { row: 2, clueId: null, errors: [] },
          { row: 3, clueId: null, errors: [{ column: '线索名称' }, { column: '电话号码' }] },
        ],
      },
    })
    expect(await present()).toEqual([])
  })

  it('enters the right ones when asked to', async () => {
    const csv = csvOf(
      ',李明,打给我,',
      '甲公司,王建国,13800001024,',
      '乙公司,,13800001025,',
      '丙,丁,13800001026,',
    )
    const { status, message, result } = await importCsv(csv, { partial: true })
    expect({ status, message }).toEqual({ status: 200, message: '已导入 2 行，另有 2 行需要改正' })
    expect(result).toMatchObject({ total: 4, imported: 2 })
    const [c, a] = await present()
    expect(result.rows.map(({ clueId }) => clueId)).toEqual([null, a?.id, null, c?.id])
    expect([a?.title, c?.title]).toEqual(['甲公司', '丙'])
  })

  it('enters none that way when all are wrong', async () => {
    expect(await importCsv(csvOf(',,,x'), { partial: true })).toMatchObject({
      status: 200,
      message: '已导入 0 行，另有 1 行需要改正',
      result: { imported: 0 },
    })
  })

  it('only reports when it is a trial', async () => {
    const good = '甲公司,王建国,13800001024,'
    expect(await importCsv(csvOf(good, ',,,x'), { dryRun: true })).toMatchObject({
      status: 200,
      message: '试导入：1 行可以导入，1 行需要改正',
      result: { total: 2, imported: 0, rows: [{ clueId: null, errors: [] }, { clueId: null }] },
    })
    expect(await importCsv(csvOf(good), { dryRun: true, partial: true })).toMatchObject({
      message: '试导入：1 行都可以导入',
    })
    expect(await present()).toEqual([])
  })

  it('warns of a number that a lead has already or an earlier row has, however it is spelled', async () => {
    // 138-0000-1024
    const known = await server.enterClue()
    const deleted = await server.enterClue()
    await server.deleteClue(deleted.id)
    const { result } = await importCsv(
      csvOf(
        '甲,王,13800001024,',
        '乙,李,13900001111,',
        '丙,赵,+86 139-0000-1111,',
        '丁,钱,,',
        '戊,孙,010-8888 6666,',
        '己,周,+86 138 0000 1024,',
      ),
      { partial: true },
    )
    expect(result.rows.map(({ warnings }) => warnings.map(({ message }) => message))).toEqual([
      [`已有线索用这个号码（编号 ${known.id}）`],
      [],
      ['和第 3 行的号码相同'],
      [],
      [],
      [`已有线索用这个号码（编号 ${known.id}）`, '和第 2 行的号码相同'],
    ])
    expect(result.imported).toBe(5)
  })

  it('tells of columns that it does not know', async () => {
    expect(await importCsv('来源,线索名称,客户姓名,电话号码\n展会,甲,王,13800001024')).toMatchObject({
      result: {
        total: 1,
        imported: 1,
        rows: [
          { row: 1, clueId: null, errors: [], warnings: [{ column: '来源' }] },
          { row: 2, errors: [] },
        ],
      },
    })
  })

  it('under a key happens once', async () => {
    const [key, csv] = [randomUUID(), csvOf('甲公司,王建国,13800001024,')]
    const [first, again] = [await importCsv(csv, {}, key), await importCsv(csv, {}, key)]
    expect(again.result).toEqual(first.result)
    expect(await present()).toHaveLength(1)
  })

  it('takes 5,000 rows with long remarks, as JSON too', async () => {
    const rows = Array.from(
      { length: 5000 },
      (_, n) => `线索 ${n},客户,138${10_000_000 + n},"要\n${'x'.repeat(300)}"`,
    )
    const { status, result } = await importCsv(csvOf(...rows))
    expect({ status, imported: result.imported }).toEqual({ status: 200, imported: 5000 })
    const { rows: kept } = await server.db.database.pool.query(
      'select id, title from clues where deleted_at is null order by id',
    )
    expect(kept.map(({ id }) => String(id))).toEqual(result.rows.map(({ clueId }) => clueId))
    expect(kept.map(({ title }) => title)).toEqual(rows.map((_, n) => `线索 ${n}`))
  })

  it.each([
    ['no CSV at all', { body: {} }, 400],
    ['a CSV with a NUL', { body: { csv: `${HEADING}\n甲\0,乙,13800001024,` } }, 400],
    ['more than 5 MB', { body: { csv: 'x'.repeat(5 * 1024 * 1024) } }, 413],
    ['more than 2 MB', { body: { csv: 'x'.repeat(3 * 1024 * 1024) } }, 413],
  ])('refuses %s', async (_what, sent, status) => {
    const answer = await server.call('POST', '/admin/clues/import', { token, ...sent })
    expect(answer).toMatchObject({ status, code: status, result: null })
  })
})

describe('a CSV as it is', () => {
  const send = async (bytes: Uint8Array<ArrayBuffer>, query = '', type = 'text/csv') => {
    const response = await server.app.request(`http://localhost/admin/clues/import${query}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': type },
      body: bytes,
    })
    return (await response.json()) as { code: number; message: string; result: ImportResult | null }
  }
  const utf8 = (text: string) => new Uint8Array(Buffer.from(text))
  // 线索名称,客户姓名,电话号码 / 恒泰建材,王建国,13800001024 as Excel in China writes it
  const gb18030 = new Uint8Array(
    Buffer.from(
      'cfdfcbf7c3fbb3c62cbfcdbba7d0d5c3fb2cb5e7bbb0bac5c2eb0d0abae3cca9bda8b2c42ccdf5bda8b9fa2c31333830303030313032340d0a',
      'hex',
    ),
  )

  it.each([
    ['UTF-8', utf8('\ufeff线索名称,客户姓名,电话号码\r\n恒泰建材,王建国,13800001024\r\n')],
    ['GB18030', gb18030],
  ])('in %s becomes leads', async (_encoding, bytes) => {
    expect(await send(bytes, '', 'text/csv; charset=gbk')).toMatchObject({
      code: 200,
      result: { imported: 1 },
    })
    expect(await present()).toMatchObject([{ title: '恒泰建材', customerName: '王建国' }])
  })

  it('takes its options from the address', async () => {
    const csv = utf8(csvOf(',,,x', '甲公司,王建国,13800001024,'))
    expect(await send(csv, '?partial=1&dryRun=1')).toMatchObject({ code: 200, result: { imported: 0 } })
    expect(await send(csv)).toMatchObject({ code: 422, result: { imported: 0 } })
    expect(await send(csv, '?partial=1')).toMatchObject({ code: 200, result: { imported: 1 } })
    expect(await send(csv, '?partial=yes')).toMatchObject({
      code: 400,
      message: expect.stringContaining('（partial）'),
    })
  })

  it('in no known encoding, or empty, is refused', async () => {
    expect(await send(new Uint8Array([0xff, 0xff, 0xff]))).toMatchObject({
      code: 400,
      message: expect.stringContaining('编码无法识别'),
    })
    expect(await send(utf8(''))).toMatchObject({ code: 400, message: expect.stringContaining('（csv）') })
  })
})

import { ElMessageBox } from 'element-plus'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { VueWrapper } from '@vue/test-utils'
import { Refusal } from '../../testing/backend.ts'
import { open, settle } from '../../testing/open.ts'
import ImportPage from './ImportPage.vue'
import { gb18030, xlsxFile } from './testing/spreadsheets.ts'
import { ImportBackend } from './testing/import-backend.ts'

const HEADING = '线索名称\t客户姓名\t电话号码\t备注'
const CHECK_MS = 400
const lead = (n: number) => `线索 ${n}\t客户\t138${String(10_000_000 + n)}\t`
const leads = (count: number) => Array.from({ length: count }, (_, n) => lead(n + 1))
const clerk = { token: 'T', user: { id: '5', username: 'lin', realname: '林会计', role: 'clerk' } }

let backend: ImportBackend
let page: VueWrapper
let router: Awaited<ReturnType<typeof open>>['router']

beforeEach(() => {
  vi.unstubAllGlobals()
  sessionStorage.clear()
  backend = new ImportBackend()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  localStorage.setItem('leadbell.admin.session', JSON.stringify(clerk))
})

async function openPage(): Promise<void> {
  const opened = await open(ImportPage, { path: '/import' })
  page = opened.page
  router = opened.router
  await loaded()
}

/** Lazy modules are there, and the check has answered. */
async function loaded(): Promise<void> {
  await vi.dynamicImportSettled()
  await settle()
  await vi.advanceTimersByTimeAsync(CHECK_MS)
  await vi.dynamicImportSettled()
  await settle()
}

async function paste(text: string, target: EventTarget = window): Promise<void> {
  const event = new Event('paste', { bubbles: true, cancelable: true })
  Object.assign(event, {
    clipboardData: { getData: (type: string) => (type === 'text/plain' ? text : '<b>x</b>'), files: [] },
  })
  target.dispatchEvent(event)
  await loaded()
}

async function choose(file: File): Promise<void> {
  const input = page.get<HTMLInputElement>('input[type=file]')
  Object.defineProperty(input.element, 'files', { value: [file], configurable: true })
  await input.trigger('change')
  // a File is read by the engine, which knows nothing of fake clocks
  await vi.waitFor(() => expect(page.text()).not.toContain('正在读取'))
  await loaded()
}

const cell = (label: string) => page.get<HTMLTextAreaElement>(`textarea[aria-label="${label}"]`)
const button = (text: string) => {
  const found = page.findAll('button').find((one) => one.text().includes(text))
  if (!found)
    throw new Error(
      `no button ${text} in ${page
        .findAll('button')
        .map((one) => one.text())
        .join(' | ')}`,
    )
  return found
}
async function press(text: string): Promise<void> {
  await button(text).trigger('click')
  await loaded()
}
async function type(label: string, text: string): Promise<void> {
  await cell(label).setValue(text)
  await loaded()
}
const counts = () => page.get('.tools [role=status]').text()
/** What a screen reader reads with the cell. */
const noteAt = (label: string) => {
  const id = cell(label).attributes('aria-describedby')
  return id ? page.get(`[id="${id}"]`).text() : ''
}
const answerDialog = (confirms: boolean) =>
  vi
    .spyOn(ElMessageBox, 'confirm')
    .mockImplementation(() =>
      confirms ? Promise.resolve('confirm' as never) : Promise.reject(new Error('cancel')),
    )

describe('the ways in', () => {
  it('500 rows are pasted anywhere on the page, checked and imported, chunk by chunk', async () => {
    await openPage()
    await paste([HEADING, ...leads(500)].join('\r\n'))
    expect(counts()).toBe('共 500 行，都可以导入')
    expect(page.findAll('tbody tr')).toHaveLength(50)

    await press('导入 500 行')
    expect(page.text()).toContain('已导入 500 条')
    expect(page.get('a[href="/clues?unassigned=1"]').text()).toBe('去分配')
    expect(backend.entered).toHaveLength(500)
    expect(backend.entered[499]?.title).toBe('线索 500')
    expect(new Set(backend.imported.map(({ headers }) => headers.get('idempotency-key'))).size).toBe(3)

    await press('再导入一批')
    expect(page.find('input[type=file]').exists()).toBe(true)
    expect(sessionStorage).toHaveLength(0)
  })

  it('rows without a heading are asked what their columns are', async () => {
    await openPage()
    await paste('13800001024\t王建国\t恒泰建材\n13800001025\t李明\t云岭茶业')
    const select = (name: string) => page.get<HTMLSelectElement>(`select[aria-label="${name}导入为"]`)
    expect(select('第 1 列').element.value).toBe('phone')
    await select('第 2 列').setValue('customerName')
    expect(button('下一步').attributes('disabled')).toBeDefined()
    expect(page.text()).toContain('还没有选：「线索名称」')
    await select('第 3 列').setValue('title')
    await press('下一步')
    expect(cell('第 2 行 线索名称').element.value).toBe('恒泰建材')
    expect(cell('第 3 行 客户姓名').element.value).toBe('李明')
  })

  it('a CSV that Excel in China saved is read', async () => {
    await openPage()
    await choose(
      new File([gb18030('公司,联系人,手机,备注\n恒泰建材,周女士,13800001024,想看样品')], '线索.csv'),
    )
    expect(cell('第 2 行 线索名称').element.value).toBe('恒泰建材')
    expect(cell('第 2 行 备注').element.value).toBe('想看样品')
  })

  it('of an .xlsx with several sheets one is chosen', async () => {
    await openPage()
    const rows = (name: string) => [
      ['线索名称', '客户姓名', '电话号码'],
      [name, '王', { number: '13800001024' }],
    ]
    await choose(xlsxFile('a.xlsx', { 一月: rows('甲'), 二月: rows('乙') }))
    await press('二月（2 行）')
    expect(cell('第 2 行 线索名称').element.value).toBe('乙')
    expect(cell('第 2 行 电话号码').element.value).toBe('13800001024')
  })

  it('a file that cannot be read says what to do, and what was typed stays', async () => {
    await openPage()
    await page.get('#pasted').setValue('甲\t乙')
    await choose(new File(['x'], '线索.xls'))
    expect(page.get('[role=alert]').text()).toContain('另存为 .xlsx 或 CSV')
    expect(page.get<HTMLTextAreaElement>('#pasted').element.value).toBe('甲\t乙')
  })

  it('more than 5,000 rows are refused', async () => {
    await openPage()
    await paste([HEADING, ...leads(5001)].join('\n'))
    expect(page.get('[role=alert]').text()).toContain('一次最多 2 MB、5000 行')
  })
})

describe('the preview', () => {
  it('shows an error at its cell, which is mended in place and checked again', async () => {
    await openPage()
    await paste([HEADING, lead(1), '\t李明\t打给我\t', lead(3)].join('\n'))
    expect(counts()).toBe('共 3 行，1 行有误')
    expect(noteAt('第 3 行 线索名称')).toBe('有误：不能为空')
    expect(cell('第 3 行 电话号码').attributes('aria-invalid')).toBe('true')

    await press('先改有误的 1 行')
    expect(page.findAll('tbody tr')).toHaveLength(1)
    expect(document.activeElement).toBe(cell('第 3 行 线索名称').element)
    await type('第 3 行 线索名称', '乙公司')
    await type('第 3 行 电话号码', '13900001111')
    expect(counts()).toBe('共 3 行，都可以导入')
    // it does not vanish under somebody's hands
    expect(page.get('tbody').text()).toContain('已改好')

    await press('导入 3 行')
    expect(backend.entered.map(({ title }) => title)).toEqual(['线索 1', '乙公司', '线索 3'])
  })

  it('counts rows as the backend does, with line breaks in cells and with emptied rows', async () => {
    await openPage()
    await paste(
      [HEADING, '甲\t王\t13800001024\t"第一\n第二"', lead(2), '丙\t李\t\t', '丁\t赵\t13800001024\t'].join(
        '\n',
      ),
    )
    expect(cell('第 2 行 备注').element.value).toBe('第一\n第二')
    expect(noteAt('第 4 行 电话号码')).toBe('有误：不能为空')
    expect(noteAt('第 5 行 电话号码')).toBe('请核对：和第 2 行的号码相同')
    for (const column of ['线索名称', '客户姓名', '电话号码']) await type(`第 3 行 ${column}`, '')
    expect(counts()).toBe('共 3 行，1 行有误，1 行请核对')
    expect(noteAt('第 4 行 电话号码')).toBe('有误：不能为空')
    expect(noteAt('第 5 行 电话号码')).toBe('请核对：和第 2 行的号码相同')
  })

  it('believes the latest answer, whichever comes last', async () => {
    await openPage()
    await paste([HEADING, '甲\t王\t错\t'].join('\n'))
    const waiting: (() => void)[] = []
    backend.onDryRun = () => new Promise((resolve) => waiting.push(resolve))
    await type('第 2 行 电话号码', '还是错')
    await type('第 2 行 电话号码', '13800001024')
    expect(backend.dryRuns).toHaveLength(3)
    waiting[1]?.()
    await loaded()
    waiting[0]?.()
    await loaded()
    expect(counts()).toBe('共 1 行，都可以导入')
  })

  it('asks once for a word of several keys', async () => {
    await openPage()
    await paste([HEADING, lead(1)].join('\n'))
    for (const text of ['甲', '甲公', '甲公司']) await cell('第 2 行 线索名称').setValue(text)
    await loaded()
    expect(backend.dryRuns).toHaveLength(2)
  })

  it('removes a row and brings it back as it was', async () => {
    await openPage()
    await paste([HEADING, ...leads(3)].join('\n'))
    await type('第 3 行 客户姓名', '改过')
    await page.get('button[aria-label="删除第 3 行"]').trigger('click')
    await loaded()
    expect(counts()).toContain('共 2 行')
    expect(document.activeElement?.getAttribute('aria-label')).toBe('删除第 3 行')
    await press('撤销')
    expect(cell('第 3 行 客户姓名').element.value).toBe('改过')
    expect(counts()).toContain('共 3 行')
  })

  it('is worked by Enter as a spreadsheet is, over the end of a page, and not in an input method', async () => {
    await openPage()
    await paste([HEADING, ...leads(60)].join('\n'))
    const enter = async (label: string, keys: object = {}) => {
      await cell(label).trigger('keydown', { key: 'Enter', ...keys })
      await settle()
      return document.activeElement?.getAttribute('aria-label')
    }
    cell('第 2 行 电话号码').element.focus()
    expect(await enter('第 2 行 电话号码', { isComposing: true })).toBe('第 2 行 电话号码')
    expect(await enter('第 2 行 电话号码')).toBe('第 3 行 电话号码')
    expect(await enter('第 51 行 备注')).toBe('第 52 行 备注')
    expect(await enter('第 52 行 备注', { shiftKey: true })).toBe('第 51 行 备注')
    await enter('第 51 行 备注', { altKey: true })
    expect(cell('第 51 行 备注').element.value).toBe('\n')
  })

  it('says where a second batch goes that is pasted beside the cells', async () => {
    await openPage()
    await paste([HEADING, lead(1)].join('\n'))
    await type('第 2 行 备注', '要样品')
    await paste([HEADING, lead(2)].join('\n'), cell('第 2 行 备注').element)
    expect(page.text()).not.toContain('请先导入')
    await paste([HEADING, lead(2)].join('\n'))
    expect(page.text()).toContain('请先导入这些行，或点「重新选择」')
    expect(counts()).toContain('共 1 行')
  })

  it('turns pages', async () => {
    await openPage()
    await paste([HEADING, ...leads(60)].join('\n'))
    await press('下一页')
    expect(page.findAll('tbody tr')).toHaveLength(10)
    expect(cell('第 61 行 线索名称').element.value).toBe('线索 60')
  })

  it('keeps the rows when the check cannot reach the backend, and checks when asked again', async () => {
    await openPage()
    backend.offline = true
    await paste([HEADING, '甲\t王\t错\t'].join('\n'))
    expect(page.get('[role=alert]').text()).toContain('连不上服务器')
    expect(cell('第 2 行 电话号码').element.value).toBe('错')
    await press('导入 1 行')
    expect(backend.imported).toHaveLength(0)
    backend.offline = false
    await press('重试')
    expect(counts()).toBe('共 1 行，1 行有误')
  })
})

describe('the import', () => {
  it('takes the right rows only when asked to, and keeps the wrong ones', async () => {
    await openPage()
    await paste([HEADING, lead(1), '乙\t李明\t打给我\t留着', lead(3)].join('\n'))
    await press('只导入正确的 2 行')
    expect(backend.entered.map(({ title }) => title)).toEqual(['线索 1', '线索 3'])
    expect(page.text()).toContain('已导入 2 条，剩下 1 行没有导入')
    expect(cell('第 2 行 备注').element.value).toBe('留着')
    expect(noteAt('第 2 行 电话号码')).toBe('有误：内容有误')
  })

  it.each(['lose request', 'lose answer'] as const)(
    'that loses the network in its second chunk (%s) goes on under the same key, and nothing is in twice',
    async (fate) => {
      await openPage()
      await paste([HEADING, ...leads(500)].join('\n'))
      backend.onImport = (number) => (number === 2 ? fate : 'answer')
      await press('导入 500 行')
      expect(page.text()).toContain('已导入 200/500')
      expect(page.get('[role=alert]').text()).toContain('连不上服务器')

      await press('继续')
      const keys = backend.imported.map(({ headers }) => headers.get('idempotency-key'))
      expect(keys[2]).toBe(keys[1])
      expect(backend.imported[2]?.body).toEqual(backend.imported[1]?.body)
      expect(new Set(keys).size).toBe(3)
      expect(backend.entered.map(({ title }) => title)).toEqual(leads(500).map((one) => one.split('\t')[0]))
      expect(page.text()).toContain('已导入 500 条')
    },
  )

  it('goes on under the same key after a reload', async () => {
    await openPage()
    await paste([HEADING, ...leads(300)].join('\n'))
    backend.onImport = (number) => (number === 2 ? 'lose answer' : 'answer')
    await press('导入 300 行')
    page.unmount()

    await openPage()
    expect(page.text()).toContain('已恢复上次没有导入完的 100 行')
    expect(page.text()).toContain('已导入 200/300')
    await press('继续')
    const keys = backend.imported.map(({ headers }) => headers.get('idempotency-key'))
    expect(keys[2]).toBe(keys[1])
    expect(backend.entered).toHaveLength(300)
    expect(page.text()).toContain('已导入 300 条')
  })

  it('that is stopped tells which rows may be in already', async () => {
    await openPage()
    await paste([HEADING, ...leads(300)].join('\n'))
    backend.onImport = (number) => (number === 2 ? 'lose answer' : 'answer')
    await press('导入 300 行')
    await press('停止，回到表格')
    expect(counts()).toBe('共 100 行，100 行请核对')
    expect(noteAt('第 2 行 电话号码')).toContain('已有线索用这个号码')
  })

  it('that is refused loses nothing and says why', async () => {
    await openPage()
    await paste([HEADING, ...leads(300)].join('\n'))
    backend.onImport = (number) => (number === 2 ? new Refusal(413, '文件太大') : 'answer')
    await press('导入 300 行')
    expect(page.text()).toContain('已导入 200 条，剩下 100 行没有导入：文件太大')
    expect(cell('第 2 行 线索名称').element.value).toBe('线索 201')
  })

  it('asks before it brings in numbers that are there already', async () => {
    backend.entered.push({ title: '旧', customerName: '旧', phone: '13810000001', remark: '' })
    await openPage()
    await paste([HEADING, ...leads(2)].join('\n'))
    expect(noteAt('第 2 行 电话号码')).toBe('请核对：已有线索用这个号码（编号 7）')
    const asked = answerDialog(false)
    await press('导入 2 行')
    expect(asked).toHaveBeenCalledOnce()
    expect(backend.imported).toHaveLength(0)

    await press('移除要核对的 1 行')
    await press('导入 1 行')
    expect(asked).toHaveBeenCalledOnce()
    expect(backend.entered.map(({ title }) => title)).toEqual(['旧', '线索 2'])
  })

  it('does not begin when a change that was not checked yet is wrong', async () => {
    await openPage()
    await paste([HEADING, ...leads(2)].join('\n'))
    await cell('第 2 行 电话号码').setValue('错')
    await press('导入 2 行')
    expect(backend.imported).toHaveLength(0)
    expect(document.activeElement).toBe(cell('第 2 行 电话号码').element)
  })

  it('happens once when its button is pressed twice', async () => {
    await openPage()
    await paste([HEADING, ...leads(2)].join('\n'))
    const go = button('导入 2 行')
    await Promise.all([go.trigger('click'), go.trigger('click')])
    await loaded()
    expect(backend.entered).toHaveLength(2)
  })
})

describe('what was typed', () => {
  it('is there after a reload', async () => {
    await openPage()
    await paste([HEADING, ...leads(3)].join('\n'))
    await type('第 3 行 备注', '两行\n备注')
    await vi.advanceTimersByTimeAsync(500)
    page.unmount()
    await openPage()
    expect(page.text()).toContain('已恢复上次没有导入完的 3 行')
    expect(cell('第 3 行 备注').element.value).toBe('两行\n备注')
  })

  it('is not there for somebody else who logs in in the same tab', async () => {
    await openPage()
    await paste([HEADING, ...leads(3)].join('\n'))
    page.unmount()
    localStorage.setItem(
      'leadbell.admin.session',
      JSON.stringify({ ...clerk, user: { ...clerk.user, id: '6' } }),
    )
    await openPage()
    expect(page.text()).not.toContain('已恢复')
    expect(sessionStorage).toHaveLength(0)
  })

  it('is told when it would be lost, since there is no room for it', async () => {
    const setItem = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    vi.stubGlobal('sessionStorage', {
      getItem: () => null,
      removeItem: () => undefined,
      clear: () => undefined,
      setItem,
    })
    await openPage()
    await paste([HEADING, ...leads(3)].join('\n'))
    await vi.advanceTimersByTimeAsync(500)
    expect(page.text()).toContain('请不要刷新或关闭这一页')
  })

  it('is asked about before somebody leaves, until it is imported', async () => {
    await openPage()
    await paste([HEADING, ...leads(3)].join('\n'))
    const asked = answerDialog(false)
    await router.push('/clues')
    expect(asked).toHaveBeenCalledOnce()
    expect(router.currentRoute.value.path).toBe('/import')
    const leaving = () => {
      const event = new Event('beforeunload', { cancelable: true })
      window.dispatchEvent(event)
      return event.defaultPrevented
    }
    expect(leaving()).toBe(true)

    await press('导入 3 行')
    expect(leaving()).toBe(false)
    await router.push('/clues?unassigned=1')
    expect(router.currentRoute.value.path).toBe('/clues')
    expect(asked).toHaveBeenCalledOnce()
  })

  it('is cleared only after a question', async () => {
    await openPage()
    await paste([HEADING, ...leads(3)].join('\n'))
    answerDialog(false)
    await press('重新选择')
    expect(counts()).toContain('共 3 行')
    answerDialog(true)
    await press('重新选择')
    expect(page.find('#pasted').exists()).toBe(true)
  })

  it('is kept when the session ends, and nobody is asked', async () => {
    await openPage()
    await paste([HEADING, ...leads(3)].join('\n'))
    const asked = answerDialog(false)
    backend.on('POST /admin/clues/import', () => new Refusal(401, '登录已失效'))
    await type('第 2 行 备注', '想要样品')
    await router.push('/login')
    expect(router.currentRoute.value.path).toBe('/login')
    expect(asked).not.toHaveBeenCalled()
    page.unmount()
    localStorage.setItem('leadbell.admin.session', JSON.stringify(clerk))
    await openPage()
    expect(cell('第 2 行 备注').element.value).toBe('想要样品')
  })
})

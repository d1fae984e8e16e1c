import { csvOf } from './clue-rows.ts'

const NAME = '线索导入模板.csv'

/** With the mark by which Excel knows UTF-8. */
async function templateCsv(): Promise<string> {
  const examples = [
    {
      title: '恒泰建材 采购咨询',
      customerName: '周女士',
      phone: '13800001024',
      remark: '想看样品，下午联系',
    },
    { title: '云岭茶业 门店加盟', customerName: '李先生', phone: '0571-88880000', remark: '' },
  ]
  return `\uFEFF${await csvOf(examples)}\r\n`
}

export async function downloadTemplate(): Promise<void> {
  const address = URL.createObjectURL(new Blob([await templateCsv()], { type: 'text/csv' }))
  const link = document.createElement('a')
  link.href = address
  link.download = NAME
  link.click()
  URL.revokeObjectURL(address)
}

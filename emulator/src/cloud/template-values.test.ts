import { describe, expect, it } from 'vitest'
import { valueProblem } from './template-values.ts'

const accepted: Record<string, string[]> = {
  thing: ['城东物流园 仓储询价', '一'.repeat(20), 'a/b-c 12（三）', '👍'.repeat(20)],
  number: ['0', '12.50', '-3', '9'.repeat(32)],
  letter: ['abcXYZ', 'a'.repeat(32)],
  symbol: ['★', '!?#%&'],
  character_string: ['XS-2026/11 #5', 'a'.repeat(32)],
  time: ['15:01', '9:05:33', '2019年10月1日 15:01', '2026-11-23 09:42', '09:00~10:30', '2026/11/23 09:42:59'],
  date: [
    '2019年10月1日',
    '2019年10月',
    '10月1日',
    '2026-11-23',
    '2026.11.23',
    '2026/1/2 15:01',
    '2026-11-01~2026-11-23',
  ],
  amount: ['¥100', '$9.99', '1234567890元', '10.5'],
  phone_number: ['+86-0766-66888866', '13800001111', '138****1111'],
  car_number: ['粤A8Z888', '粤A8Z888挂'],
  name: ['陈小明', '一'.repeat(10), 'Ann Lee', 'a'.repeat(20)],
  phrase: ['待跟进', '一二三四五'],
  enum_string: ['任意'],
}

const refused: Record<string, string[]> = {
  thing: ['一'.repeat(21), '两\n行', '铃\u0007'],
  number: ['12a', '1.2.3', '9'.repeat(33), '１２'],
  letter: ['abc1', '中', 'a'.repeat(33)],
  symbol: ['a', '!!!!!!'],
  character_string: ['编号1', 'a'.repeat(33)],
  time: ['25:00', '9:60', '2026-11-23', '明天 9:00', '2026-11/23 09:42', '2026-13-01 09:00'],
  date: ['2026', '2026-13-01', '11-23', '今天', '2026年11月32日'],
  amount: ['12345678901', '一百元', '100块', '¥'],
  phone_number: ['138 0000 1111 转 2', '1'.repeat(18)],
  car_number: ['粤A8Z88888', '粤A中888'],
  name: ['一'.repeat(11), 'a'.repeat(21), '陈1', '陈Ann Lee Smith'],
  phrase: ['待跟进吧好吗', '待跟进1', 'ok'],
}

describe('H38 values of subscribeMessage.send', () => {
  it.each(Object.entries(accepted).flatMap(([type, values]) => values.map((value) => [type, value])))(
    '%s takes %j',
    (type, value) => expect(valueProblem(String(type), value)).toBeUndefined(),
  )
  it.each(Object.entries(refused).flatMap(([type, values]) => values.map((value) => [type, value])))(
    '%s refuses %j',
    (type, value) => expect(valueProblem(String(type), value)).toBe('invalid'),
  )
  it.each(Object.keys(accepted))('%s: nothing and blanks are empty, no text is invalid', (type) => {
    for (const value of [undefined, null, '', '  ']) expect(valueProblem(type, value)).toBe('is empty')
    for (const value of [12, {}, ['a'], true]) expect(valueProblem(type, value)).toBe('invalid')
  })
})

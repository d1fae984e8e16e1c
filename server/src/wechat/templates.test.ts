import { describe, expect, it } from 'vitest'
import { keyTypeOf } from './template-values.ts'
import {
  compareTemplates,
  defaultValues,
  templateProblems,
  type MessageTemplate,
  type PrivateTemplate,
} from './templates.ts'

describe('a mapping', () => {
  it('is fine as it comes', () => {
    expect(templateProblems(defaultValues['clue-assigned'])).toEqual([])
  })

  it.each([
    {
      thing10: 'title',
      date3: 'assignedAt',
      phone_number4: 'phone',
      name5: 'customerName',
      phrase6: 'status',
    },
    { thing1: 'remark', thing2: 'phone', thing3: 'assignedAt', thing4: 'assigner', thing5: 'status' },
    { thing1: 'text:有新的线索', amount2: 'text:￥0元', number3: 'text:1', enum_string4: 'text:客厅' },
    { time1: 'text:09:00~18:00', car_number2: 'text:粤A8Z888', character_string3: 'phone' },
    { phone_number1: 'text:400-123-4567', letter2: 'text:VIP', symbol3: 'text:★', const4: 'text:请尽快联系' },
  ])('is fine: %j', (values) => {
    expect(templateProblems(values)).toEqual([])
  })

  it.each([
    ['thingy1', 'title', '不认识的参数'],
    ['thing', 'title', '不认识的参数'],
    ['thing1', 'Title', '没有 Title 这一项'],
    ['number1', 'title', 'title 填不进 number'],
    ['phrase1', 'title', 'title 填不进 phrase'],
    ['name1', 'title', 'title 填不进 name'],
    ['character_string1', 'customerName', 'customerName 填不进 character_string'],
    ['time1', 'phone', 'phone 填不进 time'],
    ['enum_string1', 'status', 'status 填不进 enum'],
    ['phrase1', 'text:待跟进吧好吗', '固定文字“待跟进吧好吗”不合 phrase 的要求，例如“待跟进吧好”才行'],
    ['thing1', 'text:', '固定文字“”不合 thing'],
    ['number1', 'text:一个', '固定文字“一个”不合 number'],
  ])('%s filled with %s is named: %s', (key, fact, words) => {
    const problems = templateProblems({ thing9: 'title', [key]: fact, time8: 'assignedAt' })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(/^[\w]+: .*[\u4e00-\u9fff].* \([a-z].*\)$/)
    expect(problems[0]).toContain(`${key}: `)
    expect(problems[0]).toContain(words)
  })

  it('names every wrong key, and a mapping without any', () => {
    expect(templateProblems({ thingy1: 'title', number2: 'title', thing3: 'title' })).toHaveLength(2)
    expect(templateProblems({})).toHaveLength(1)
  })
})

const ours: MessageTemplate = {
  templateId: 'T1',
  title: '新线索提醒',
  purpose: 'clue-assigned',
  values: { thing1: 'title', time2: 'assignedAt', phrase3: 'status' },
}
const theirs: PrivateTemplate = {
  priTmplId: 'T1',
  title: '新线索提醒',
  content: '线索名称:{{thing1.DATA}}\n分配时间:{{time2.DATA}}\n线索状态:{{phrase3.DATA}}\n',
  type: 2,
}
const other: PrivateTemplate = { ...theirs, priTmplId: 'T9', title: '别的提醒' }
const withEnum: PrivateTemplate = {
  ...theirs,
  content: `${theirs.content}位置:{{enum_string4.DATA}}\n`,
  keywordEnumValueList: [{ keywordCode: 'enum_string4.DATA', enumValueList: ['客厅', '厨房'] }],
}
const mappedEnum = (value: string): MessageTemplate => ({
  ...ours,
  values: { ...ours.values, enum_string4: `text:${value}` },
})

const kindsOf = (configured: MessageTemplate[], actual: PrivateTemplate[]) =>
  compareTemplates(configured, actual).map(({ templateId, kind }) => [templateId, kind])

describe('the configured templates beside WeChat’s', () => {
  it('are all right when every key is there', () => {
    expect(compareTemplates([ours], [other, theirs])).toEqual([])
    expect(compareTemplates([mappedEnum('厨房')], [withEnum])).toEqual([])
    // a list that WeChat does not give cannot be checked
    expect(compareTemplates([mappedEnum('浴室')], [{ ...withEnum, keywordEnumValueList: null }])).toEqual([])
  })

  it.each<[kind: string, configured: MessageTemplate[], actual: PrivateTemplate[], names: string]>([
    ['missing', [ours], [other], 'T1'],
    ['missing', [ours], [], 'T1'],
    ['wrongType', [ours], [{ ...theirs, type: 3 }], '一次性'],
    ['titleDiffers', [ours], [{ ...theirs, title: '线索分配通知' }], '线索分配通知'],
    ['keyUnmapped', [ours], [{ ...theirs, content: `${theirs.content}备注:{{thing10.DATA}}\n` }], 'thing10'],
    ['keyUnknown', [ours], [{ ...theirs, content: '{{thing1.DATA}}{{time2.DATA}}' }], 'phrase3'],
    ['valueNotListed', [mappedEnum('浴室')], [withEnum], '“客厅”、“厨房”'],
    [
      'valueNotListed',
      [mappedEnum('浴室')],
      [{ ...withEnum, keywordEnumValueList: [{ keywordCode: 'enum_string4', enumValueList: ['客厅'] }] }],
      'text:客厅',
    ],
  ])('%s is named, with what to do', (kind, configured, actual, names) => {
    const [mismatch, ...more] = compareTemplates(configured, actual)
    expect(more).toEqual([])
    expect(mismatch).toMatchObject({ templateId: 'T1', kind })
    expect(mismatch?.sentence).toContain(names)
    expect(mismatch?.sentence).toMatch(/请.*[\u4e00-\u9fff].* \([a-z].*\)$/)
  })

  it('name both of two that share a title, of which WeChat would ask for one only', () => {
    const second = { ...ours, templateId: 'T2' }
    expect(kindsOf([ours, second], [theirs, { ...theirs, priTmplId: 'T2' }])).toEqual([
      ['T1', 'titleTwice'],
      ['T2', 'titleTwice'],
    ])
    // another template of the account with that title is never asked for
    expect(kindsOf([ours], [theirs, { ...theirs, priTmplId: 'T2' }])).toEqual([])
  })

  it('name everything that is wrong at once', () => {
    const wrong = { ...theirs, type: 3, title: '别名', content: '{{thing1.DATA}}{{thing7.DATA}}' }
    expect(kindsOf([ours, { ...ours, templateId: 'T5' }], [wrong])).toEqual([
      ['T1', 'wrongType'],
      ['T1', 'titleDiffers'],
      ['T1', 'keyUnmapped'],
      ['T1', 'keyUnknown'],
      ['T1', 'keyUnknown'],
      ['T5', 'missing'],
    ])
  })

  it('read the keys as the builder reads them', () => {
    for (const [, key = ''] of withEnum.content.matchAll(/\{\{(\w+)\.DATA/g))
      expect(keyTypeOf(key)).toBeDefined()
  })
})

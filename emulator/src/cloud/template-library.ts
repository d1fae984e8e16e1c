/** 公共模板库, as far as it is played: titles by category, and the keywords that a private template is made of. */
export interface PublicTemplate {
  tid: number
  title: string
  /** 2 = one-time, 3 = long-term. */
  type: 2 | 3
  categoryId: string
  keywords: readonly PublicKeyword[]
}

/** `rule` is the type of its key: thing, time, phrase… (wechat-platform.md §7.1). */
export interface PublicKeyword {
  kid: number
  name: string
  example: string
  rule: string
}

/** The categories (服务类目) that the app chose in its console. */
export const categories: readonly { id: number; name: string }[] = [
  { id: 307, name: '线下超市/便利店' },
  { id: 616, name: '公交' },
  { id: 670, name: '企业管理' },
]

const keywords = (...all: [name: string, rule: string, example: string][]): PublicKeyword[] =>
  all.map(([name, rule, example], n) => ({ kid: n + 1, name, example, rule }))

export const library: readonly PublicTemplate[] = [
  {
    ...{ tid: 9101, title: '新线索提醒', type: 2, categoryId: '670' },
    keywords: keywords(
      ['线索名称', 'thing', '城东物流园 仓储询价'],
      ['分配时间', 'time', '2026-11-23 09:42'],
      ['线索状态', 'phrase', '待跟进'],
      ['联系电话', 'phone_number', '13800000000'],
      ['联系人', 'name', '王女士'],
      ['备注', 'thing', '请在今天内联系'],
    ),
  },
  {
    ...{ tid: 9102, title: '待办事项提醒', type: 2, categoryId: '670' },
    keywords: keywords(
      ['待办内容', 'thing', '回访客户'],
      ['截止时间', 'time', '2026-11-23 18:00'],
      ['创建人', 'name', '张经理'],
      ['待办数量', 'number', '3'],
    ),
  },
  {
    ...{ tid: 9103, title: '审核结果通知', type: 2, categoryId: '670' },
    keywords: keywords(
      ['申请事项', 'thing', '合同审批'],
      ['审核结果', 'phrase', '通过'],
      ['审核时间', 'date', '2026年11月23日'],
      ['审核人', 'name', '李主管'],
    ),
  },
  {
    ...{ tid: 9201, title: '付款成功通知', type: 2, categoryId: '307' },
    keywords: keywords(
      ['订单号', 'character_string', '20261123094200'],
      ['付款金额', 'amount', '￥12.50'],
      ['付款时间', 'time', '2026-11-23 09:42'],
      ['商品', 'thing', '苹果'],
    ),
  },
  {
    ...{ tid: 9301, title: '乘车提醒', type: 3, categoryId: '616' },
    keywords: keywords(
      ['车牌号', 'car_number', '粤A12345'],
      ['线路', 'thing', '12 路'],
      ['到站时间', 'time', '09:42'],
    ),
  },
]

/** Why a delivery is where it is, by the name that its row holds; the sentence is for the clerk who looks at it. */
export const reasons = {
  unbound: '员工还没有在小程序里用微信登录，登录并允许订阅后自动送达',
  unpaid: '员工的订阅次数已用完，下次允许订阅后自动送达',
  reassigned: '线索已改派他人，不再提醒',
  recalled: '线索已收回，不再提醒',
  closed: '线索已成交或作废，不再提醒',
  deleted: '线索已删除，不再提醒',
  badOpenid: '微信不认识该员工的身份标识，请本人重新登录小程序',
  contentRefused: '微信拒绝了消息内容（可能含敏感词），请修改线索名称后重新发送',
  pushFailed: '微信已接收，但没能推送到员工的手机，可以重新发送',
  configBroken: '微信接口或模板配置有误，正在等待管理员处理',
  retrying: '微信暂时没有受理，正在重试',
  dailyLimit: '今天的发送次数已达微信上限，明天自动继续',
  exhausted: '微信多次没有受理，已停止重试，请直接联系员工或重新发送',
  unanswered: '微信没有答复，可能已经送达，正在核实',
  gaveUp: '微信没有答复，可能已经送达；为免重复打扰不再发送',
  expired: '等待授权的时间太长，已过期，请直接联系员工',
  merged: '与同时等待的其他线索合并成一条消息送达',
} as const

export type DeliveryReason = keyof typeof reasons

const isReason = (name: string): name is DeliveryReason => Object.hasOwn(reasons, name)

/** The clerk's sentence. A waiting delivery has no name of its own: it waits for a binding or for a grant. */
export function wordReason(delivery: {
  state: string
  reason: string | null
  bound: boolean
}): string | null {
  const { state, reason, bound } = delivery
  if (state === 'waiting') return bound ? reasons.unpaid : reasons.unbound
  return reason === null ? null : isReason(reason) ? reasons[reason] : reason
}

/** Why a delivery is where it is, for the clerk who looks at it. */
export const reasons = {
  unbound: '员工还没有在小程序里用微信登录，登录并允许订阅后自动送达',
  unpaid: '员工的订阅次数已用完，下次允许订阅后自动送达',
  reassigned: '线索已改派他人，不再提醒',
  deleted: '线索已删除，不再提醒',
  badOpenid: '微信不认识该员工的身份标识，请本人重新登录小程序',
  contentRefused: '微信拒绝了消息内容（可能含敏感词），请检查线索名称',
  configBroken: '微信接口或模板配置有误，正在等待管理员处理',
  retrying: '微信暂时没有受理，正在重试',
  exhausted: '微信多次没有受理，已停止重试，请直接联系员工',
  unanswered: '微信没有答复，可能已经送达，正在核实',
  gaveUp: '微信没有答复，可能已经送达；为免重复打扰不再发送',
} as const

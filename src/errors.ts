/**
 * Everything the mini-program itself tells a user when something went wrong: code and sentence. A code stays what it
 * is for ever, people quote it; docs/errors.zh-CN.md has cause and remedy of each. The backend words its own refusals.
 */
export const userErrors = {
  LB1001: '请输入用户名',
  LB1002: '请输入密码',
  LB1003: '请输入验证码',
  LB1004: '验证码没有加载出来，点这里重试',
  LB1005: '消息提醒暂时不可用，不影响登录',
  LB1006: '验证码过期了，已换一张',
  LB1007: '没有从微信取到登录凭证，请重试或用账号密码登录',
  LB2001: '网络不通，请检查网络后重试',
  LB2002: '网络太慢，请求超时了，请重试',
  LB2003: '服务器暂时不可用，请稍后重试',
  LB2004: '服务器的应答看不懂，请联系管理员',
  LB2005: '登录已过期，请重新登录',
  LB2006: '小程序没有被允许访问服务器，请联系管理员',
} as const

export type UserErrorCode = keyof typeof userErrors

/**
 * Everything this app itself tells a user when something went wrong. A code stays what it is for ever:
 * people quote it. The backend words its own refusals; this table is for what only the phone can know.
 */
interface UserError {
  /** Shown as it is. */
  sentence: string
  cause: string
  remedy: string
}

export const userErrors = {
  LB1001: { sentence: '请输入用户名', cause: '用户名为空', remedy: '填写后再登录' },
  LB1002: { sentence: '请输入密码', cause: '密码为空', remedy: '填写后再登录' },
  LB1003: { sentence: '请输入验证码', cause: '验证码为空', remedy: '按图片填写，看不清点图片换一张' },
  LB1004: { sentence: '验证码没有加载出来，点这里重试', cause: '取验证码失败', remedy: '检查网络后点击重试' },
  LB1005: {
    sentence: '消息提醒暂时不可用，不影响登录',
    cause: '没有取到消息模板',
    remedy: '联系管理员检查模板配置，或稍后重新登录',
  },
  LB2001: {
    sentence: '网络不通，请检查网络后重试',
    cause: '请求没有发出或没有到达',
    remedy: '检查网络后重试',
  },
  LB2002: {
    sentence: '网络太慢，请求超时了，请重试',
    cause: '规定时间内没有收到应答',
    remedy: '换个信号好的地方重试',
  },
  LB2003: {
    sentence: '服务器暂时不可用，请稍后重试',
    cause: 'HTTP 状态不正常',
    remedy: '稍后重试，仍不行请联系管理员',
  },
  LB2004: {
    sentence: '服务器的应答看不懂，请联系管理员',
    cause: '应答不是约定的格式，多半是代理或网关的网页',
    remedy: '管理员检查接口地址和代理',
  },
  LB2005: { sentence: '登录已过期，请重新登录', cause: '会话失效', remedy: '重新登录' },
  LB2006: {
    sentence: '小程序没有被允许访问服务器，请联系管理员',
    cause: '接口域名不在小程序后台的服务器域名里',
    remedy: '管理员在小程序后台添加 request 合法域名',
  },
  LB3001: {
    sentence: '这条线索不存在，或已经分配给别人',
    cause: '线索被删除，或负责人不是当前账号',
    remedy: '回到列表查看自己的线索',
  },
} as const satisfies Record<string, UserError>

export type UserErrorCode = keyof typeof userErrors

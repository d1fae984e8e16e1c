import { errcodeWords } from '../../../cloud/errcode-words.ts'

/** Why something failed, and what a developer does about it: one sentence each, from wechat-platform.md §1.3–§6.2. */

export const noTapState =
  '这次调用不在用户的点击里，真机上会失败。常见原因：前面有 await、Promise.then 或 setTimeout，或写在 onLoad、onShow 里。请把它放到点击处理函数的第一句，模板 ID 提前取好；要先询问用户，就放进 showModal 的 success 回调。'

const client: Record<number, string> = {
  10001: 'tmplIds 是空的。检查传入的模板 ID。',
  10002: '网络不通，取不到订阅面板。继续后面的流程，下次点击再试。',
  10003: '网络不通，用户的选择没有送到微信，这次没有得到授权。下次点击再试。',
  10004: 'tmplIds 的类型不对，应当是文字的数组。',
  10005: '小程序不在前台，订阅面板没有弹出。',
  20001: '模板 ID 不存在，或不属于这个小程序。核对 appid 和模板库。',
  20002: '一次性和长期的模板不能放在同一次调用里。',
  20003: '一次传的模板太多。',
  20004: '用户关了订阅消息总开关。引导用户用 openSetting 打开它。',
  20005: '这个小程序的订阅消息能力被封禁，请到公众平台处理。',
  20013: '设备订阅的模板要用 requestSubscribeDeviceMessage。',
}

const server: Record<number, string> = {
  [-1]: '微信繁忙。隔一会儿重试，最多三次；发送类调用可能已经送达，先等发送结果事件。',
  40001: 'access_token 无效或不是最新的。丢掉缓存，重新取一次，再试一次。',
  40003: 'openid 不属于这个小程序。检查用户的绑定关系。',
  40013: 'appid 不对。检查配置。',
  40014: 'access_token 不合法。丢掉缓存，重新取一次。',
  40029: 'code 无效：过期了（五分钟）或属于别的小程序。让小程序重新 wx.login。',
  40037: '模板 ID 不存在。检查配置。',
  40125: 'secret 不对。检查配置。',
  40163: 'code 已经用过。一个 code 只能换一次，检查是不是提交了两遍。',
  41001: '没有带 access_token。',
  41002: '没有带 appid。',
  41004: '没有带 secret。',
  41008: '没有带 code。',
  41030: 'page 不是已发布版本里的页面，也不要以 / 开头。',
  42001: 'access_token 过期了（两小时）。重新取一次，再试一次。',
  44002: '请求体是空的。发送类调用要在请求体里放 JSON。',
  45002: '请求体太大。检查是不是把别的内容也放了进去。',
  43101: '没有可用的授权：没订阅过、次数用完，或用户拒收了。把账记成 0，不要重试，等用户下次点击再订阅。',
  43107: '这个模板或小程序的订阅消息被封禁，停止发送并告警。',
  43108: '同一个用户同时有两条消息在发。按用户排队，稍后重试。',
  45009: '今天的调用次数用完了。到明天再调用。',
  45011: '调用太频繁。隔一分钟再试。',
  45168: '内容里有敏感词。改掉再发。',
  47003: '模板数据不合规：某个关键词缺了、为空，或超出长度与格式。errmsg 里写了是哪一个。',
  87009: '登录态签名不对或已过期。让小程序重新 wx.login。',
}

const broken = {
  hang: '模拟的故障：一直不回答。调用方要自己设超时。',
  drop: '模拟的故障：送达之后断线，调用方收不到结果。不要盲目重发，等发送结果事件。',
  slow: '模拟的故障：做完了，回答得慢。',
  errcode: '模拟的故障。',
} as const

/** `undefined` when there is nothing to say. */
export function explainClient(name: string, answer: unknown): string | undefined {
  const { errMsg = '', errCode } = (answer ?? {}) as { errMsg?: string; errCode?: number }
  if (errMsg.includes('TAP gesture')) return noTapState
  if (errMsg.includes('last call has not ended'))
    return '上一次订阅还没有结束。在它回来之前不要再调用，按钮先置灰。'
  if (errCode !== undefined && name === 'requestSubscribeMessage') return client[errCode]
  return undefined
}

export function explainServer(errcode: number, fault: keyof typeof broken | undefined): string | undefined {
  const why = errcode === 0 ? undefined : (server[errcode] ?? errcodeWords[errcode])
  if (fault === undefined) return why
  return fault === 'errcode' && why !== undefined ? `${broken.errcode}${why}` : broken[fault]
}

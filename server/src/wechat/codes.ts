/** The calls we make of api.weixin.qq.com. */
export type WechatCall = 'code2Session' | 'token' | 'send' | 'gettemplate'

/**
 * What follows from a code: again by ourselves soon, not before something else has happened, never again for this
 * message or person, or not before a person has mended something.
 */
export type CodeAction = 'retry' | 'wait' | 'stop' | 'alarm'

/** What a call can come to by a code of WeChat's, apart from `configBroken`, which every call can. */
interface OutcomeOf {
  code2Session: 'codeInvalid' | 'highRisk' | 'busy'
  token: 'retryLater'
  send: 'noGrant' | 'tokenRejected' | 'badOpenid' | 'contentRefused' | 'retryLater' | 'dailyLimit'
  gettemplate: 'tokenRejected' | 'retryLater'
}

export interface CodeRow<Outcome extends string = string> {
  errcode: number
  /** WeChat's words, as wechat-platform.md §3–§7 has them. */
  text: string
  action: CodeAction
  outcome: Outcome | 'configBroken'
  /** What we do, for docs/wechat-codes.zh-CN.md. */
  handling: string
}

const row = <Outcome extends string>(
  errcode: number,
  text: string,
  action: CodeAction,
  outcome: Outcome,
  handling: string,
) => ({ errcode, text, action, outcome, handling })

const account = [
  row(40013, 'invalid appid', 'alarm', 'configBroken', '核对 `WECHAT_APPID`'),
  row(40125, '不合法的 secret', 'alarm', 'configBroken', '核对 `WECHAT_SECRET`，重置过就换成新的'),
  row(40243, 'AppSecret 已被冻结', 'alarm', 'configBroken', '到小程序后台解冻 AppSecret'),
] as const

const credentials = [
  ...account,
  row(41002, 'appid missing', 'alarm', 'configBroken', '请求里少了 AppID，是程序的错，请联系开发人员'),
  row(
    41004,
    'appsecret missing',
    'alarm',
    'configBroken',
    '请求里少了 AppSecret，是程序的错，请联系开发人员',
  ),
] as const

const allowance = [
  row(
    40164,
    'invalid ip x.x.x.x … not in whitelist',
    'alarm',
    'configBroken',
    '到小程序后台把服务器出口 IP 加进 IP 白名单',
  ),
  row(50004, 'token API forbidden', 'alarm', 'configBroken', '到小程序后台看接口为什么被禁用，申请恢复'),
  row(50007, 'account frozen', 'alarm', 'configBroken', '到小程序后台看账号为什么被冻结，申请解冻'),
  row(89503, 'IP needs admin confirmation', 'alarm', 'configBroken', '请管理员在手机上确认这台服务器的 IP'),
] as const

const RENEW = '换一个 access_token，马上再试一次；只换一次，所有进程共用换来的那个'
const rejectedToken = [
  row(40001, 'invalid credential, access_token is invalid or not latest', 'retry', 'tokenRejected', RENEW),
  row(40014, 'invalid access_token', 'retry', 'tokenRejected', RENEW),
  row(41001, 'access_token missing', 'retry', 'tokenRejected', RENEW),
  row(42001, 'access_token expired', 'retry', 'tokenRejected', RENEW),
] as const

/** Every code of wechat-platform.md §3–§6 and §7.1 that a call of ours can answer, and what we make of it. */
export const wechatCodes: { readonly [Call in WechatCall]: readonly CodeRow<OutcomeOf[Call]>[] } = {
  code2Session: [
    row(
      -1,
      'system error 系统繁忙',
      'retry',
      'busy',
      '200 毫秒后用同一个 code 再试一次，仍忙就请人稍后再登录',
    ),
    row(40029, 'code 无效', 'stop', 'codeInvalid', '这个 code 作废，小程序重新取一个再登录'),
    row(40163, 'code been used', 'stop', 'codeInvalid', '这个 code 作废，小程序重新取一个再登录'),
    row(41008, '缺少 oauth code', 'stop', 'codeInvalid', '没有带 code，小程序重新取一个再登录'),
    row(40226, 'code blocked 高风险用户', 'stop', 'highRisk', '微信拦下了这个人，告诉本人，不再重试'),
    row(45011, 'mustslower retry next minute', 'wait', 'busy', '请人一分钟后再登录'),
    ...credentials,
  ],
  token: [
    row(-1, '系统繁忙', 'retry', 'retryLater', '退避后再取，期间消息留着'),
    row(45011, 'minute quota', 'wait', 'retryLater', '退避后再取，期间消息留着'),
    row(
      45009,
      'reach max api daily quota limit',
      'wait',
      'retryLater',
      '退避后再取，通常第二天恢复，消息留着',
    ),
    row(
      40001,
      'invalid credential, access_token is invalid or not latest',
      'alarm',
      'configBroken',
      '取 access_token 时就是 AppSecret 不对，核对 `WECHAT_SECRET`',
    ),
    row(40002, 'invalid grant_type', 'alarm', 'configBroken', '是程序的错，请联系开发人员'),
    ...credentials,
    ...allowance,
  ],
  send: [
    row(43101, '用户未订阅消息', 'wait', 'noGrant', '这个人这个模板的次数记为 0，消息等到他下次允许订阅再发'),
    ...rejectedToken,
    row(
      43108,
      '并发下发消息给同一个粉丝',
      'retry',
      'retryLater',
      '错开后重试；同一个人同一个模板一次只发一条',
    ),
    row(-1, '系统繁忙', 'retry', 'retryLater', '退避后重试'),
    row(45011, 'minute quota', 'wait', 'retryLater', '退避后重试'),
    row(45009, 'daily quota', 'wait', 'dailyLimit', '当天不再发，消息留到第二天'),
    row(40003, 'invalid openid', 'stop', 'badOpenid', '这条不再发；请本人重新登录小程序'),
    row(45168, '命中敏感词', 'stop', 'contentRefused', '原样不再发；请人改线索的文字'),
    row(
      47003,
      '参数错误',
      'stop',
      'contentRefused',
      '原样不再发，记下是哪个参数；核对 `WECHAT_TEMPLATES` 里这个模板的参数',
    ),
    row(
      40037,
      'invalid template_id',
      'alarm',
      'configBroken',
      '核对 `WECHAT_TEMPLATES` 里的模板编号和 AppID',
    ),
    row(
      41030,
      'page 路径不正确',
      'alarm',
      'configBroken',
      '消息要打开的页面不在已发布的小程序里：发布新版本，或核对 `WECHAT_MINIPROGRAM_STATE`',
    ),
    row(43107, '订阅消息能力封禁', 'alarm', 'configBroken', '到小程序后台看违规通知并申诉'),
    row(
      20005,
      'This mini program was banned from subscribing messages',
      'alarm',
      'configBroken',
      '到小程序后台看违规通知并申诉（微信只说小程序端会给这个编号）',
    ),
    ...account,
    ...allowance,
  ],
  gettemplate: [
    ...rejectedToken,
    row(-1, '系统繁忙', 'retry', 'retryLater', '这次不核对模板，下次启动再核对'),
    row(45011, 'minute quota', 'wait', 'retryLater', '这次不核对模板，下次启动再核对'),
    row(45009, 'daily quota', 'wait', 'retryLater', '这次不核对模板，下次启动再核对'),
    row(404, '（文档只列编号）', 'alarm', 'configBroken', '核对 `WECHAT_API_BASE`；这次不核对模板'),
    row(
      200100,
      '（文档只列编号）',
      'alarm',
      'configBroken',
      '到小程序后台看订阅消息功能是否已开通；这次不核对模板',
    ),
    ...account,
    ...allowance,
  ],
}

const undocumented: CodeRow<never> = {
  errcode: Number.NaN,
  text: '（没有见过的编号）',
  action: 'alarm',
  outcome: 'configBroken',
  handling: '记下编号和原文；请人查微信的文档',
}

/** What `errcode` of `call` means to us. A code nobody has documented is ours to mend, not the message's fault. */
export const findCode = <Call extends WechatCall>(call: Call, errcode: number): CodeRow<OutcomeOf[Call]> =>
  wechatCodes[call].find((known) => known.errcode === errcode) ?? undocumented

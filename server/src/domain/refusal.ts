interface RefusalText {
  /** HTTP status. JeecgBoot answers 200 to most of what it refuses. */
  status: 200 | 400 | 401 | 403 | 404 | 409 | 410 | 413 | 429 | 500
  /** `code` of the envelope. */
  code: number
  /** The Chinese sentence; `{name}` is filled in. */
  message: string
  cause: string
  remedy: string
}

/** Everything the server refuses, by permanent name. Nothing else words a refusal; the name is in the log. */
export const refusals = {
  'bad-json': {
    status: 400,
    code: 400,
    message: '请求内容不是有效的 JSON，请更新小程序后重试',
    cause: 'the body is not a JSON object',
    remedy: 'send application/json as the contract describes',
  },
  'bad-field': {
    status: 400,
    code: 400,
    message: '{label}有误或未填写，请检查后重试（{field}）',
    cause: 'a path, query or body value does not fit the contract',
    remedy: 'correct the field that is named',
  },
  'body-too-large': {
    status: 413,
    code: 413,
    message: '提交的内容太大，请删减后重试',
    cause: 'the body is longer than 64 KB',
    remedy: 'shorten it',
  },
  'route-unknown': {
    status: 404,
    code: 404,
    message: '接口不存在，请检查地址',
    cause: 'no such method and path',
    remedy: 'compare with the contract; check the base address of the build',
  },
  'captcha-wrong': {
    status: 200,
    code: 412,
    message: '验证码错误',
    cause: 'the answer is not what the picture shows; the picture is used up',
    remedy: 'fetch a new picture',
  },
  'captcha-stale': {
    status: 200,
    code: 412,
    message: '验证码已失效',
    cause: 'older than 60 seconds, answered already, replaced by a newer one or never made',
    remedy: 'fetch a new picture',
  },
  'password-wrong': {
    status: 200,
    code: 500,
    message: '用户名或密码错误',
    cause: 'no such account, or not its password; which one is not told',
    remedy: 'type it again; ops can make the account with `npm run add-account -w server`',
  },
  'login-locked': {
    status: 429,
    code: 429,
    message: '登录失败次数过多，账号已锁定，请 {minutes} 分钟后再试',
    cause: 'too many attempts for this username',
    remedy: 'wait; the right password works again afterwards',
  },
  'too-many-requests': {
    status: 429,
    code: 429,
    message: '操作太频繁，请 {seconds} 秒后再试',
    cause: 'too many logins or pictures from this address',
    remedy: 'wait; behind a proxy set TRUST_PROXY=1 so that clients are told apart',
  },
  'session-invalid': {
    status: 401,
    code: 401,
    message: '登录已失效，请重新登录',
    cause: 'X-Access-Token is missing, unknown or expired',
    remedy: 'log in',
  },
  'admin-token-wrong': {
    status: 401,
    code: 401,
    message: '管理令牌无效，请检查 Authorization 请求头',
    cause: 'the bearer token is not ADMIN_TOKEN',
    remedy: 'send `Authorization: Bearer <ADMIN_TOKEN>`',
  },
  'wechat-taken': {
    status: 200,
    code: 500,
    message: '此微信已绑定账号 {username}，请用该账号登录；要换绑，请先登录该账号并选择退出并解绑',
    cause: 'one WeChat rings for one account, and this one is bound to another',
    remedy: 'log in to that account, or log out of it with unbind',
  },
  'wechat-bound-to-nobody': {
    status: 401,
    code: 401,
    message: '此微信还没有绑定账号，请用账号密码登录',
    cause: 'silent login with a WeChat that no account is bound to',
    remedy: 'log in with username and password once',
  },
  'wechat-code-invalid': {
    status: 200,
    code: 500,
    message: '微信登录凭证已失效，请重试',
    cause: 'code2Session: the code is expired, used or of another app (40029, 40163, 41008)',
    remedy: 'take a new code from uni.login; check that WECHAT_APPID is the mini-program’s',
  },
  'wechat-high-risk': {
    status: 200,
    code: 500,
    message: '微信提示当前微信号存在风险，暂时不能用它登录，请在微信里按提示解除后再试',
    cause: 'code2Session: 40226',
    remedy: 'the person clears it with WeChat',
  },
  'wechat-busy': {
    status: 200,
    code: 500,
    message: '微信服务器繁忙，请稍后再试',
    cause: 'code2Session: -1 or 45011',
    remedy: 'wait a minute',
  },
  'wechat-unreachable': {
    status: 200,
    code: 500,
    message: '暂时连不上微信服务器，请稍后再试',
    cause: 'code2Session did not answer',
    remedy: 'check WECHAT_API_BASE and the network',
  },
  'wechat-config-broken': {
    status: 200,
    code: 500,
    message: '微信接口配置有误，请联系管理员',
    cause: 'code2Session: 40013, 40125, 40243 or an unknown code',
    remedy: 'check WECHAT_APPID and WECHAT_SECRET; the errcode is in the log',
  },
  'grants-without-wechat': {
    status: 409,
    code: 409,
    message: '本次登录还没有绑定微信，授权已保留在手机上，绑定后会自动提交',
    cause: 'the session was opened without a WeChat code',
    remedy: '`POST /notify/bind` with a fresh code, then report again',
  },
  'cursor-bad': {
    status: 400,
    code: 400,
    message: '翻页位置无效，请回到列表顶部刷新',
    cause: 'the cursor was not made by this server',
    remedy: 'start from the first page',
  },
  'clue-not-found': {
    status: 404,
    code: 404,
    message: '线索不存在，或已不在您名下',
    cause: 'no such clue, or one that was never this person’s',
    remedy: 'go back to the list',
  },
  'clue-reassigned': {
    status: 403,
    code: 403,
    message: '这条线索已经转给其他同事',
    cause: 'this person held the clue once; it is another’s now',
    remedy: 'go back to the list; the back office can give it back',
  },
  'clue-deleted': {
    status: 410,
    code: 410,
    message: '这条线索已被后台删除',
    cause: 'this person holds or held the clue, and the back office deleted it',
    remedy: 'go back to the list; enter it anew if it was deleted by mistake',
  },
  'clue-changed': {
    status: 409,
    code: 409,
    message: '线索已被他人修改，请核对最新内容后再操作',
    cause: 'the version in the request is not the present one',
    remedy: 'use the clue in `result` and try again',
  },
  'assignee-not-found': {
    status: 404,
    code: 404,
    message: '要分配的员工不存在，请核对后重试',
    cause: 'no account with this assigneeId',
    remedy: 'use the id in userInfo of that person’s login',
  },
  'trial-assignee-unknown': {
    status: 404,
    code: 404,
    message: '没有找到这个演示账号或微信，请先在手机上登录一次，再分配线索',
    cause: 'the username or openid of POST /trial/assign is nobody’s',
    remedy: 'log in on the phone first, or leave both out',
  },
  'server-failed': {
    status: 500,
    code: 500,
    message: '服务器出错了，请稍后再试（编号 {rid}）',
    cause: 'a bug or a broken database',
    remedy: 'find the number in the log',
  },
} as const satisfies Record<string, RefusalText>

export type RefusalName = keyof typeof refusals

/** A request that was understood and not done. `result` travels in the envelope, such as the present clue. */
export interface Refused {
  ok: false
  refusal: RefusalName
  values: Record<string, string>
  result: unknown
}

/** What a domain function answers: the value, or why not. */
export type Outcome<T> = { ok: true; value: T; message?: string } | Refused

export const done = <T>(value: T): Outcome<T> => ({ ok: true, value })

export const refuse = (
  refusal: RefusalName,
  values: Record<string, string> = {},
  result: unknown = null,
): Refused => ({ ok: false, refusal, values, result })

/** The sentence of a refusal with its values filled in. */
export function wordRefusal({ refusal, values }: Pick<Refused, 'refusal' | 'values'>): string {
  return refusals[refusal].message.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
}

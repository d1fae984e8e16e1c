interface RefusalText {
  /** HTTP status. JeecgBoot answers 200 to most of what it refuses. */
  status: 200 | 400 | 401 | 403 | 404 | 409 | 410 | 413 | 422 | 429 | 500
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
    cause: 'the body is longer than 64 KB, or 4 MB for an import',
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
  'account-disabled': {
    status: 200,
    code: 500,
    message: '账号已停用，请联系管理员',
    cause: 'the back office disabled this account; said after the right password or by its WeChat only',
    remedy: 'the back office enables it again',
  },
  'account-frozen': {
    status: 200,
    code: 500,
    message: '账号已被冻结，请联系管理员',
    cause: 'AUTH=jeecgboot: frozen or closed there',
    remedy: 'unfreeze the user in JeecgBoot',
  },
  'auth-server-locked': {
    status: 429,
    code: 429,
    message: '登录没有成功：{message}',
    cause: 'AUTH=jeecgboot: too many wrong passwords for this username there, from here or elsewhere',
    remedy: 'wait the ten minutes JeecgBoot takes',
  },
  'auth-server-refused': {
    status: 200,
    code: 500,
    message: '登录没有成功：{message}',
    cause: 'AUTH=jeecgboot: it refuses in its own words, such as a frozen tenant or a missing permission',
    remedy: 'do what it says, in JeecgBoot',
  },
  'auth-server-unreachable': {
    status: 200,
    code: 500,
    message: '暂时连不上登录服务器，请稍后再试',
    cause: 'AUTH=jeecgboot: it did not answer; the reason is in the log',
    remedy: 'check that JeecgBoot runs, JEECGBOOT_URL and the network',
  },
  'auth-server-failed': {
    status: 200,
    code: 500,
    message: '登录服务器出错了，请联系管理员',
    cause: 'AUTH=jeecgboot: the answer is an exception or not JeecgBoot’s at all; what it was is in the log',
    remedy: 'check JEECGBOOT_URL with its context path (/jeecg-boot), the proxy before it, and its Redis',
  },
  'too-many-requests': {
    status: 429,
    code: 429,
    message: '操作太频繁，请 {seconds} 秒后再试',
    cause: 'too many logins or pictures from this address',
    remedy: 'wait; behind a proxy set TRUST_PROXY=1 so that clients are told apart',
  },
  'too-many-streams': {
    status: 429,
    code: 429,
    message: '同时打开的后台页面太多，暂时不能自动更新，请关掉几个后刷新',
    cause: 'GET /admin/events: 5 streams of this account, or 200 of this process, are open',
    remedy: 'close pages; a page without its stream works and is read again by hand',
  },
  'session-invalid': {
    status: 401,
    code: 401,
    message: '登录已失效，请重新登录',
    cause: 'X-Access-Token is missing, unknown, expired or of a disabled account',
    remedy: 'log in',
  },
  'admin-token-wrong': {
    status: 401,
    code: 401,
    message: '管理令牌无效，请检查 Authorization 请求头',
    cause: 'the bearer token is not ADMIN_TOKEN, and there is no X-Access-Token either',
    remedy: 'send `Authorization: Bearer <ADMIN_TOKEN>`, or the X-Access-Token of a clerk’s login',
  },
  'signature-wrong': {
    status: 401,
    code: 401,
    message: '签名不正确，请检查密钥和签名方法',
    cause:
      'X-Leadbell-Timestamp or X-Leadbell-Signature is missing, or is not of these bytes under INTEGRATION_SECRET',
    remedy: 'sign the timestamp, a dot and the body exactly as it is sent (docs/integration.zh-CN.md)',
  },
  'signature-stale': {
    status: 401,
    code: 401,
    message: '签名时间与服务器相差超过 5 分钟，请校准时钟后重新签名（服务器时间 {now}）',
    cause: 'the signature is right and its timestamp more than five minutes from our clock',
    remedy: 'sign anew for every try; check the clocks on both sides',
  },
  'role-missing': {
    status: 403,
    code: 403,
    message: '您的账号没有后台权限，请联系管理员',
    cause: 'the session is of an account whose role may not make this call',
    remedy: 'an admin gives the account the role clerk or admin',
  },
  'idempotency-key-bad': {
    status: 400,
    code: 400,
    message: 'Idempotency-Key 请求头无效，请用 1 到 128 个英文字母、数字或符号',
    cause: 'the key is empty, too long or not printable ASCII',
    remedy: 'send a UUID',
  },
  'idempotency-key-missing': {
    status: 400,
    code: 400,
    message: '缺少 Idempotency-Key 请求头，请为每次分配带上唯一的编号',
    cause: 'POST /integration/… without a key, where a repetition could ring twice',
    remedy: 'send one key for one assignment, the same again when repeating it',
  },
  'idempotency-key-reused': {
    status: 422,
    code: 422,
    message: '这个 Idempotency-Key 已经用于另一个请求，请换一个新的',
    cause: 'the same caller sent another request to the same endpoint under this key in the last 24 hours',
    remedy: 'make a new key for every new request',
  },
  'idempotency-key-busy': {
    status: 409,
    code: 409,
    message: '同一个请求正在处理，请稍后再试',
    cause: 'the first request under this Idempotency-Key is still at work',
    remedy: 'repeat it in a second with the same key; its answer will come',
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
  'clue-gone': {
    status: 404,
    code: 404,
    message: '线索不存在或已删除，请刷新后再看',
    cause: 'a call of the back office: no such clue, or it was deleted',
    remedy: 'read the list again',
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
  'clue-assigned-meanwhile': {
    status: 409,
    code: 409,
    message: '这条线索刚刚已{by}分配给{owner}，请刷新后再操作',
    cause: 'somebody assigned the clue after the version in the request',
    remedy: 'look at the clue in `result`; assign that version if it is to go to somebody else',
  },
  'import-undecodable': {
    status: 400,
    code: 400,
    message: '文件的编码无法识别，请在表格软件里另存为“CSV UTF-8（逗号分隔）”后重试',
    cause: 'the raw body is neither UTF-8 nor GB18030',
    remedy: 'save it as CSV, not as .xls or .xlsx',
  },
  'import-too-large': {
    status: 413,
    code: 413,
    message: '文件太大，一次最多 2 MB、5000 行，请分成几个文件导入',
    cause: 'the CSV is longer than 2 MB or has more than 5,000 rows of data',
    remedy: 'split it',
  },
  'import-unreadable': {
    status: 422,
    code: 422,
    message: '第 {row} 行读不下去：引号没有成对，请检查这一行里的英文双引号',
    cause: 'a quoted cell is never closed',
    remedy: 'close it, or double a quotation mark inside a quoted cell',
  },
  'import-heading': {
    status: 422,
    code: 422,
    message: '表头{problem}。第一行要有：线索名称,客户姓名,电话号码,备注（备注可以没有），用英文逗号分隔',
    cause: 'the first row does not name the columns, or names one twice',
    remedy: 'title, customerName, phone and remark are understood, too; the order does not matter',
  },
  'import-empty': {
    status: 422,
    code: 422,
    message: '文件里没有线索，请在表头下面填写后重试',
    cause: 'no row below the heading',
    remedy: 'add rows',
  },
  'import-rows-wrong': {
    status: 422,
    code: 422,
    message: '有 {count} 行需要改正，一行也没有导入；请按提示修改后重新导入',
    cause: 'a row has errors, and `partial` was not asked for; `result` is the report',
    remedy: 'mend the rows, or import the others with `partial`',
  },
  'assignee-not-found': {
    status: 404,
    code: 404,
    message: '要分配的员工不存在，请核对后重试',
    cause: 'no account with this assigneeId',
    remedy: 'use the id in userInfo of that person’s login',
  },
  'account-not-found': {
    status: 404,
    code: 404,
    message: '没有这个账号，请刷新列表后重试',
    cause: 'no account with this id',
    remedy: 'take the id from GET /admin/staff',
  },
  'account-changed': {
    status: 409,
    code: 409,
    message: '账号已被他人修改，请核对最新内容后再操作',
    cause: 'the version in the request is not the present one',
    remedy: 'use the account in `result` and try again',
  },
  'username-taken': {
    status: 409,
    code: 409,
    message: '用户名 {username} 已存在，请换一个',
    cause: 'another account, perhaps a disabled one, has this username',
    remedy: 'choose another, or enable that account again',
  },
  'password-required': {
    status: 400,
    code: 400,
    message: '请为新账号设置密码，至少 8 个字符',
    cause: 'AUTH=local: an account without a password could never log in',
    remedy: 'send `password`',
  },
  'last-admin': {
    status: 409,
    code: 409,
    message: '这是最后一个管理员，不能停用或改为其他角色，请先设置另一个管理员',
    cause: 'without an admin account nobody could manage people by logging in',
    remedy: 'make another account an admin first',
  },
  'range-bad': {
    status: 400,
    code: 400,
    message: '统计时间有误，请选择先后正确、不超过 92 天的一段时间',
    cause: '`from` is not before `to`, or they are more than 92 days apart',
    remedy: 'send a shorter range',
  },
  'assignee-unknown': {
    status: 422,
    code: 422,
    message: '没有用户名为 {assignee} 的员工账号，请先在后台添加',
    cause: 'POST /integration/assignments: no account has this username',
    remedy: 'add the account, or send the username it has here',
  },
  'assignee-disabled': {
    status: 409,
    code: 409,
    message: '这名员工的账号已停用，请分配给其他人',
    cause: 'the account of this assigneeId is disabled',
    remedy: 'assign to somebody else, or enable the account',
  },
  'clue-unassigned': {
    status: 409,
    code: 409,
    message: '这条线索还没有分配给任何人，不需要收回',
    cause: 'nobody has the clue',
    remedy: 'reload the list',
  },
  'delivery-not-found': {
    status: 404,
    code: 404,
    message: '没有这条提醒，请回到列表刷新',
    cause: 'no delivery with this id',
    remedy: 'reload the list',
  },
  'delivery-not-redrivable': {
    status: 409,
    code: 409,
    message: '这条提醒不能重新发送：{why}',
    cause: 'it is sent, still under way, or its lead is closed or another’s by now',
    remedy: 'reload the list; assign the lead again to ring somebody else',
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

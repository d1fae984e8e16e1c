/** Where in the console the key and the list of addresses are. */
export const CODE_UPLOAD = '微信公众平台「开发管理 → 开发设置 → 小程序代码上传」'

/** What miniprogram-ci throws for, and what to do about it. Its codes are from its source, the others WeChat's answers. */
const causes: { name: string; when: RegExp; remedy: (text: string) => string }[] = [
  {
    name: 'ip',
    when: /-10008\b|invalid ip|not in (?:the )?white ?list|ip ?白名单/i,
    remedy: (text) => {
      const ip = /\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]*:[0-9a-f:]*:[0-9a-f]+/i.exec(text)?.[0]
      return `这台机器的 IP${ip ? ` ${ip}` : ''} 不在上传白名单里：由管理员到${CODE_UPLOAD}把它加入 IP 白名单，再试一次。`
    },
  },
  {
    name: 'key',
    when: /\b20002\b|signature|签名|PEM routines|DECODER routines/i,
    remedy: () =>
      `上传密钥不对，或不是这个 appid 的，或已被重置：由管理员到${CODE_UPLOAD}重新生成并下载，再把 WECHAT_PRIVATE_KEY_PATH 指向它。`,
  },
  {
    name: 'network',
    when: /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ESOCKETTIMEDOUT|EHOSTUNREACH|ENETUNREACH|socket hang up|^20001 Error: (?!errCode)/,
    remedy: () => '连不上微信的上传服务器 servicewechat.com：请检查这台机器的网络和代理，再试一次。',
  },
  {
    name: 'size',
    when: /\b80051\b|exceed(?:s|ed)? (?:the )?(?:max|limit)|超过.{0,6}限制/i,
    remedy: () => '代码包超过微信的限制：请压缩或移走图片等大文件，或拆成分包。',
  },
  {
    name: 'appid',
    when: /appid/i,
    remedy: () =>
      'appid 不对，或上传密钥的小程序不是它：请核对 WECHAT_APPID，它在微信公众平台「开发管理 → 开发设置」里。',
  },
]

/**
 * One Chinese sentence for what miniprogram-ci threw, with WeChat's own words behind it for the support desk.
 * Carries no private key, whatever was thrown.
 */
export function wordCiFailure(thrown: unknown): string {
  const said = withoutKeys(textOf(thrown))
  const cause = causes.find(({ when }) => when.test(said))
  const remedy = cause?.remedy(said) ?? '微信没有接受这次上传：请按原文处理，再试一次。'
  return `${remedy}（原文：${shortened(said)}）`
}

function textOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  const { code } = thrown as { code?: unknown }
  return code === undefined ? thrown.message : `${String(code)} ${thrown.message}`
}

const withoutKeys = (text: string) =>
  text
    .replace(/-----BEGIN [A-Z ]*KEY-----[\s\S]*?(?:-----END [A-Z ]*KEY-----|$)/g, '[密钥]')
    .replace(/[A-Za-z0-9+/]{40,}={0,2}/g, '[密钥]')

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > 300 ? `${line.slice(0, 300)}…` : line
}

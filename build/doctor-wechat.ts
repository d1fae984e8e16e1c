import {
  doubledTitle,
  error,
  ok,
  parseObject,
  warning,
  whyUnreachable,
  type Ask,
  type Diagnosis,
} from './diagnosis.ts'
import type { OfferedTemplate } from './doctor-backend.ts'

export interface WechatAccess {
  appid: string
  /** Either is enough; without both WeChat is not asked. Neither is ever repeated. */
  accessToken: string | undefined
  secret: string | undefined
  /** `https://api.weixin.qq.com`, or whatever plays it. */
  baseUrl: string
}

/** A template of the console (wechat-platform.md §7.1). */
interface PrivateTemplate {
  priTmplId: string
  title: string
  content: string
  type: number
}

const ONE_TIME = 2
const CONSOLE = '微信公众平台「功能 → 订阅消息 → 我的模板」'

/**
 * Compares the backend's templates with those of the console: they exist, are 一次性, and have the keys we send.
 * @param messages the keys the server fills, by purpose
 */
export async function checkWechatTemplates(
  access: WechatAccess,
  templates: OfferedTemplate[],
  messages: Record<string, { data: object }>,
  ask: Ask,
): Promise<Diagnosis[]> {
  if (!access.accessToken && !access.secret) {
    return [
      warning(
        '没有和微信核对模板：要核对，请设置环境变量 WECHAT_SECRET（小程序的 AppSecret）或 WECHAT_ACCESS_TOKEN，再检查一次。',
      ),
    ]
  }
  const token = access.accessToken ? { token: access.accessToken } : await fetchToken(access, ask)
  if ('problem' in token) return [token.problem]
  const url = `${access.baseUrl}/wxaapi/newtmpl/gettemplate?${new URLSearchParams({ access_token: token.token }).toString()}`
  const answer = await askWechat(url, undefined, ask)
  if ('problem' in answer) return [answer.problem]
  const own = Array.isArray(answer.fields.data) ? (answer.fields.data as PrivateTemplate[]) : []
  const findings = templates.flatMap((template) => {
    const found = own.find(({ priTmplId }) => priTmplId === template.templateId)
    return compare(template, found, Object.keys(messages[template.purpose]?.data ?? {}))
  })
  const titles = own
    .filter(({ priTmplId }) => templates.some(({ templateId }) => templateId === priTmplId))
    .map(({ title }) => title)
  const twice = doubledTitle(titles)
  if (twice !== undefined) {
    findings.push(error(`用到的模板有两个都叫「${twice}」，微信会过滤掉后一个：请到${CONSOLE}换一个。`))
  }
  return findings
}

function compare(
  { templateId, title }: OfferedTemplate,
  found: PrivateTemplate | undefined,
  sent: string[],
): Diagnosis[] {
  const name = `模板「${title}」（${templateId}）`
  if (!found) {
    return [error(`微信里没有${name}：请到${CONSOLE}复制模板 ID，改后台的 WECHAT_TEMPLATES 并重启后台。`)]
  }
  if (found.type !== ONE_TIME) {
    return [error(`${name}不是一次性订阅：请到${CONSOLE}另选一个一次性订阅的模板。`)]
  }
  const keys = [...found.content.matchAll(/\{\{(\w+?)\.DATA\}\}/g)].map(([, key = '']) => key)
  const lacking = sent.filter((key) => !keys.includes(key))
  const unfilled = keys.filter((key) => !sent.includes(key))
  if (!lacking.length && !unfilled.length)
    return [ok(`${name}在微信里，一次性订阅，字段 ${keys.join('、')}。`)]
  const parts = [
    lacking.length ? `缺少 ${lacking.join('、')}` : '',
    unfilled.length ? `多了 ${unfilled.join('、')}` : '',
  ].filter(Boolean)
  return [
    error(
      `${name}的字段${parts.join('，')}，消息会被微信拒绝：请另选字段正好是 ${sent.join('、')} 的模板，或在后台的 WECHAT_TEMPLATES 里用 values 写明每个字段填什么（docs/server.zh-CN.md；写了就不用理会这一条，后台启动时会自己核对）。`,
    ),
  ]
}

/** In normal mode, which leaves the backend's own token alive (wechat-platform.md §5). */
async function fetchToken(
  { appid, secret, baseUrl }: WechatAccess,
  ask: Ask,
): Promise<{ token: string } | { problem: Diagnosis }> {
  const body = JSON.stringify({ grant_type: 'client_credential', appid, secret, force_refresh: false })
  const answer = await askWechat(`${baseUrl}/cgi-bin/stable_token`, { method: 'POST', body }, ask)
  if ('problem' in answer) return answer
  const { access_token: token } = answer.fields
  return typeof token === 'string' && token
    ? { token }
    : { problem: error('微信的回答里没有 access_token：请稍后再检查一次。') }
}

async function askWechat(
  url: string,
  init: Parameters<Ask>[1],
  ask: Ask,
): Promise<{ fields: Record<string, unknown> } | { problem: Diagnosis }> {
  let answer: Awaited<ReturnType<Ask>>
  try {
    answer = await ask(url, init)
  } catch (thrown) {
    // Without the query, which may hold the token.
    const { host } = new URL(url)
    return {
      problem: error(
        `连不上微信 ${host}，${whyUnreachable(thrown)}：请检查网络和 WECHAT_API_BASE，再检查一次。`,
      ),
    }
  }
  const fields = parseObject(answer.text)
  if (!fields) {
    return { problem: error(`微信的回答（HTTP ${answer.status}）读不懂：请检查网络代理和 WECHAT_API_BASE。`) }
  }
  const errcode = typeof fields.errcode === 'number' ? fields.errcode : 0
  if (errcode === 0) return { fields }
  return { problem: error(`${remedyOf(errcode)}（微信错误码 ${errcode}）`) }
}

function remedyOf(errcode: number): string {
  switch (errcode) {
    case 40013:
      return 'appid 不对：请核对 WECHAT_APPID。'
    case 40125:
      return 'AppSecret 不对或已重置：请核对 WECHAT_SECRET。'
    case 40001:
    case 40014:
    case 42001:
      return 'AppSecret 不对，或 access_token 已过期：请核对 WECHAT_SECRET，或换一个 WECHAT_ACCESS_TOKEN。'
    case 40164:
      return '这台机器的 IP 不在接口白名单里：请到微信公众平台「开发管理 → 开发设置」加入 IP 白名单。'
    case -1:
    case 45009:
    case 45011:
      return '微信忙，或今天的调用次数用完了：请稍后再检查一次。'
    default:
      return '微信拒绝了请求：请按错误码处理。'
  }
}

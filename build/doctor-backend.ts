import { TemplatePurpose } from '../contract/src/notify.ts'
import {
  doubledTitle,
  error,
  ok,
  parseObject,
  whyUnreachable,
  type Ask,
  type Diagnosis,
} from './diagnosis.ts'

/** A template as the backend offers it. */
export interface OfferedTemplate {
  templateId: string
  title: string
  purpose: string
}

/** Is our backend at this address? */
export async function checkBackend(address: string, ask: Ask): Promise<Diagnosis[]> {
  const answer = await askBackend(`${address}/readyz`, ask)
  if ('problem' in answer) return [answer.problem]
  return [ok(`后台 ${address} 运行正常。`)]
}

/**
 * The templates a phone would be given, and what is wrong with them.
 * @param wanted VITE_TEMPLATE_PURPOSES as a list; empty means all
 */
export async function checkOfferedTemplates(
  { address, wanted }: { address: string; wanted: string[] },
  ask: Ask,
): Promise<{ diagnoses: Diagnosis[]; templates: OfferedTemplate[] }> {
  const answer = await askBackend(`${address}/notify/templates`, ask)
  if ('problem' in answer) return { diagnoses: [answer.problem], templates: [] }
  const templates = readTemplates(answer.result)
  if (!templates) {
    return {
      diagnoses: [error('后台给的模板列表格式不对：请把后台和小程序升级到同一个版本。')],
      templates: [],
    }
  }
  return { diagnoses: judge(templates, wanted), templates }
}

function judge(templates: OfferedTemplate[], wanted: string[]): Diagnosis[] {
  const remedy = '请改后台的 WECHAT_TEMPLATES 并重启后台。'
  if (!templates.length) return [error(`后台没有配置模板，用户收不到提醒：${remedy}`)]
  const known = TemplatePurpose.options as readonly string[]
  const findings: Diagnosis[] = []
  if (templates.length > 3) {
    findings.push(error(`后台配了 ${templates.length} 个模板，微信一次最多请求 3 个：${remedy}`))
  }
  const titles = templates.map(({ title }) => title)
  const twice = doubledTitle(titles)
  if (twice !== undefined) {
    findings.push(error(`有两个模板的标题都是「${twice}」，微信会过滤掉后一个：${remedy}`))
  }
  for (const { purpose } of templates.filter((it) => !known.includes(it.purpose))) {
    findings.push(
      error(`后台有个模板的用途是「${purpose}」，这个版本不认识，只认识 ${known.join('、')}：${remedy}`),
    )
  }
  for (const purpose of wanted.filter((it) => !templates.some((offered) => offered.purpose === it))) {
    findings.push(
      error(
        `VITE_TEMPLATE_PURPOSES 要的 ${purpose} 后台没有：请改这个设置，或在后台的 WECHAT_TEMPLATES 加上。`,
      ),
    )
  }
  if (findings.length) return findings
  return [ok(`后台配了 ${templates.length} 个模板：${titles.join('、')}。`)]
}

function readTemplates(result: unknown): OfferedTemplate[] | null {
  const list = (result as { templates?: unknown } | null)?.templates
  if (!Array.isArray(list)) return null
  const isTemplate = (it: unknown): it is OfferedTemplate =>
    typeof it === 'object' &&
    it !== null &&
    ['templateId', 'title', 'purpose'].every(
      (field) => typeof (it as Record<string, unknown>)[field] === 'string',
    )
  return list.every(isTemplate) ? list : null
}

async function askBackend(url: string, ask: Ask): Promise<{ result: unknown } | { problem: Diagnosis }> {
  let answer: Awaited<ReturnType<Ask>>
  try {
    answer = await ask(url)
  } catch (thrown) {
    return {
      problem: error(
        `连不上后台 ${url}，${whyUnreachable(thrown)}：请检查 VITE_API_BASE_URL、域名、证书和后台服务。`,
      ),
    }
  }
  const envelope = parseObject(answer.text)
  if (typeof envelope?.code !== 'number' || !('result' in envelope)) {
    return {
      problem: error(
        `${url} 的回答（HTTP ${answer.status}）不是本项目后台的：请检查 VITE_API_BASE_URL 的路径和反向代理。`,
      ),
    }
  }
  if (answer.status === 200 && (envelope.code === 0 || envelope.code === 200))
    return { result: envelope.result }
  const why = typeof envelope.message === 'string' ? envelope.message : ''
  return { problem: error(`${url} 回答 HTTP ${answer.status}「${why}」：请看后台的日志。`) }
}

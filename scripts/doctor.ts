import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { TemplatePurpose } from '@leadbell/contract'
import { checkMode, isMode, MODES, purposesOf } from '../build/configuration.ts'
import type { Ask, Diagnosis } from '../build/diagnosis.ts'
import { checkBackend, checkOfferedTemplates } from '../build/doctor-backend.ts'
import { appIdInUse, checkConfiguration, checkManifest, checkMessagePages } from '../build/doctor-project.ts'
import { checkAppVersion, checkNode, checkPackages } from '../build/doctor-versions.ts'
import { checkWechatTemplates } from '../build/doctor-wechat.ts'
import { readFrom } from '../build/output-checks.ts'
import { readSettings } from '../build/settings.ts'
import { buildMessage } from '../server/src/domain/messages.ts'
import { defaultValues } from '../server/src/wechat/templates.ts'
import { run, say, Stop } from './say.ts'

// `npm run doctor`: says what would go wrong in WeChat before it does. Exit code 1 when there is an error.

/** One message of each purpose as the server builds it when its templates say nothing else: its page and its keys. */
const messages = {
  'clue-assigned': buildMessage(
    { templateId: '', title: '', purpose: 'clue-assigned', values: defaultValues['clue-assigned'] },
    {
      clueId: '1',
      title: '线索',
      customerName: '王先生',
      phone: '13800000000',
      remark: '',
      assignedAt: new Date(),
      assigner: '',
      status: 'pending',
      others: 0,
    },
  ),
} satisfies Record<TemplatePurpose, { page: string; data: object }>

const LEVELS = { ok: '正常', warning: '提醒', error: '错误' } as const satisfies Record<
  Diagnosis['level'],
  string
>

const ask: Ask = async (url, init) => {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) })
  return { status: response.status, text: await response.text() }
}

function readMode(): keyof typeof MODES {
  try {
    const { values } = parseArgs({ options: { mode: { type: 'string', default: 'production' } } })
    if (isMode(values.mode)) return values.mode
    throw new Stop(checkMode(values.mode)[0]?.text)
  } catch (error) {
    throw error instanceof Stop
      ? error
      : new Stop('参数不对：只有 --mode，例如 npm run doctor -- --mode trial。')
  }
}

async function examine(mode: string): Promise<Diagnosis[]> {
  const root = resolve(import.meta.dirname, '..')
  const read = readFrom(root)
  const settings = readSettings(mode, root)
  const configuration = checkConfiguration(settings, read)
  const diagnoses = [
    ...checkNode(process.versions.node),
    ...checkPackages(read),
    ...checkAppVersion(read),
    ...checkManifest(read),
    ...checkMessagePages(messages, read),
    ...configuration,
  ]
  // A wrong address leads nowhere, and so does what follows from it.
  if (configuration.some(({ level }) => level === 'error')) return diagnoses

  const address = settings.VITE_API_BASE_URL ?? ''
  const backend = await checkBackend(address, ask)
  diagnoses.push(...backend)
  if (backend.some(({ level }) => level === 'error')) return diagnoses
  const wanted = purposesOf(settings.VITE_TEMPLATE_PURPOSES ?? '')
  const offered = await checkOfferedTemplates({ address, wanted }, ask)
  diagnoses.push(...offered.diagnoses)
  if (!offered.templates.length) return diagnoses
  const access = {
    appid: appIdInUse(settings, read),
    accessToken: settings.WECHAT_ACCESS_TOKEN,
    secret: settings.WECHAT_SECRET,
    baseUrl: (settings.WECHAT_API_BASE || 'https://api.weixin.qq.com').replace(/\/+$/, ''),
  }
  return [...diagnoses, ...(await checkWechatTemplates(access, offered.templates, messages, ask))]
}

run(async () => {
  const mode = readMode()
  say(`检查${MODES[mode]}的配置 …\n`)
  const diagnoses = await examine(mode)
  for (const { level, text } of diagnoses) say(`${LEVELS[level]}  ${text}`)
  const count = (wanted: Diagnosis['level']) => diagnoses.filter(({ level }) => level === wanted).length
  say(`\n${count('ok')} 项正常，${count('warning')} 个提醒，${count('error')} 个错误。`)
  process.exitCode = count('error') ? 1 : 0
})

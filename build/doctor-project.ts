import {
  checkAppId,
  checkSettings,
  DEMO_APP_ID,
  isLoopback,
  purposesOf,
  type BuildSettings,
} from './configuration.ts'
import { error, ok, parseObject, warning, type Diagnosis } from './diagnosis.ts'
import type { ReadOutput } from './output-checks.ts'

interface Manifest {
  'mp-weixin'?: {
    appid?: string
    setting?: { urlCheck?: boolean }
    uniStatistics?: { enable?: boolean }
  }
  uniStatistics?: { enable?: boolean }
}

/** manifest.json, or an empty one when it cannot be read, which checkManifest reports. */
const manifestOf = (read: ReadOutput) => (parseObject(read('manifest.json') ?? '') ?? {}) as Manifest

/** The app id the build would use, wherever it stands. */
export const appIdInUse = (settings: BuildSettings, read: ReadOutput): string =>
  settings.WECHAT_APPID || (manifestOf(read)['mp-weixin']?.appid ?? '')

/** The settings of the .env files and the app id. */
export function checkConfiguration(settings: BuildSettings, read: ReadOutput): Diagnosis[] {
  const findings: Diagnosis[] = checkSettings(settings)
  const appid = appIdInUse(settings, read)
  if (!settings.WECHAT_APPID) findings.push(...checkAppId(appid, 'manifest.json 的 mp-weixin.appid'))
  if (appid === DEMO_APP_ID) {
    findings.push(
      warning(`appid ${appid} 是演示用的，上传会被拒绝：上线前请把 WECHAT_APPID 设为自己的 appid。`),
    )
  }
  if (findings.some(({ level }) => level === 'error')) return findings

  if (appid !== DEMO_APP_ID) findings.push(ok(`appid ${appid} 写法正确。`))
  const url = new URL(settings.VITE_API_BASE_URL ?? '')
  if (url.protocol === 'https:' && !isLoopback(url.hostname)) {
    findings.push(
      ok(`接口地址 ${url.href.replace(/\/$/, '')} 写法正确；微信后台的 request 合法域名要有 ${url.origin}。`),
    )
  }
  const purposes = purposesOf(settings.VITE_TEMPLATE_PURPOSES ?? '').join('、') || '后台有的都要'
  findings.push(
    ok(
      `授权：模板用途 ${purposes}；剩余少于 ${settings.VITE_ASK_BELOW} 条时再请用户授权，至少隔 ${settings.VITE_ASK_PAUSE_MINUTES} 分钟。`,
    ),
  )
  return findings
}

/** What must not be switched in manifest.json before a release. */
export function checkManifest(read: ReadOutput): Diagnosis[] {
  if (!parseObject(read('manifest.json') ?? '')) {
    return [error('manifest.json 不存在或不是正确的 JSON：请从版本库恢复它。')]
  }
  const manifest = manifestOf(read)
  const wechat = manifest['mp-weixin']
  return [
    wechat?.setting?.urlCheck === true
      ? ok('合法域名校验 urlCheck 开着。')
      : error(
          '合法域名校验 urlCheck 没有开，没登记的域名要到真机上才发现：请把 manifest.json 的 mp-weixin.setting.urlCheck 设为 true。',
        ),
    manifest.uniStatistics?.enable || wechat?.uniStatistics?.enable
      ? error(
          'uni 统计开着，会把使用情况发给第三方：请把 manifest.json 里的 uniStatistics.enable 都设为 false。',
        )
      : ok('uni 统计关着。'),
  ]
}

interface PagesJson {
  pages?: { path: string }[]
  subPackages?: { root: string; pages: { path: string }[] }[]
  subpackages?: PagesJson['subPackages']
}

/** The page paths of pages.json, subpackages included; null when it cannot be read. */
function pagePathsOf(text: string | null): string[] | null {
  const pages = parseObject(text ?? '') as PagesJson | null
  if (!pages) return null
  const inSubPackages = [...(pages.subPackages ?? []), ...(pages.subpackages ?? [])].flatMap((sub) =>
    sub.pages.map(({ path }) => `${sub.root}/${path}`.replace(/\/+/g, '/')),
  )
  return [...(pages.pages ?? []).map(({ path }) => path), ...inSubPackages]
}

/** @param messages the page each purpose's message opens, with its query */
export function checkMessagePages(messages: Record<string, { page: string }>, read: ReadOutput): Diagnosis[] {
  const known = pagePathsOf(read('pages.json'))
  if (!known) return [error('pages.json 不存在或不是正确的 JSON：请从版本库恢复它。')]
  return Object.entries(messages).map(([purpose, { page }]) => {
    const path = page.split('?')[0] ?? ''
    return known.includes(path)
      ? ok(`${purpose} 的消息打开 ${path}，pages.json 里有它。`)
      : error(
          `${purpose} 的消息打开 ${path}，pages.json 里没有，用户点了打不开：请改 pages.json 或 server/src/domain/messages.ts，让两边一致。`,
        )
  })
}

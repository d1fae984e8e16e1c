import { createPrivateKey } from 'node:crypto'
import { basename } from 'node:path'
import { CODE_UPLOAD } from './ci-failure.ts'
import { checkSettings, DEMO_APP_ID, isLoopback, type BuildSettings, type Finding } from './configuration.ts'
import type { ReadOutput } from './output-checks.ts'

const error = (text: string): Finding => ({ level: 'error', text })

export type UploadKind = 'upload' | 'preview'

/** Before the build: what must not leave this machine. A preview may call a backend on a developer's own network. */
export function checkUploadSettings(kind: UploadKind, settings: BuildSettings): Finding[] {
  const findings = checkSettings(settings)
  const address = settings.VITE_API_BASE_URL ?? ''
  if (kind === 'preview' || findings.some(({ level }) => level === 'error')) return findings
  const url = new URL(address)
  if (url.protocol !== 'https:' || isLoopback(url.hostname)) {
    return [
      error(`接口地址 VITE_API_BASE_URL「${address}」手机访问不到，没有上传：请换成正式的 https 域名。`),
    ]
  }
  return findings
}

/** The demo's app id belongs to nobody. */
export function checkUploadAppId(appid: string): Finding[] {
  if (appid !== DEMO_APP_ID) return []
  return [
    error(
      `appid ${appid} 是演示用的，没有上传：请把 WECHAT_APPID 设为自己的 appid，它在微信公众平台「开发管理 → 开发设置」里。`,
    ),
  ]
}

/**
 * @param path what WECHAT_PRIVATE_KEY_PATH says
 * @param read the file's text, null when there is none
 */
export function checkPrivateKey(path: string | undefined, appid: string, read: ReadOutput): Finding[] {
  if (!path) {
    return [
      error(
        `没有设置 WECHAT_PRIVATE_KEY_PATH：请由管理员到${CODE_UPLOAD}下载上传密钥、把这台机器的 IP 加入白名单，再把密钥文件的路径写进这个变量。`,
      ),
    ]
  }
  const text = read(path)
  if (text === null) {
    return [error(`WECHAT_PRIVATE_KEY_PATH 指的文件 ${path} 不存在或打不开：请改成上传密钥文件的完整路径。`)]
  }
  const owner = /wx[0-9a-f]{16}/.exec(basename(path))?.[0]
  if (owner && owner !== appid) {
    return [error(`密钥文件 ${basename(path)} 是 ${owner} 的，要上传的小程序是 ${appid}：请换成它的密钥。`)]
  }
  try {
    createPrivateKey(text)
    return []
  } catch {
    return [error(`${path} 不是上传密钥：它应是从${CODE_UPLOAD}下载的 .key 文件，原样不改。`)]
  }
}

/** @param text what WECHAT_CI_ROBOT says; empty means 1 */
export function robotOf(text: string | undefined): number | Finding {
  if (!text) return 1
  const robot = /^\d{1,2}$/.test(text) ? Number(text) : 0
  return robot >= 1 && robot <= 30
    ? robot
    : error(`WECHAT_CI_ROBOT「${text}」不对：请写 1 到 30 的整数，不写就是 1。`)
}

/** The app id that a built folder is uploaded as; null when the folder is no built mini-program. */
export function appIdOf(read: ReadOutput): string | null {
  const text = read('project.config.json')
  return text === null ? null : ((JSON.parse(text) as { appid?: string }).appid ?? '')
}

/**
 * After the build: the folder is complete, only this build's, and a release of this app.
 * @param files all of its files
 */
export function checkUploadFolder(
  kind: UploadKind,
  { files, read, address }: { files: string[]; read: ReadOutput; address: string },
): Finding[] {
  const lacking = ['app.json', 'app.js', 'project.config.json'].filter((file) => read(file) === null)
  if (lacking.length) return [error(`编译结果里缺少 ${lacking.join('、')}，没有上传：请先解决编译错误。`)]
  const findings: Finding[] = []
  const strays = files.filter((file) =>
    /(^|\/)(\.|node_modules\/)|\.map$|^project\.private\.config\.json$/.test(file),
  )
  if (strays.length) {
    findings.push(
      error(`编译结果里混进了 ${strays.slice(0, 3).join('、')}，没有上传：请删掉整个结果文件夹，再试一次。`),
    )
  }
  if (!files.some((file) => file.endsWith('.js') && read(file)?.includes(address))) {
    findings.push(
      error(`编译结果里找不到接口地址 ${address}，不是这次的结果：请删掉整个结果文件夹，再试一次。`),
    )
  }
  findings.push(...checkUploadAppId(appIdOf(read) ?? ''))
  const { setting } = JSON.parse(read('project.config.json') ?? '{}') as { setting?: { urlCheck?: boolean } }
  if (kind === 'upload' && setting?.urlCheck === false) {
    findings.push(
      error(
        'urlCheck 关着，会掩盖没有登记的域名：请把 manifest.json 的 mp-weixin.setting.urlCheck 改成 true。',
      ),
    )
  }
  return findings
}

import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { buildMiniProgram } from '../build/build-mini-program.ts'
import { checkMode, type Finding, isMode, MODES } from '../build/configuration.ts'
import { listFiles } from '../build/files.ts'
import { loadMiniProgramCi, qrcodeAsText } from '../build/miniprogram-ci.ts'
import { readFrom } from '../build/output-checks.ts'
import { describeRevision, gitIn } from '../build/revision.ts'
import { readSettings } from '../build/settings.ts'
import {
  appIdOf,
  checkPrivateKey,
  checkUploadAppId,
  checkUploadFolder,
  checkUploadSettings,
  robotOf,
  type UploadKind,
} from '../build/upload-checks.ts'
import { uploadMiniProgram } from '../build/upload.ts'
import { validate } from '../build/validate.ts'
import { run, say, Stop } from './say.ts'

/** What the command uses of the outside; a test brings its own. */
export interface UploadTools {
  root: string
  say: (line: string) => void
  build: typeof buildMiniProgram
  validate: typeof validate
  loadCi: typeof loadMiniProgramCi
  drawQrcode: typeof qrcodeAsText
}

/**
 * `npm run upload` and `npm run preview`: builds into a folder of its own, checks it and hands it to WeChat.
 * @param args such as `['preview', '--mode', 'trial']`
 * @throws Stop with what is wrong, one sentence a line
 */
export async function uploadCommand(args: string[], tools: UploadTools): Promise<void> {
  const { root } = tools
  const { kind, mode } = readArguments(args)
  const stopOn = (findings: Finding[]) => {
    for (const { level, text } of findings) if (level === 'warning') tools.say(`提醒：${text}`)
    const errors = findings.filter(({ level }) => level === 'error')
    if (errors.length) throw new Stop(errors.map(({ text }) => text).join('\n'))
  }

  const settings = readSettings(mode, root)
  const manifest = JSON.parse(readFileSync(resolve(root, 'manifest.json'), 'utf8')) as {
    'mp-weixin'?: { appid?: string }
  }
  const robot = robotOf(settings.WECHAT_CI_ROBOT)
  const keyPath = settings.WECHAT_PRIVATE_KEY_PATH && resolve(root, settings.WECHAT_PRIVATE_KEY_PATH)
  const expectedAppId = settings.WECHAT_APPID || (manifest['mp-weixin']?.appid ?? '')
  stopOn([
    ...checkUploadSettings(kind, settings),
    ...checkUploadAppId(expectedAppId),
    ...checkPrivateKey(keyPath, expectedAppId, readText),
    ...(typeof robot === 'number' ? [] : [robot]),
  ])

  const address = settings.VITE_API_BASE_URL ?? ''
  tools.say(`1/3 编译（${MODES[mode]}，接口地址 ${address}）…`)
  // Beside dist/build, which the DevTools may have open and write to.
  const folder = resolve(root, 'dist/upload/mp-weixin')
  rmSync(folder, { recursive: true, force: true })
  const built = await tools.build({ cwd: root, outDir: folder, apiBaseUrl: address, mode, quiet: true })
  if (!built.ok) throw new Stop(`编译失败，没有上传：\n${built.output}`)

  tools.say('2/3 检查 …')
  mkdirSync(folder, { recursive: true })
  const read = readFrom(folder)
  stopOn(checkUploadFolder(kind, { files: listFiles(folder), read, address }))
  const { errors } = tools.validate(folder)
  if (errors.length) throw new Stop(`微信的校验工具报了错，没有上传：\n${errors.join('\n')}`)

  const appid = appIdOf(read) ?? ''
  const { version } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8')) as { version: string }
  const description = describeRevision(gitIn(root))
  const qrcodeFile = resolve(root, 'dist/preview.jpg')
  tools.say(`3/3 ${kind === 'upload' ? `上传 ${version}` : '预览'}（${appid}，${description}）…`)
  const outcome = await uploadMiniProgram(tools.loadCi(), {
    folder,
    appid,
    privateKeyPath: keyPath ?? '',
    description,
    robot: typeof robot === 'number' ? robot : 1,
    as: kind === 'upload' ? { kind, version } : { kind, qrcodeFile },
  })
  if (!outcome.ok) throw new Stop(outcome.sentence)

  for (const { name, bytes } of outcome.packages)
    tools.say(`  ${nameOf(name)} ${(bytes / 1024).toFixed(0)} KB`)
  if (kind === 'upload') {
    tools.say(
      `✓ 已上传：到微信公众平台「版本管理」里找机器人 ${String(robot)} 的 ${version}，设为体验版或提交审核。`,
    )
    return
  }
  const drawn = tools.drawQrcode(readFileSync(qrcodeFile))
  if (drawn) tools.say(drawn)
  tools.say(`✓ 用微信扫二维码预览，图片在 ${relative(root, qrcodeFile)}；过期了就再执行一次。`)
}

function readArguments(args: string[]) {
  const { values, positionals } = parse(args)
  const kind: UploadKind = positionals[0] === 'preview' ? 'preview' : 'upload'
  const mode = values.mode ?? 'production'
  if (!isMode(mode)) throw new Stop(checkMode(mode)[0]?.text)
  if (mode === 'development') throw new Stop('开发版不能上传：--mode 请用 trial 或 production。')
  return { kind, mode }
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: { mode: { type: 'string' } }, allowPositionals: true })
  } catch {
    throw new Stop('参数不对：只有 --mode trial 或 --mode production，例如 npm run upload -- --mode trial。')
  }
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

/** miniprogram-ci's names for the whole and the main package. */
const nameOf = (name: string) => ({ __FULL__: '总大小', __APP__: '主包' })[name] ?? `分包 ${name}`

if (process.argv[1] && resolve(process.argv[1]) === import.meta.filename) {
  run(async () => {
    const root = resolve(import.meta.dirname, '..')
    const tools = { build: buildMiniProgram, validate, loadCi: loadMiniProgramCi, drawQrcode: qrcodeAsText }
    await uploadCommand(process.argv.slice(2), { root, say, ...tools })
    // miniprogram-ci leaves handles open.
    process.exit(0)
  })
}

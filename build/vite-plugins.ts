import { existsSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { loadEnv, type Plugin, type Rollup } from 'vite'
import { checkSettings, type BuildSettings, type Finding } from './configuration.ts'
import { listFiles } from './files.ts'
import { carriedUp, mirror, MIRRORED } from './mirror.cjs'
import {
  checkPackageSizes,
  checkPages,
  checkProjectConfig,
  contractModules,
  readFrom,
  type ReadOutput,
} from './output-checks.ts'

/** Throws when there is an error among the findings; Vite prints the sentences and the build exits with 1. */
function stopOn(findings: Finding[]): void {
  for (const { level, text } of findings) if (level === 'warning') console.warn(`提醒：${text}`)
  const errors = findings.filter(({ level }) => level === 'error').map(({ text }) => text)
  if (errors.length) throw new Error(errors.join('\n'))
}

const stop = (text: string) => stopOn([{ level: 'error', text }])

/**
 * What this project adds to uni-app's build: the top-level json files, the settings' checks and the output's.
 * @param root the project's folder
 * @param compilerRead the folder whose manifest.json the compiler has read and cached before this is called
 */
export function leadbell(root: string, compilerRead: string | undefined): Plugin[] {
  return [topLevelJson(root, compilerRead), settingsAndOutput(root), noBeacon]
}

function topLevelJson(root: string, compilerRead: string | undefined): Plugin {
  const topLevel = new Set(MIRRORED.map((name) => resolve(root, name)))
  const copies = new Set(MIRRORED.map((name) => resolve(root, 'src', name)))
  // Before uni() reads pages.json; a problem is thrown from a hook, where Vite adds no stack to it.
  let { down, up, problems } = mirror(root)
  return {
    name: 'leadbell:top-level-json',
    enforce: 'pre',
    config() {
      up.map(carriedUp).forEach((line) => console.log(line))
      if (problems.length) stop(problems.join('\n'))
      // relative() knows that Windows paths may differ in case; a folder that is neither counts as both.
      const reads = (folder: string) => compilerRead !== undefined && relative(folder, compilerRead) === ''
      const stale = reads(root) ? up : reads(join(root, 'src')) ? down : [...down, ...up]
      if (stale.includes('manifest.json')) {
        stop('manifest.json 刚刚更新到两处，编译器读到的还是旧内容：请重新编译一次。')
      }
    },
    buildStart() {
      for (const file of topLevel) this.addWatchFile(file)
      if (problems.length) stop(problems.join('\n'))
    },
    watchChange(id) {
      const file = resolve(id)
      if (!topLevel.has(file) && !copies.has(file)) return
      ;({ down, up, problems } = mirror(root))
      up.map(carriedUp).forEach((line) => console.log(line))
      if ([...down, ...up].includes('manifest.json')) {
        console.warn('提醒：manifest.json 已更新，停止后重新运行才会全部生效。')
      }
    },
  }
}

function settingsAndOutput(root: string): Plugin {
  let settings: BuildSettings = {}
  let outDir = ''
  let written = false
  return {
    name: 'leadbell',
    enforce: 'post',
    config(_config, { mode }) {
      settings = loadEnv(mode, root, ['VITE_API_BASE_URL', 'WECHAT_APPID'])
      stopOn(checkSettings(settings))
    },
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir)
    },
    // Before anything is written: a build that fails here leaves no folder that could be uploaded.
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        if (settings.WECHAT_APPID) overrideAppId(bundle, settings.WECHAT_APPID)
        // While watching, uni-app emits only what changed; the rest is on disk.
        const onDisk = readFrom(outDir)
        const read: ReadOutput = (file) => textOf(bundle, file) ?? onDisk(file)
        stopOn([
          ...checkPages(read, (file) => existsSync(join(root, file))),
          ...checkProjectConfig(
            read,
            settings.WECHAT_APPID ? 'WECHAT_APPID' : 'manifest.json 的 mp-weixin.appid',
          ),
        ])
        const foreign = contractModules(modulesOf(bundle))
        if (foreign.length) {
          stop(`小程序里混进了校验代码（${foreign.join('、')}）：src/ 里请只用 import type 引入 contract。`)
        }
      },
    },
    writeBundle() {
      written = true
    },
    // Static files are copied by now. After a failed build there is nothing to measure, and its own error to show.
    closeBundle: {
      order: 'post',
      sequential: true,
      handler() {
        if (written) stopOn(checkPackageSizes(outDir, listFiles(outDir)))
      },
    },
  }
}

/**
 * In production builds uni-app's runtime fetches an image from DCloud's CDN three seconds after every launch, with the
 * app id in its path. Nobody asked the users of this app.
 */
const noBeacon: Plugin = {
  name: 'leadbell:no-beacon',
  transform(code, id) {
    if (!/[\\/]uni-mp-weixin[\\/]dist[\\/]uni\.mp\.esm\.js/.test(id)) return null
    return { code: code.replace('isFunction(wx.preloadAssets)', 'false'), map: null }
  },
}

function overrideAppId(bundle: Rollup.OutputBundle, appid: string): void {
  const file = bundle['project.config.json']
  if (file?.type !== 'asset') return
  const project = JSON.parse(String(file.source)) as Record<string, unknown>
  file.source = JSON.stringify({ ...project, appid }, null, 2)
}

function textOf(bundle: Rollup.OutputBundle, file: string): string | null {
  const entry = bundle[file]
  if (!entry) return null
  return entry.type === 'chunk' ? entry.code : String(entry.source)
}

function modulesOf(bundle: Rollup.OutputBundle): { id: string; bytes: number }[] {
  return Object.values(bundle).flatMap((entry) =>
    entry.type === 'chunk'
      ? Object.entries(entry.modules).map(([id, { renderedLength }]) => ({ id, bytes: renderedLength }))
      : [],
  )
}

import { existsSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import type { Plugin, Rollup } from 'vite'
import { mergedChunks } from './chunks.ts'
import { checkMode, checkSettings, type BuildSettings, type Finding } from './configuration.ts'
import { listFiles } from './files.ts'
import { carriedUp, mirror, MIRRORED } from './mirror.cjs'
import {
  checkPackageBorders,
  checkPackageSizes,
  checkPages,
  checkProjectConfig,
  contractModules,
  readFrom,
  type ReadOutput,
} from './output-checks.ts'
import { readSettings } from './settings.ts'
import { leanRuntime, uniOnlyNames } from './uni-runtime.ts'

/** Throws when there is an error among the findings; Vite prints the sentences and the build exits with 1. */
function stopOn(findings: Finding[]): void {
  for (const { level, text } of findings) if (level === 'warning') console.warn(`提醒：${text}`)
  const errors = findings.filter(({ level }) => level === 'error').map(({ text }) => text)
  if (errors.length) throw new Error(errors.join('\n'))
}

const stop = (text: string) => stopOn([{ level: 'error', text }])

/**
 * What this project adds to uni-app's build: the top-level json files, the settings' checks and the output's, and what
 * makes the output small.
 * @param root the project's folder
 * @param compilerRead the folder whose manifest.json the compiler has read and cached before this is called
 */
export function leadbell(root: string, compilerRead: string | undefined): Plugin[] {
  return [topLevelJson(root, compilerRead), settingsAndOutput(root), mergedChunks(root), leanRuntime()]
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
      settings = readSettings(mode, root)
      stopOn([...checkMode(mode), ...checkSettings(settings)])
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
          ...checkPackageBorders(Object.keys(bundle), read),
        ])
        const foreign = contractModules(modulesOf(bundle))
        if (foreign.length) {
          stop(`小程序里混进了校验代码（${foreign.join('、')}）：src/ 里请只用 import type 引入 contract。`)
        }
        const uniOnly = uniOnlyNames(modulesOf(bundle))
        if (uniOnly.length) {
          stop(
            `微信没有或不同的接口 ${uniOnly.join('、')}：编译后 uni 就是 wx（build/uni-runtime.ts），请改用微信自己的接口。`,
          )
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

function modulesOf(bundle: Rollup.OutputBundle): { id: string; bytes: number; code: string }[] {
  return Object.values(bundle).flatMap((entry) =>
    entry.type === 'chunk'
      ? Object.entries(entry.modules).map(([id, { renderedLength, code }]) => ({
          id,
          bytes: renderedLength,
          code: code ?? '',
        }))
      : [],
  )
}

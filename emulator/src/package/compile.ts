import { packageRootOf, subPackagesOf } from '../client/sub-packages.ts'
import type { MiniProgramPackage } from '../protocol.ts'
import { resolveComponents } from './components.ts'
import { openFolder, programFolder, projectConfig, uncompiledHint, type Folder } from './folder.ts'
import { placeOf, problemLine, type Problem } from './problems.ts'
import { readSources } from './scripts.ts'
import { styleCompiler } from './wxss.ts'
import { compileTemplates } from './wxml.ts'

export interface CompiledPackage {
  /** Defines `globalThis.__package`; with errors it defines `globalThis.__packageProblems` instead. */
  script: string
  problems: Problem[]
  /** Page paths, as app.json has them. */
  pages: string[]
  /** From project.config.json; empty when it names none. */
  appid: string
}

/**
 * Compiles a built mini-program (dist/build/mp-weixin) for the emulator's client. It reads files only and never
 * throws because of what is in them: that is in `problems`, and with an error among them there is no package.
 */
export function compileMiniProgram(dist: string): CompiledPackage {
  const problems: Problem[] = []
  const report = (problem: Problem) => void problems.push(problem)
  const done = (script: string | undefined, pages: string[], appid: string): CompiledPackage => ({
    script: script !== undefined && !problems.some(isError) ? script : problemScript(problems),
    problems,
    pages,
    appid,
  })

  let folder: Folder
  try {
    folder = openFolder(programFolder(dist), report)
  } catch {
    report({
      file: dist,
      message:
        '没有这个文件夹，uni-app 先运行 npm run build:mp-weixin，原生小程序给 app.json 所在的文件夹 (missing folder)',
      level: 'error',
    })
    return done(undefined, [], '')
  }
  const missing = ['app.json', 'app.js'].filter((file) => !folder.files.has(file))
  for (const file of missing)
    report({
      file,
      message: `没有这个文件，这不是构建好的小程序 (missing)${uncompiledHint(folder, [file])}`,
      level: 'error',
    })
  const { appid: configured } = projectConfig(dist)
  const appid = typeof configured === 'string' ? configured : ''
  const app = folder.files.has('app.json') ? folder.readJson('app.json') : undefined
  if (!app || missing.length > 0) return done(undefined, [], appid)

  const { pages, order, configs } = resolveComponents(folder, app, report)
  const scopes = Object.fromEntries(
    order.flatMap((path, index) => (configs[path]?.isPage ? [] : [[path, `c${index}`] as const])),
  )
  checkSizes(folder, app, report)
  checkTabBar(folder, app, pages, report)
  const { styles, scopedStyles } = compileStyles(folder, order, scopes, report)
  const theme = readTheme(folder, app, report)
  const packaged: Omit<MiniProgramPackage, 'templates'> = {
    ...{ appid, app, pages, order, configs, styles, scopedStyles, scopes },
    sources: readSources(folder, report),
    ...(theme && { theme }),
  }
  const templates = compileTemplates(folder, report)
  const script = `globalThis.__package = {...${JSON.stringify(packaged)}, templates: ${templates}}\n`
  return done(script, pages, appid)
}

/** The main package and each subpackage; WeChat refuses to upload larger ones ([subpkg]). */
const MOST_PACKAGE_BYTES = 2 * 1024 * 1024

function checkSizes(folder: Folder, app: Record<string, unknown>, report: (problem: Problem) => void): void {
  const parts = subPackagesOf(app)
  const sizes = new Map<string, number>()
  for (const file of folder.files) {
    const root = packageRootOf(parts, file)
    sizes.set(root, (sizes.get(root) ?? 0) + folder.sizeOf(file))
  }
  for (const [root, bytes] of sizes)
    if (bytes > MOST_PACKAGE_BYTES) {
      const name = root === '' ? '主包' : `分包 ${root}`
      const size = (bytes / 1024 / 1024).toFixed(2)
      const message = `${name}有 ${size} MB，超过 2 MB，微信不让上传 (package exceeds 2 MB)`
      report({ file: 'app.json', message, level: 'warning' })
    }
}

const FEWEST_TABS = 2
const MOST_TABS = 5
const MOST_ICON_BYTES = 40 * 1024

function checkTabBar(
  folder: Folder,
  app: Record<string, unknown>,
  pages: readonly string[],
  report: (problem: Problem) => void,
): void {
  const { list } = (app.tabBar ?? {}) as { list?: unknown }
  if (app.tabBar === undefined) return
  const remark = (message: string, level: Problem['level'] = 'error') =>
    report({ file: 'app.json', message, level })
  if (!Array.isArray(list) || list.length < FEWEST_TABS || list.length > MOST_TABS)
    return remark(`tabBar.list 要有 ${FEWEST_TABS} 到 ${MOST_TABS} 项 (must have 2 to 5 items)`)
  const parts = subPackagesOf(app)
  for (const given of list as Record<string, unknown>[]) {
    const page = String(given.pagePath)
    if (!pages.includes(page)) remark(`tabBar 的页面不在 pages 里：${page} (not a page)`)
    else if (packageRootOf(parts, page) !== '')
      remark(`tabBar 的页面要在主包里：${page} (must be in the main package)`)
    for (const icon of [given.iconPath, given.selectedIconPath])
      if (typeof icon === 'string' && icon !== '' && !icon.startsWith('@')) {
        const file = icon.replace(/^\.?\//, '')
        if (!folder.files.has(file)) remark(`tabBar 的图标不存在：${icon} (missing)`)
        else if (folder.sizeOf(file) > MOST_ICON_BYTES)
          remark(`tabBar 的图标 ${icon} 超过 40 KB (icon exceeds 40 KB)`, 'warning')
      }
  }
}

const isError = ({ level }: Problem) => level === 'error'

/** A script all the same: who opens its address reads what is wrong. */
function problemScript(problems: readonly Problem[]): string {
  const lines = problems.map(problemLine)
  const comment = lines.map((line) => `// ${line}`).join('\n')
  return `${comment}\nglobalThis.__package = undefined\nglobalThis.__packageProblems = ${JSON.stringify(lines, null, 2)}\n`
}

function compileStyles(
  folder: Folder,
  order: readonly string[],
  scopes: Readonly<Record<string, string>>,
  report: (problem: Problem) => void,
): Pick<MiniProgramPackage, 'styles' | 'scopedStyles'> {
  const compiler = styleCompiler(folder, report)
  const silent = styleCompiler(folder, () => undefined)
  const styles: Record<string, string> = {}
  const scopedStyles: Record<string, string> = {}
  for (const path of ['app', ...order]) {
    const file = `${path}.wxss`
    if (!folder.files.has(file)) continue
    styles[path] = compiler.compile(file)
    const scope = scopes[path]
    // the same file again: its problems are known
    if (scope !== undefined) scopedStyles[path] = silent.compile(file, scope)
  }
  return { styles, scopedStyles }
}

function readTheme(
  folder: Folder,
  app: Record<string, unknown>,
  report: (problem: Problem) => void,
): MiniProgramPackage['theme'] {
  const { themeLocation } = app
  if (typeof themeLocation !== 'string') return undefined
  if (!folder.files.has(themeLocation)) {
    report({
      file: 'app.json',
      message: `themeLocation 的文件不存在：${themeLocation} (missing)`,
      level: 'error',
    })
    return undefined
  }
  const theme = folder.readJson(themeLocation)
  if (!theme) return undefined
  const wrong = (['light', 'dark'] as const).filter((name) => !isTextRecord(theme[name]))
  for (const name of wrong)
    report({
      file: themeLocation,
      ...placeOf(folder.read(themeLocation), 0),
      message: `缺少 "${name}"，或其中有不是文字的值`,
      level: 'error',
    })
  return wrong.length > 0 ? undefined : (theme as NonNullable<MiniProgramPackage['theme']>)
}

const isTextRecord = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((item) => typeof item === 'string')

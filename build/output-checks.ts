import { existsSync, readFileSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import { checkAppId, type Finding } from './configuration.ts'

const error = (text: string): Finding => ({ level: 'error', text })

/** A built mini-program, on disk or about to be written: file contents by path, null when a file is not there. */
export type ReadOutput = (file: string) => string | null

interface AppJson {
  pages: string[]
  subPackages?: { root: string; pages: string[] }[]
}

const readJson = <T>(read: ReadOutput, file: string): T | null => JSON.parse(read(file) ?? 'null') as T | null

const subPackagesOf = (app: AppJson) => app.subPackages ?? []

/** The subpackages' folders, as a built app.json names them, without a slash at the end. */
export const rootsOf = (read: ReadOutput): string[] =>
  subPackagesOf(readJson<AppJson>(read, 'app.json') ?? { pages: [] }).map(({ root }) =>
    root.replace(/\/+$/, ''),
  )

/** The root of the subpackage that a file lies in; empty for the main package. */
export const packageOf = (file: string, roots: string[]): string =>
  roots.find((root) => file.startsWith(`${root}/`)) ?? ''

/** A page that pages.json lists and the disk lacks still leaves the compiler with exit code 0, so this looks at what came out. */
export function checkPages(read: ReadOutput, sourceExists: (file: string) => boolean): Finding[] {
  const app = readJson<AppJson>(read, 'app.json')
  if (!app) return [error('编译结果里没有 app.json：请检查 pages.json 的写法，再编译一次。')]
  const pages = [
    ...app.pages,
    ...subPackagesOf(app).flatMap(({ root, pages }) =>
      pages.map((page) => `${root}/${page}`.replace(/\/+/g, '/')),
    ),
  ]
  return pages.flatMap((page) => {
    if (!sourceExists(`src/${page}.vue`)) {
      return [
        error(`pages.json 里的页面 ${page} 没有对应的文件：请补上 src/${page}.vue，或从 pages.json 删掉它。`),
      ]
    }
    const lacking = ['.js', '.json', '.wxml'].filter((extension) => read(page + extension) === null)
    if (!lacking.length) return []
    return [error(`页面 ${page} 没有编译完整，缺少 ${lacking.join('、')}：请看上面的编译错误。`)]
  })
}

/** The id that will be uploaded, wherever it came from. */
export function checkProjectConfig(read: ReadOutput, where: string): Finding[] {
  const project = readJson<{ appid?: string }>(read, 'project.config.json')
  return project ? checkAppId(project.appid ?? '', where) : []
}

/** WeChat's limit for the main package and for each subpackage (wechat-platform.md §9.3). */
export const PACKAGE_LIMIT = 2 * 1024 * 1024

/** Bytes of the main package (key '') and of each subpackage (key: its root). Source maps are not uploaded. */
export function packageSizes(files: { path: string; bytes: number }[], roots: string[]): Map<string, number> {
  const sizes = new Map<string, number>([['', 0]])
  for (const root of roots) sizes.set(root, 0)
  for (const { path, bytes } of files) {
    if (path.endsWith('.map')) continue
    const home = packageOf(path, roots)
    sizes.set(home, (sizes.get(home) ?? 0) + bytes)
  }
  return sizes
}

/** @param folder a complete output folder, static files included */
export function checkPackageSizes(folder: string, files: string[]): Finding[] {
  const measured = files.map((path) => ({ path, bytes: statSync(join(folder, path)).size }))
  return [...packageSizes(measured, rootsOf(readFrom(folder)))]
    .filter(([, bytes]) => bytes > PACKAGE_LIMIT)
    .map(([root, bytes]) => {
      const name = root ? `分包 ${root}` : '主包'
      const size = (bytes / 1024 / 1024).toFixed(2)
      return error(`${name}有 ${size} MiB，超过微信的 2 MiB：请压缩或移走图片等大文件，或拆成分包。`)
    })
}

/** The scripts a built script requires and the components (without extension) a built page uses, as paths in the output. */
export function referencesOf(file: string, text: string): string[] {
  const beside = (path: string) =>
    path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(file), path)
  if (file.endsWith('.js')) {
    return [...text.matchAll(/require\(["'](\.[^"']+)["']\)/g)].map(([, path = '']) => beside(path))
  }
  if (!file.endsWith('.json')) return []
  const { usingComponents = {} } = JSON.parse(text) as { usingComponents?: Record<string, string> }
  return Object.values(usingComponents).map(beside)
}

/**
 * A package may use its own scripts and components and the main package's. The compiler does not mind others; phones
 * do not find them.
 */
export function checkPackageBorders(files: string[], read: ReadOutput): Finding[] {
  const roots = rootsOf(read)
  return files.flatMap((file) => {
    const home = packageOf(file, roots)
    return referencesOf(file, read(file) ?? '')
      .filter((path) => !['', home].includes(packageOf(path, roots)))
      .map((path) =>
        error(`${file} 用到了分包里的 ${path}，手机上会找不到它：请把共用的代码移出分包的文件夹。`),
      )
  })
}

/** Names that valibot's code cannot lose to a minifier, because they are properties every schema has. */
const VALIDATOR = /~run|~standard|valibot/

/** Files that hold validator code: none may, the phone takes the contract's types only. */
export function filesWithValidator(files: string[], read: ReadOutput): string[] {
  return files.filter((file) => file.endsWith('.js') && VALIDATOR.test(read(file) ?? ''))
}

/** Modules of the validator or the contract that left code in the bundle. */
export function contractModules(modules: { id: string; bytes: number }[]): string[] {
  return modules
    .filter(({ id, bytes }) => bytes > 0 && /[\\/](contract[\\/]src|node_modules[\\/]valibot)[\\/]/.test(id))
    .map(({ id }) => id)
}

/**
 * uni-app runs a tap's handler after a timer unless the tapped node carries data-eventsync (wechat-platform.md §10.3),
 * and the node that is tapped must be that one, so nothing but text may lie inside it.
 * @returns what is wrong with the element of that id, in English for a test's report; empty when it keeps the rule
 */
export function tapRuleBreaches(wxml: string, id: string): string[] {
  const element = new RegExp(`<([\\w-]+)((?:\\s[^<>]*)?\\sid="${id}"[^<>]*)>([\\s\\S]*?)</\\1>`).exec(wxml)
  if (!element) return [`no element #${id}`]
  const [, , attributes = '', content = ''] = element
  const breaches: string[] = []
  if (!/\s(?:bind|catch):?tap="/.test(attributes)) breaches.push(`#${id} binds no tap`)
  if (!/\sdata-eventsync="true"/.test(attributes)) breaches.push(`#${id} lacks data-eventsync="true"`)
  if (content.includes('<')) breaches.push(`#${id} holds another element`)
  return breaches
}

/** Reads a built folder. */
export const readFrom =
  (folder: string): ReadOutput =>
  (file) =>
    existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : null

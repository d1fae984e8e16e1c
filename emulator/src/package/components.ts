import { CUSTOM_TAB_BAR } from '../client/page-code.ts'
import { npmPaths, withoutAlias } from '../client/paths.ts'
import { subPackagesOf } from '../client/sub-packages.ts'
import type { ComponentConfig } from '../protocol.ts'
import { resolvePath, uncompiledHint, type Folder } from './folder.ts'
import type { Problem } from './problems.ts'

export interface Components {
  /** Every page's path, subpackages included. */
  pages: string[]
  /** Pages and components, each after what it uses. */
  order: string[]
  configs: Record<string, ComponentConfig>
}

/** Follows app.json to every page and every component they use. */
export function resolveComponents(
  folder: Folder,
  app: Record<string, unknown>,
  report: (problem: Problem) => void,
): Components {
  const configs: Record<string, ComponentConfig> = {}
  const order: string[] = []
  const pages = pagePaths(app, report)
  const visited = new Set<string>()

  function visit(path: string, isPage: boolean, usedBy: string): void {
    if (visited.has(path)) return
    visited.add(path)
    const json = `${path}.json`
    // only a component has to have one: it says that it is a component
    const needed = isPage ? ['.js', '.wxml'] : ['.js', '.json', '.wxml']
    const missing = needed.map((extension) => path + extension).filter((file) => !folder.files.has(file))
    if (missing.length > 0) {
      const what = isPage ? '页面' : '组件'
      const message = `${what} ${path} 缺少文件：${missing.join('、')} (missing)${uncompiledHint(folder, missing)}`
      return report({ file: usedBy, message, level: 'error' })
    }
    const own = folder.files.has(json) ? folder.readJson(json) : {}
    if (!own) return
    const usingComponents: Record<string, string> = {}
    const use = (declared: unknown, declaredIn: string) => {
      for (const [tag, target] of Object.entries(textRecord(declared))) {
        if (/^\w+:\/\//.test(target)) {
          const message = `组件 ${tag} 来自 ${target}，模拟器不支持插件 (plug-ins are not supported)`
          report({ file: declaredIn, message, level: 'warning' })
          continue
        }
        const component = componentPath(folder, declaredIn, withoutAlias(app.resolveAlias, target))
        visit(component, false, declaredIn)
        usingComponents[tag] = `/${component}`
      }
    }
    use(app.usingComponents, 'app.json')
    use(own.usingComponents, json)
    configs[path] = { ...own, isPage, usingComponents }
    order.push(path)
  }

  for (const path of pages) visit(path, true, 'app.json')
  if ((app.tabBar as { custom?: unknown } | undefined)?.custom === true) {
    if (folder.files.has(`${CUSTOM_TAB_BAR}.json`)) visit(CUSTOM_TAB_BAR, false, 'app.json')
    else {
      const message = `tabBar.custom 要有组件 ${CUSTOM_TAB_BAR}，现在没有标签栏 (missing component)`
      report({ file: 'app.json', message, level: 'warning' })
    }
  }
  return { pages, order, configs }
}

/** A path, or a package of the nearest miniprogram_npm, as WeChat looks for it: 'x', 'x/index'. */
function componentPath(folder: Folder, declaredIn: string, target: string): string {
  const path = resolvePath(declaredIn, target)
  const found = (candidate: string) => folder.files.has(`${candidate}.json`)
  const candidates = /^[./]/.test(target) ? [path] : [path, ...npmPaths(declaredIn, target)]
  return candidates.flatMap((each) => [each, `${each}/index`]).find(found) ?? path
}

function pagePaths(app: Record<string, unknown>, report: (problem: Problem) => void): string[] {
  const pages = [...texts(app.pages), ...subPackagesOf(app).flatMap((part) => part.pages)]
  if (pages.length === 0) report({ file: 'app.json', message: 'pages 里没有页面 (no pages)', level: 'error' })
  return [...new Set(pages)]
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []

const textRecord = (value: unknown): Record<string, string> =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).filter(([, item]) => typeof item === 'string'))
    : {}

import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { normalizePath, type Plugin, type Rollup } from 'vite'

/** The main package among the roots of the subpackages. */
const MAIN = ''

type GetModuleInfo = Rollup.ManualChunkMeta['getModuleInfo']

/**
 * One script for what the main package shares and one for each subpackage, instead of uni-app's one file a module: the
 * same code compresses better in one piece. Pages, components and node_modules stay where uni-app puts them.
 * @param root the project's folder
 */
export function mergedChunks(root: string): Plugin {
  const source = join(root, 'src')
  let roots: string[] = []
  return {
    name: 'leadbell:merged-chunks',
    buildStart() {
      roots = subPackageRoots(readFileSync(join(source, 'pages.json'), 'utf8'))
    },
    outputOptions(options) {
      const byModule = options.manualChunks
      if (typeof byModule !== 'function') return null
      return { ...options, manualChunks: merged(byModule, source, roots) }
    },
  }
}

/** @param pagesJson its text, in which uni-app allows comments */
export function subPackageRoots(pagesJson: string): string[] {
  const json = pagesJson.replace(/("(?:\\.|[^"\\])*")|\/\/.*|\/\*[\s\S]*?\*\//g, '$1')
  const { subPackages, subpackages } = JSON.parse(json) as Record<string, { root: string }[] | undefined>
  return (subPackages ?? subpackages ?? []).map(({ root }) => root.replace(/^\/+|\/+$/g, ''))
}

/**
 * @param byModule uni-app's own choice, which names the chunk of a source module after the module
 * @param source the folder of the sources
 * @param roots the subpackages' folders in it
 */
export function merged(
  byModule: Rollup.GetManualChunk,
  source: string,
  roots: string[],
): Rollup.GetManualChunk {
  const pathOf = (id: string) => normalizePath(relative(source, id.split('?')[0] ?? id))
  const homeOf = (id: string) => roots.find((root) => pathOf(id).startsWith(`${root}/`)) ?? MAIN
  return (id, meta) => {
    const name = byModule(id, meta)
    if (!name || name !== pathOf(id).replace(/\.\w+$/, '')) return name
    const [home = MAIN, ...others] = packagesUsing(id, homeOf, meta.getModuleInfo)
    return home === MAIN || others.length ? 'common/app' : `${home}/common/app`
  }
}

/** Whoever needs the module. A subpackage may require its own files and the main package's, and the main package only its own. */
function packagesUsing(
  module: string,
  homeOf: (id: string) => string,
  getModuleInfo: GetModuleInfo,
): Set<string> {
  const seen = new Set<string>()
  const packages = new Set<string>()
  const climb = (id: string): void => {
    if (seen.has(id)) return
    seen.add(id)
    const info = getModuleInfo(id)
    if (!info) return
    if (info.isEntry) packages.add(MAIN)
    // uni-app has pages and components imported dynamically, from the entry and from whoever uses them.
    for (const importer of [...info.importers, ...info.dynamicImporters]) {
      const home = homeOf(importer)
      if (home === MAIN) climb(importer)
      else packages.add(home)
    }
  }
  climb(module)
  return packages
}

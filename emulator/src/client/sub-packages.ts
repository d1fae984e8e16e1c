import { normalizePath } from './paths.ts'

/** One entry of app.json's `subPackages`. */
export interface SubPackage {
  /** Without slashes at its ends. */
  root: string
  /** What `preloadRule` may call it. */
  name: string
  /** Paths from the package's root on: 'pages/clue/detail'. */
  pages: string[]
  independent: boolean
}

/** The subpackages of an app.json; some write the key with a small p. The compiler (node) reads this too. */
export function subPackagesOf(app: Readonly<Record<string, unknown>>): SubPackage[] {
  const lists = [app.subPackages, app.subpackages].filter((list): list is unknown[] => Array.isArray(list))
  return lists.flat().map((given) => {
    const part = (given ?? {}) as Record<'root' | 'name' | 'pages' | 'independent', unknown>
    const root = normalizePath('', String(part.root)).replace(/\/+$/, '')
    const pages = Array.isArray(part.pages) ? part.pages.filter((page) => typeof page === 'string') : []
    return {
      root,
      name: typeof part.name === 'string' ? part.name : '',
      pages: pages.map((page) => normalizePath('', `${root}/${page.replace(/^\/+/, '')}`)),
      independent: part.independent === true,
    }
  })
}

/** The root of the subpackage a file belongs to; '' for the main package. */
export function packageRootOf(subPackages: readonly SubPackage[], file: string): string {
  return subPackages.find(({ root }) => file.startsWith(`${root}/`))?.root ?? ''
}

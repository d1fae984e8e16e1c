import type { MiniProgramPackage } from '../protocol.ts'
import { packageRootOf, subPackagesOf, type SubPackage } from './sub-packages.ts'

/** The main package's name in a list of roots. */
export const MAIN = ''

/**
 * Which packages of a mini-program one launch has on the phone. A page needs its own and the main one; one of an
 * independent subpackage needs nothing else (wechat-platform.md §13 [subpkg]).
 */
export class PackageDownloads {
  private readonly here = new Set<string>()
  private readonly underway = new Map<string, Promise<void>>()
  private readonly parts: readonly SubPackage[]

  constructor(
    program: MiniProgramPackage,
    /** Settles when the package of that root has come, rejects when it cannot. */
    private readonly download: (root: string) => Promise<void>,
  ) {
    this.parts = subPackagesOf(program.app)
  }

  isIndependent(path: string): boolean {
    return this.parts.some(({ root, independent }) => independent && path.startsWith(`${root}/`))
  }

  /** What the launch itself brought along. */
  bring(path: string): void {
    this.rootsFor(path).forEach((root) => this.here.add(root))
  }

  has(path: string): boolean {
    return this.rootsFor(path).every((root) => this.here.has(root))
  }

  /** Rejects with the download's error; it is tried again at the next call. */
  async fetchFor(path: string): Promise<void> {
    await Promise.all(this.rootsFor(path).map((root) => this.fetch(root)))
  }

  /** One package alone, by its root. */
  fetch(root: string): Promise<void> {
    if (this.here.has(root)) return Promise.resolve()
    const known = this.underway.get(root)
    if (known) return known
    const coming = this.download(root)
      .then(() => void this.here.add(root))
      .finally(() => this.underway.delete(root))
    this.underway.set(root, coming)
    return coming
  }

  /** The root of a package that `preloadRule` calls by its name or root. */
  rootNamed(name: string): string | undefined {
    if (name === '__APP__') return MAIN
    const wanted = name.replace(/^\/+|\/+$/g, '')
    return this.parts.find((part) => part.root === wanted || part.name === name)?.root
  }

  private rootsFor(path: string): string[] {
    const root = packageRootOf(this.parts, path)
    return this.isIndependent(path) || root === MAIN ? [root] : [MAIN, root]
  }
}

/** What `preloadRule` wants fetched when that page is entered on that network. */
export function preloadedBy(program: MiniProgramPackage, page: string, network: string): string[] {
  const rules = program.app.preloadRule as
    Record<string, { network?: string; packages?: unknown }> | undefined
  const rule = rules?.[page]
  if (!rule || !Array.isArray(rule.packages)) return []
  return rule.network === 'all' || network === 'wifi' ? rule.packages.map(String) : []
}

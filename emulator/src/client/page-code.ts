import type { MiniProgramPackage } from '../protocol.ts'
import { normalizePath } from './paths.ts'
import { tabPages } from './app-config.ts'
import { packageRootOf, subPackagesOf } from './sub-packages.ts'

/** Where a mini-program that draws its own tab bar keeps that component. */
export const CUSTOM_TAB_BAR = 'custom-tab-bar/index'

/**
 * When the code of pages and components is executed. With `lazyCodeLoading: "requiredComponents"` a page's own
 * and that of the components it needs runs before its first visit (wechat-platform.md §13 [lazy]); without it
 * the main package's runs at launch, a subpackage's before the first visit of one of its pages ([subpkg]).
 */
export class PageCode {
  private readonly executed = new Set<string>()

  constructor(
    private readonly program: MiniProgramPackage,
    private readonly execute: (path: string) => void,
  ) {}

  launch(): void {
    if (!this.isLazy) this.run(this.filesOf(''))
  }

  /** To be called before every opening of a page; what has run does not run again. */
  visit(page: string): void {
    const wanted = this.needs(page)
    if (tabPages(this.program).includes(page)) this.needs(CUSTOM_TAB_BAR, wanted)
    if (!this.isLazy) for (const path of this.filesOf(this.rootOf(page))) wanted.add(path)
    this.run(wanted)
  }

  private get isLazy(): boolean {
    return this.program.app.lazyCodeLoading === 'requiredComponents'
  }

  private rootOf(path: string): string {
    return packageRootOf(subPackagesOf(this.program.app), path)
  }

  private filesOf(root: string): Set<string> {
    return new Set(this.program.order.filter((path) => this.rootOf(path) === root))
  }

  private needs(path: string, found = new Set<string>()): Set<string> {
    if (found.has(path)) return found
    found.add(path)
    for (const target of Object.values(this.program.configs[path]?.usingComponents ?? {}))
      this.needs(normalizePath(path, target), found)
    return found
  }

  /** `order` has each component before who uses it. */
  private run(paths: ReadonlySet<string>): void {
    for (const path of this.program.order) {
      if (!paths.has(path) || this.executed.has(path)) continue
      this.executed.add(path)
      this.execute(path)
    }
  }
}

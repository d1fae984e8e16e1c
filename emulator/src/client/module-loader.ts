import { normalizePath } from './paths.ts'

/** What a browser has and WeChat's JavaScript does not. App code finds every one of these undefined. */
const browserNames = [
  ...['window', 'document', 'frames', 'self', 'parent', 'top', 'opener', 'location', 'navigator', 'screen'],
  ...['localStorage', 'sessionStorage', 'indexedDB', 'history', 'caches', 'cookieStore', 'visualViewport'],
  ...[
    'alert',
    'confirm',
    'prompt',
    'print',
    'open',
    'close',
    'postMessage',
    'getComputedStyle',
    'matchMedia',
  ],
  ...['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'Headers', 'Request', 'Response', 'FormData'],
  ...['requestAnimationFrame', 'cancelAnimationFrame', 'requestIdleCallback', 'queueMicrotask'],
  ...['Image', 'Audio', 'Blob', 'File', 'FileReader', 'URL', 'URLSearchParams', 'AbortController'],
  ...['TextEncoder', 'TextDecoder', 'atob', 'btoa', 'crypto', 'performance', 'structuredClone'],
  ...['Worker', 'SharedWorker', 'MessageChannel', 'BroadcastChannel', 'Event', 'CustomEvent', 'EventTarget'],
  ...['Node', 'Element', 'HTMLElement', 'DOMParser', 'MutationObserver', 'IntersectionObserver'],
  ...['ResizeObserver', 'customElements', '__phone', '__package'],
] as const

/** What is known about the subpackages that the files are in. */
export interface PackageRules {
  /** A file may require files of its own package and of the main one (wechat-platform.md §13 [subpkg]). */
  reaches(from: string, file: string): boolean
  /** Called once a file, when its turn comes. */
  executing(file: string): void
}
const onePackage: PackageRules = { reaches: () => true, executing: () => undefined }

/** The names app code gets from us in place of the browser's: `wx`, `App`, its own `setTimeout`, … */
export type AppGlobals = Record<string, unknown>

/**
 * Runs the .js files of a built mini-program as WeChat's `define`/`require` does: CommonJS, each file once,
 * browser names shadowed, `globalThis` and `global` a view of the globals without them.
 */
export class ModuleLoader {
  private readonly modules = new Map<string, { exports: unknown }>()
  private readonly globals: object

  constructor(
    private readonly sources: Readonly<Record<string, string>>,
    private readonly provided: AppGlobals,
    private readonly packages: PackageRules = onePackage,
  ) {
    this.globals = appGlobalObject(provided)
  }

  /**
   * @param from the file that requires it; absent when WeChat itself runs a file.
   * @throws when the file is not within reach, or what the file itself throws at load.
   */
  load(path: string, from?: string): unknown {
    const file = [path, `${path}.js`, `${path}/index.js`].find((name) => name in this.sources)
    if (file === undefined || (from !== undefined && !this.packages.reaches(from, file)))
      throw new Error(`module '${path}' is not defined`)
    const known = this.modules.get(file)
    if (known) return known.exports
    const module = { exports: {} as unknown }
    this.modules.set(file, module)
    const scope: Record<string, unknown> = {
      ...Object.fromEntries(browserNames.map((name) => [name, undefined])),
      ...this.provided,
      globalThis: this.globals,
      global: this.globals,
      require: (id: string) => this.load(normalizePath(file, id), file),
      module,
      exports: module.exports,
    }
    // `wx` is not a parameter: uni-app replaces globalThis.wx at load, and every file must see the new one
    delete scope.wx
    const run = new Function(...Object.keys(scope), `${this.sources[file]}\n//# sourceURL=mp://app/${file}`)
    this.packages.executing(file)
    run(...Object.values(scope))
    return module.exports
  }
}

/** `globalThis` as app code sees it: what we provide first, then the language, never the browser. */
function appGlobalObject(provided: AppGlobals): object {
  const hidden = new Set<PropertyKey>(browserNames)
  const view: object = new Proxy(
    {},
    {
      get: (_, name) => {
        if (name === 'globalThis' || name === 'global') return view
        if (name !== 'wx' && typeof name === 'string' && name in provided) return provided[name]
        return hidden.has(name) ? undefined : (Reflect.get(globalThis, name) as unknown)
      },
      has: (_, name) => !hidden.has(name) && Reflect.has(globalThis, name),
      set: (_, name, value: unknown) => Reflect.set(globalThis, name, value),
    },
  )
  return view
}

import { normalizePath, npmPaths, withoutAlias } from './paths.ts'

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
  /** Brings the package of a file that is required asynchronously; rejects when it does not come. */
  fetch(file: string): Promise<void>
  /** Called once a file, when its turn comes. */
  executing(file: string): void
}
const onePackage: PackageRules = {
  reaches: () => true,
  fetch: () => Promise.resolve(),
  executing: () => undefined,
}

/** How an asynchronous require fails (分包异步化). */
export interface RequireFailure {
  mod: string
  errMsg: string
}
type Loaded = (exported: unknown) => void
type NotLoaded = (failure: RequireFailure) => void

/** The names app code gets from us in place of the browser's: `wx`, `App`, its own `setTimeout`, … */
export type AppGlobals = Record<string, unknown>

/**
 * Runs the .js files of a built mini-program as WeChat's `define`/`require` does: CommonJS, each file once,
 * browser names shadowed, `globalThis` and `global` a view of the globals without them.
 */
export class ModuleLoader {
  private readonly modules = new Map<string, { exports: unknown }>()
  private readonly provided: AppGlobals
  private readonly globals: object

  constructor(
    private readonly sources: Readonly<Record<string, string>>,
    provided: AppGlobals,
    private readonly packages: PackageRules = onePackage,
    /** app.json's. */
    private readonly resolveAlias: unknown = {},
  ) {
    this.provided = { ...provided, Function: appFunction(() => this.globals) }
    this.globals = appGlobalObject(this.provided)
  }

  /**
   * @param from the file that requires it; absent when WeChat itself runs a file.
   * @throws when the file is not within reach, or what the file itself throws at load.
   */
  load(path: string, from?: string): unknown {
    const file = this.fileOf(path)
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
      require: this.requireOf(file),
      module,
      exports: module.exports,
    }
    // `wx` is not a parameter: uni-app replaces globalThis.wx at load, and every file must see the new one
    delete scope.wx
    // a function of its own: the file may name a variable as the browser names something, such as `close`
    const body = `return (function () {${this.sources[file]}\n}).call(this)\n//# sourceURL=mp://app/${file}`
    const run = new Function(...Object.keys(scope), body)
    this.packages.executing(file)
    // `this` at the top of a file is the global object, as some bundlers rely on
    run.apply(this.globals, Object.values(scope))
    return module.exports
  }

  private fileOf(path: string): string | undefined {
    return [path, `${path}.js`, `${path}/index.js`].find((name) => Object.hasOwn(this.sources, name))
  }

  /** What `file` requires: a path, or a package of the nearest miniprogram_npm. */
  private pathOf(file: string, given: string): string {
    const id = withoutAlias(this.resolveAlias, given)
    const path = normalizePath(file, id)
    if (/^[./]/.test(id) || this.fileOf(path) !== undefined) return path
    return npmPaths(file, id).find((candidate) => this.fileOf(candidate) !== undefined) ?? path
  }

  /** `require(id)`, and with callbacks or as `require.async(id)` across subpackages. */
  private requireOf(file: string) {
    const async = async (id: string): Promise<unknown> => {
      const mod = this.pathOf(file, id)
      const failure = (thrown: unknown): RequireFailure => ({
        mod,
        errMsg: thrown instanceof Error ? thrown.message : String(thrown),
      })
      try {
        const target = this.fileOf(mod)
        if (target !== undefined) await this.packages.fetch(target)
        return this.load(mod)
      } catch (thrown) {
        // WeChat rejects with a plain object
        throw failure(thrown) as unknown as Error
      }
    }
    const require = (id: string, loaded?: Loaded, notLoaded?: NotLoaded): unknown => {
      if (!loaded && !notLoaded) return this.load(this.pathOf(file, id), file)
      async(id).then(loaded, notLoaded)
      return undefined
    }
    return Object.assign(require, { async })
  }
}

/** `Function` of app code: bundlers ask it for the global object, and a phone lets it do nothing else. */
function appFunction(globals: () => object): FunctionConstructor {
  const make = (args: unknown[]): (() => object) => {
    if (/^\s*return this;?\s*$/.test(String(args.at(-1)))) return globals
    throw new Error('new Function is not available to a mini-program')
  }
  return new Proxy(Function, {
    apply: (_, __, args: unknown[]) => make(args),
    construct: (_, args: unknown[]) => make(args),
  })
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

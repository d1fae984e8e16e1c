/** Page paths and module ids: '/'-separated, no leading slash, no extension. */

/** Resolves `to` against the file `from`; a leading slash means the package's root. */
export function normalizePath(from: string, to: string): string {
  const parts = to.startsWith('/') ? [] : from.split('/').slice(0, -1)
  for (const part of to.replace(/^\//, '').split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return parts.join('/')
}

/** What `id` stands for by app.json's `resolveAlias`: '@/x' is '/x' with { "@/*": "/*" }; the longest rule counts. */
export function withoutAlias(rules: unknown, id: string): string {
  const prefixes = Object.entries((rules ?? {}) as Record<string, unknown>)
    .map(([from, to]) => [from.replace(/\*$/, ''), String(to).replace(/\*$/, '')] as const)
    .filter(([from]) => id.startsWith(from))
  const [rule] = prefixes.sort(([a], [b]) => b.length - a.length)
  return rule ? `/${normalizePath('', rule[1] + id.slice(rule[0].length))}` : id
}

/** Where a package from npm may lie, the nearest folder first: 'a/miniprogram_npm/x', 'miniprogram_npm/x'. */
export function npmPaths(from: string, name: string): string[] {
  const folders = from.split('/').slice(0, -1)
  return [...folders.keys(), folders.length]
    .reverse()
    .map((depth) => [...folders.slice(0, depth), 'miniprogram_npm', name].join('/'))
}

export interface PageUrl {
  path: string
  /** Values as WeChat hands them to `onLoad`: still percent-encoded. */
  query: Record<string, string>
}

/** 'pages/a?x=1' or '/pages/a?x=1'. */
export function parsePageUrl(url: string): PageUrl {
  const [path = '', search = ''] = url.replace(/^\//, '').split(/\?(.*)/s)
  const query: Record<string, string> = {}
  for (const pair of search.split('&').filter(Boolean)) {
    const cut = pair.indexOf('=')
    query[cut < 0 ? pair : pair.slice(0, cut)] = cut < 0 ? '' : pair.slice(cut + 1)
  }
  return { path, query }
}

import type { Rollup } from 'vite'
import { describe, expect, it } from 'vitest'
import { merged, subPackageRoots } from '../../build/chunks.ts'

type Graph = Record<string, { importedBy?: string[]; usedBy?: string[]; isEntry?: boolean }>

/** uni-app's graph in small: two pages in the main package, two in a subpackage, one component. */
const GRAPH: Graph = {
  'main.ts': { isEntry: true },
  'App.vue': { importedBy: ['main.ts'] },
  'pages.json.js': { importedBy: ['main.ts'] },
  'page:login': { usedBy: ['pages.json.js'] },
  'page:clue': { usedBy: ['pages.json.js'] },
  'page:help': { usedBy: ['pages.json.js'] },
  'pages/login/login.vue': { importedBy: ['page:login'] },
  'pages/clue/clue.vue': { importedBy: ['page:clue'] },
  'more/help.vue': { importedBy: ['page:help'] },
  'component:notice': { usedBy: ['pages/clue/clue.vue'] },
  'components/notice.vue': { importedBy: ['component:notice'] },

  'log.ts': { importedBy: ['App.vue'] },
  'session.ts': { importedBy: ['pages/login/login.vue', 'pages/clue/clue.vue'] },
  'request.ts': { importedBy: ['session.ts', 'clues.ts'] },
  'clues.ts': { importedBy: ['pages/clue/clue.vue'] },
  'words.ts': { importedBy: ['clues.ts', 'rows.ts'] },
  'rows.ts': { importedBy: ['words.ts'] },
  'pages/clue/blocks.ts': { importedBy: ['pages/clue/clue.vue'] },
  'icons.ts': { importedBy: ['components/notice.vue'] },
  'dates.ts': { importedBy: ['pages/clue/clue.vue', 'more/help.vue'] },
  'pages/clue/lent.ts': { importedBy: ['pages/clue/clue.vue', 'pages/login/login.vue'] },
}

/** What uni-app does, as far as it matters: a script's chunk has the script's name, a library's is the vendor's. */
function byModule(source: string): Rollup.GetManualChunk {
  return (id) => {
    if (id.includes('node_modules')) return 'common/vendor'
    if (/\.png$/.test(id)) return 'common/assets'
    return id.endsWith('.ts') ? id.slice(source.length + 1, -3).replaceAll('\\', '/') : undefined
  }
}

function chunkOf(module: string, roots = ['pages/clue', 'more'], source = '/project/src') {
  const id = (name: string) => (name.includes(':') ? `\0${name}` : `${source}/${name}`)
  const getModuleInfo = (asked: string) => {
    const found = Object.entries(GRAPH).find(([name]) => id(name) === asked)
    const { importedBy = [], usedBy = [], isEntry = false } = found?.[1] ?? {}
    return found ? { importers: importedBy.map(id), dynamicImporters: usedBy.map(id), isEntry } : null
  }
  const choose = merged(byModule(source), source, roots)
  return choose(id(module), { getModuleInfo } as unknown as Rollup.ManualChunkMeta)
}

describe('a source module goes', () => {
  it.each([
    ['what the app itself uses', 'log.ts'],
    ['what a page of the main package uses too', 'session.ts'],
    ['what only such a module uses', 'request.ts'],
    ['what two subpackages use', 'dates.ts'],
    ['what lies in a subpackage and is lent out of it', 'pages/clue/lent.ts'],
  ])('to the main package’s script: %s', (_what, module) => {
    expect(chunkOf(module)).toBe('common/app')
  })

  it.each([
    ['its store', 'clues.ts'],
    ['modules that import each other', 'rows.ts'],
    ['a module in its folder', 'pages/clue/blocks.ts'],
    ['what a component uses that only its pages show', 'icons.ts'],
  ])('to the subpackage’s script when nobody else needs it: %s', (_what, module) => {
    expect(chunkOf(module)).toBe('pages/clue/common/app')
  })

  it('to the main package’s script when there is no subpackage', () => {
    expect(chunkOf('clues.ts', [])).toBe('common/app')
  })

  it('and pages, libraries and pictures stay where uni-app puts them', () => {
    expect(chunkOf('pages/clue/clue.vue')).toBeUndefined()
    expect(chunkOf('node_modules/vue/index.ts')).toBe('common/vendor')
    expect(chunkOf('static/a.png')).toBe('common/assets')
  })
})

it('the subpackages are read as uni-app reads them: with comments, either spelling, and slashes', () => {
  expect(
    subPackageRoots(`{
      // "root": "no"
      "pages": [{ "path": "pages/a", "style": { "link": "https://a/*b*/" } }], /* , */
      "subPackages": [{ "root": "pages/clue/" }, { "root": "more" }]
    }`),
  ).toEqual(['pages/clue', 'more'])
  expect(subPackageRoots('{ "subpackages": [{ "root": "/more/" }] }')).toEqual(['more'])
  expect(subPackageRoots('{ "pages": [] }')).toEqual([])
})

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listFiles } from '../../build/files.ts'
import {
  checkPackageBorders,
  checkPackageSizes,
  checkPages,
  checkProjectConfig,
  contractModules,
  filesWithValidator,
  PACKAGE_LIMIT,
  tapRuleBreaches,
} from '../../build/output-checks.ts'

const output = (files: Record<string, string>) => (file: string) => files[file] ?? null

describe('the pages', () => {
  const built = {
    'app.json': JSON.stringify({
      pages: ['pages/login/login'],
      subPackages: [{ root: 'more', pages: ['pages/help'] }],
    }),
    'pages/login/login.js': '',
    'pages/login/login.json': '{}',
    'pages/login/login.wxml': '',
    'more/pages/help.js': '',
    'more/pages/help.json': '{}',
    'more/pages/help.wxml': '',
  }
  const sources = new Set(['src/pages/login/login.vue', 'src/more/pages/help.vue'])
  const exists = (file: string) => sources.has(file)

  it('pass when each came out whole, subpackages too', () => {
    expect(checkPages(output(built), exists)).toEqual([])
  })

  it('are named when the source is missing, even if something came out', () => {
    expect(checkPages(output(built), (file) => file !== 'src/more/pages/help.vue')).toEqual([
      { level: 'error', text: expect.stringContaining('src/more/pages/help.vue') },
    ])
  })

  it.each(['.js', '.json', '.wxml'])('are named when their %s did not come out', (type) => {
    const { [`pages/login/login${type}`]: _lost, ...rest } = built as Record<string, string>
    expect(checkPages(output(rest), exists)).toEqual([
      { level: 'error', text: expect.stringContaining(`pages/login/login 没有编译完整，缺少 ${type}`) },
    ])
  })

  it('an output without app.json is no output', () => {
    expect(checkPages(output({}), exists)).toHaveLength(1)
  })
})

it('the id that ships is checked, whatever the sources say', () => {
  const project = (appid: string) => output({ 'project.config.json': JSON.stringify({ appid }) })
  expect(checkProjectConfig(project('wx1ead0be110000001'), 'manifest.json')).toEqual([])
  expect(checkProjectConfig(project('touristappid'), 'manifest.json')).toHaveLength(1)
})

describe('the package', () => {
  let folder = ''
  const put = (file: string, bytes: number) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), Buffer.alloc(bytes, 32))
  }
  const check = () => checkPackageSizes(folder, listFiles(folder)).map(({ text }) => text)

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'leadbell-size-'))
    writeFileSync(join(folder, 'app.json'), '{"pages":[],"subPackages":[{"root":"more/","pages":[]}]}')
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('may fill 2 MiB to the byte', () => {
    put('static/a.png', PACKAGE_LIMIT - 56)
    expect(check()).toEqual([])
    put('static/b.png', 1)
    expect(check()).toEqual([expect.stringContaining('主包有 2.00 MiB')])
  })

  it('counts each subpackage on its own', () => {
    put('static/a.png', PACKAGE_LIMIT / 2 + 1)
    put('more/a.png', PACKAGE_LIMIT / 2 + 1)
    put('moreover.png', 1)
    expect(check()).toEqual([])
    put('more/b.png', PACKAGE_LIMIT / 2)
    expect(check()).toEqual([expect.stringContaining('分包 more有')])
  })

  it('does not count source maps, which are not uploaded', () => {
    put('app.js.map', PACKAGE_LIMIT + 1)
    expect(check()).toEqual([])
  })
})

describe('the borders of packages', () => {
  const breaches = (files: Record<string, string>) => {
    const app = '{"pages":["a"],"subPackages":[{"root":"more/","pages":[]},{"root":"moreover","pages":[]}]}'
    const built = { 'app.json': app, ...files }
    return checkPackageBorders(Object.keys(built), output(built)).map(({ text }) => text)
  }

  it('let a package use itself and the main package', () => {
    expect(
      breaches({
        'a.js': 'require("./common/app.js"),require("path")',
        'more/b.js': "require('./common/app.js');require('../common/app.js')",
        'more/b.json': '{"usingComponents":{"c":"./c","d":"/common/d"}}',
        'more/c.wxml': 'require("../moreover/x.js")',
      }),
    ).toEqual([])
  })

  it.each([
    ['the main package requires', 'a.js', 'require("./more/common/app.js")', 'more/common/app.js'],
    ['another subpackage requires', 'more/b.js', "require('../moreover/x.js')", 'moreover/x.js'],
    ['the main package shows', 'a.json', '{"usingComponents":{"c":"/more/c"}}', 'more/c'],
  ])('stop what %s', (_who, file, text, reached) => {
    expect(breaches({ [file]: text })).toEqual([expect.stringContaining(`${file} 用到了分包里的 ${reached}`)])
  })
})

describe('validator code', () => {
  it('is found in scripts by what no minifier can rename', () => {
    const files = {
      'a.js': 'exports.s={kind:"schema","~run"(d){return d}}',
      'b.js': 'const vendor="valibot"',
      'c.js': 'exports.add=(a,b)=>a+b',
      'd.wxml': '<text>valibot</text>',
    }
    expect(filesWithValidator(Object.keys(files), output(files))).toEqual(['a.js', 'b.js'])
  })

  it('is found among a bundle’s modules when it left bytes behind', () => {
    const contract = '/p/node_modules/@leadbell/contract/src/clue.ts'
    const valibot = 'C:\\p\\node_modules\\valibot\\dist\\index.mjs'
    expect(
      contractModules([
        { id: contract, bytes: 10 },
        { id: valibot, bytes: 10 },
        { id: '/p/contract/src/auth.ts', bytes: 0 },
        { id: '/p/src/api/contract.ts', bytes: 10 },
      ]),
    ).toEqual([contract, valibot])
  })
})

describe('the tap rule', () => {
  const button = '<button id="login" class="a" data-eventsync="true" bindtap="{{E}}">{{C}}</button>'

  it('is kept by a native button with text in it', () => {
    expect(tapRuleBreaches(`<view><text id="x">a</text>${button}</view>`, 'login')).toEqual([])
  })

  it.each([
    ['no data-eventsync', button.replace(' data-eventsync="true"', ''), 'lacks data-eventsync'],
    ['data-eventsync off', button.replace('="true"', '="false"'), 'lacks data-eventsync'],
    ['an element inside', button.replace('{{C}}', '<text>{{C}}</text>'), 'holds another element'],
    ['no tap bound', button.replace(' bindtap="{{E}}"', ''), 'binds no tap'],
    ['no such element', button.replace('login', 'submit'), 'no element'],
  ])('is broken by %s', (_name, wxml, breach) => {
    expect(tapRuleBreaches(`<view>${wxml}</view>`, 'login')).toEqual([expect.stringContaining(breach)])
  })
})

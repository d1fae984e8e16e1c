import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { browserLengths } from '../client/lengths.ts'
import { ModuleLoader } from '../client/module-loader.ts'
import type { MiniProgramPackage } from '../protocol.ts'
import { folderOf, page, putFiles, smallProgram } from '../testing/folders.ts'
import { compileMiniProgram } from './compile.ts'
import { livePackage } from './live-package.ts'
import { problemLine } from './problems.ts'

interface Loaded {
  __package?: MiniProgramPackage
  __packageProblems?: string[]
}

function load(script: string): Loaded {
  const scope: Loaded = {}
  runInNewContext(script, Object.assign(scope, { globalThis: scope }))
  return scope
}

const compile = (files: Record<string, string>) => compileMiniProgram(folderOf({ ...smallProgram, ...files }))

/** The package of a program that must have no problems. */
function packageOf(files: Record<string, string>): MiniProgramPackage {
  const { problems, script } = compile(files)
  expect(problems).toEqual([])
  const { __package } = load(script)
  if (!__package) throw new Error('no package')
  return __package
}

const problemsOf = (files: Record<string, string>) => {
  const { problems, script } = compile(files)
  const lines = problems.map(problemLine)
  // what is wrong is in the script, and there is no stack in it
  expect(script).not.toMatch(/\n\s+at /)
  expect(load(script).__packageProblems ?? []).toEqual(
    problems.some(({ level }) => level === 'error') ? lines : [],
  )
  return lines
}

describe('the package of a built mini-program', () => {
  it('has the appid, every page, subpackages included, and every source', () => {
    const made = packageOf({
      'app.json': JSON.stringify({
        pages: ['pages/login/login'],
        subPackages: [{ root: 'more', pages: ['about/about'] }],
      }),
      ...page('more/about/about'),
      'common/vendor.js': 'exports.x = "</script>\u2028"',
    })
    expect(made.appid).toBe('wx1ead0be110000001')
    expect(made.pages).toEqual(['pages/login/login', 'more/about/about'])
    expect(made.order).toEqual(['pages/login/login', 'more/about/about'])
    expect(made.sources['common/vendor.js']).toBe('exports.x = "</script>\u2028"')
    expect(made.configs['more/about/about']).toEqual({ isPage: true, usingComponents: {} })
  })

  it('lists components before who uses them, local ones and app.json’s, with absolute paths', () => {
    const made = packageOf({
      'app.json': JSON.stringify({
        pages: ['pages/login/login'],
        usingComponents: { 'a-bar': '/shared/bar' },
      }),
      ...page('shared/bar'),
      ...page('components/row'),
      ...page('components/cell'),
      'shared/bar.json': JSON.stringify({ component: true }),
      'components/row.json': JSON.stringify({ component: true, usingComponents: { cell: './cell' } }),
      'components/cell.json': JSON.stringify({ component: true }),
      'pages/login/login.json': JSON.stringify({ usingComponents: { row: '../../components/row' } }),
    })
    expect(made.order).toEqual(['shared/bar', 'components/cell', 'components/row', 'pages/login/login'])
    expect(made.configs['pages/login/login']?.usingComponents).toEqual({
      'a-bar': '/shared/bar',
      row: '/components/row',
    })
    expect(made.configs['components/row']).toMatchObject({ isPage: false, component: true })
  })

  it('has a template generator for every wxml and every built-in component', () => {
    const { templates } = packageOf({})
    for (const path of ['pages/login/login', 'wx://view', 'wx://button'])
      expect(templates[path], path).toBeTypeOf('function')
  })

  it('reads theme.json when app.json names it', () => {
    const app = { pages: ['pages/login/login'], darkmode: true, themeLocation: 'theme.json' }
    const theme = { light: { bg: '#fff' }, dark: { bg: '#000' } }
    const made = packageOf({ 'app.json': JSON.stringify(app), 'theme.json': JSON.stringify(theme) })
    expect(made.theme).toEqual(theme)
    expect(packageOf({ 'theme.json': JSON.stringify(theme) }).theme).toBeUndefined()
  })

  it('styles: rpx in vw, host tags prefixed, ids also by the attribute, keyframes and imports kept whole', () => {
    const { styles } = packageOf({
      'app.wxss': '@import "common/base.wxss";\npage{color:red}',
      'common/base.wxss': '@import "./deep.wxss"; view text.a>button{width:75rpx}',
      'common/deep.wxss': '@keyframes k{from{top:0}to{top:750rpx}}',
      'pages/login/login.wxss': '#login,.x{margin:-37.5rpx calc(100% - 15rpx) .75rpx}custom-tag{top:1px}',
    })
    expect(styles.app).toContain('@keyframes k{from{top:0}to{top:100vw}}')
    expect(styles.app).toContain('wx-view wx-text.a>wx-button{width:10vw}')
    expect(styles.app).toContain('wx-page{color:red}')
    expect(styles['pages/login/login']).toBe(
      ':is([exparser\\:info-attr-id="login"],#login),.x{margin:-5vw calc(100% - 2vw) 0.1vw}custom-tag{top:1px}',
    )
  })

  it('a component’s classes are scoped to it, a page’s are not', () => {
    const made = packageOf({
      ...page('components/row'),
      'components/row.json': JSON.stringify({ component: true }),
      'components/row.wxss': '.a view.b:not(.c){top:1rpx}@media (min-width:1px){.d{top:0}}',
      'pages/login/login.json': JSON.stringify({ usingComponents: { row: '/components/row' } }),
      'pages/login/login.wxss': '.a{top:0}',
    })
    const scope = made.scopes['components/row'] ?? ''
    expect(scope).toMatch(/^\w+$/)
    expect(made.scopedStyles['components/row']).toContain(
      `.${scope}--a wx-view.${scope}--b:not(.${scope}--c){`,
    )
    expect(made.scopedStyles['components/row']).toContain(`.${scope}--d{top:0}`)
    expect(made.styles['components/row']).toContain('.a wx-view.b:not(.c)')
    expect(made.styles['pages/login/login']).toBe('.a{top:0}')
    expect(Object.keys(made.scopes)).toEqual(['components/row'])
  })

  it.each([
    ['750rpx', '100vw'],
    ['100rpx', '13.33334vw'],
    ['75rpx -75rpx 0rpx', '10vw -10vw 0vw'],
    ['1rpx solid', '0.13334vw solid'],
    ['url("a 10rpx.png") 10rpx', 'url("a 10rpx.png") 1.33334vw'],
    ['"10rpx"', '"10rpx"'],
    ['var(--w10rpx)', 'var(--w10rpx)'],
    ['translate(-50%,-10rpx)', 'translate(-50%,-1.33334vw)'],
    ['1rem', 'calc(1 * var(--we-rem))'],
    ['calc(100% - .5rem) -2rem', 'calc(100% - calc(.5 * var(--we-rem))) calc(-2 * var(--we-rem))'],
    ['url(2rem.png) theorem 1remark', 'url(2rem.png) theorem 1remark'],
  ])('rpx and rem: %s → %s', (from, to) => expect(browserLengths(from)).toBe(to))
})

describe('what is wrong is said in a line, with its place', () => {
  it('a page whose files are missing', () => {
    const { 'pages/clue/detail.wxml': _, ...rest } = smallProgram
    const { problems } = compileMiniProgram(folderOf(rest))
    expect(problems.map(problemLine)).toEqual([
      'app.json: 页面 pages/clue/detail 缺少文件：pages/clue/detail.wxml (missing)',
    ])
  })

  it('a component that is not there, named by who uses it', () => {
    const json = JSON.stringify({ usingComponents: { row: './row' } })
    expect(problemsOf({ 'pages/login/login.json': json })).toEqual([
      expect.stringMatching(/^pages\/login\/login\.json: 组件 pages\/login\/row 缺少文件：/),
    ])
  })

  it.each([
    ['an expression', '<view>\n  {{ a + }}\n</view>', 2],
    ['a tag', '<view\n', 1],
    ['an end tag', '<view>\n\n<text>a</view>', 3],
  ])('wxml: %s', (_, wxml, line) => {
    expect(problemsOf({ 'pages/login/login.wxml': wxml })[0]).toMatch(
      new RegExp(`^pages/login/login\\.wxml:${line}:\\d+: 模板写错了：`),
    )
  })

  it('wxml: an import that is not there', () => {
    expect(problemsOf({ 'pages/login/login.wxml': '<import src="./parts"/>' })).toEqual([
      'pages/login/login.wxml: 引用的文件不存在：pages/login/parts.wxml (missing)',
    ])
  })

  it('json: the line and column of the mistake', () => {
    expect(problemsOf({ 'pages/login/login.json': '{\n  "a": 1,\n  b: 2\n}' })[0]).toMatch(
      /^pages\/login\/login\.json:3:3: JSON 写错了/,
    )
    expect(problemsOf({ 'app.json': '{\n"pages": [' })[0]).toMatch(/^app\.json:2:11: JSON 写错了/)
    expect(problemsOf({ 'pages/login/login.json': '[]' })).toEqual([
      'pages/login/login.json: 应当是一个 JSON 对象 (not a JSON object)',
    ])
  })

  it('wxss: syntax, selectors, imports missing and circular', () => {
    expect(problemsOf({ 'app.wxss': '.a{color:red}\n.b{' })).toEqual([
      'app.wxss:2:1: 样式写错了：Unclosed block',
    ])
    expect(problemsOf({ 'app.wxss': '.a{top:0}\n  .b::{top:0}' })[0]).toMatch(
      /^app\.wxss:2:\d+: 选择器写错了：/,
    )
    expect(problemsOf({ 'app.wxss': '\n@import "x.wxss";' })).toEqual([
      'app.wxss:2:1: @import 的文件不存在：x.wxss (missing)',
    ])
    expect(problemsOf({ 'app.wxss': '@import "b.wxss";', 'b.wxss': '@import "app.wxss";' })).toEqual([
      'b.wxss:1:1: @import 绕回了 app.wxss (circular)',
    ])
  })

  it('an ES module is CommonJS, as the developer tools make it; its mistakes keep their lines', () => {
    const made = packageOf({
      'pages/login/login.js': "import one, { two } from './list'\nexport * from './list'\nPage({ one, two })",
      'pages/login/list.js': 'export default 1\nexport const two = 2',
    })
    const modules = new ModuleLoader(made.sources, { Page: () => undefined })
    expect(modules.load('pages/login/login')).toMatchObject({ two: 2 })
    expect(modules.load('pages/login/list')).toMatchObject({ default: 1, two: 2 })
    expect(problemsOf({ 'pages/login/login.js': "import x from './y'\nconst = 1" })).toEqual([
      'pages/login/login.js:2: 脚本写错了：Expected identifier but found "="',
    ])
  })

  it('js that does not parse', () => {
    expect(problemsOf({ 'pages/login/login.js': 'Page({})\nconst = 1' })).toEqual([
      "pages/login/login.js:2: 脚本写错了：Unexpected token '='",
    ])
  })

  it('theme.json without one of its two', () => {
    const app = JSON.stringify({ pages: ['pages/login/login'], themeLocation: 'theme.json' })
    expect(problemsOf({ 'app.json': app, 'theme.json': '{"light":{}}' })[0]).toContain(
      'theme.json:1:1: 缺少 "dark"',
    )
    expect(problemsOf({ 'app.json': app })[0]).toContain('theme.json (missing)')
  })

  it('no app.json, no pages, no folder', () => {
    expect(compileMiniProgram(folderOf({ 'readme.md': '' })).problems).toHaveLength(2)
    expect(problemsOf({ 'app.json': '{}' })).toEqual(['app.json: pages 里没有页面 (no pages)'])
    expect(compileMiniProgram('/nowhere/at/all').problems.map(problemLine)).toEqual([
      '/nowhere/at/all: 没有这个文件夹，uni-app 先运行 npm run build:mp-weixin，原生小程序给 app.json 所在的文件夹 (missing folder)',
    ])
  })

  it('a plug-in component is a warning: the package is there', () => {
    const { problems, script } = compile({
      'pages/login/login.json': JSON.stringify({ usingComponents: { hello: 'plugin://p/hello' } }),
    })
    expect(problems).toMatchObject([{ level: 'warning', file: 'pages/login/login.json' }])
    expect(load(script).__package?.configs['pages/login/login']?.usingComponents).toEqual({})
  })
})

describe('a package that follows its folder', () => {
  it('is compiled again when a file changed, and only then', () => {
    const dist = folderOf(smallProgram)
    let compiled = 0
    const program = livePackage(dist, () => compiled++)
    const first = program.current()
    expect(program.current()).toBe(first)
    putFiles(dist, page('pages/login/login', '<view>a longer text</view>'))
    expect(program.current().script).toContain('a longer text')
    putFiles(dist, { 'pages/login/login.wxml': '<view' })
    expect(program.current().problems).toHaveLength(1)
    expect(compiled).toBe(3)
  })
})

describe('what WeChat looks at before an upload', () => {
  const tab = (pagePath: string, more = {}) => ({ pagePath, text: 'x', ...more })
  const app = (tabBar: object, more: object = {}) => ({
    'app.json': JSON.stringify({ pages: ['pages/login/login', 'pages/clue/detail'], tabBar, ...more }),
  })
  const [login, detail] = [tab('pages/login/login'), tab('pages/clue/detail')]

  it('a package above 2 MB is remarked, the main one and a subpackage each by itself', () => {
    const large = 'x'.repeat(2 * 1024 * 1024)
    expect(
      problemsOf({
        'app.json': JSON.stringify({
          pages: ['pages/login/login'],
          subPackages: [{ root: 'more', pages: ['about/about'] }],
        }),
        ...page('more/about/about'),
        'big.txt': large,
        'more/big.txt': large,
      }),
    ).toEqual([
      'app.json: 主包有 2.00 MB，超过 2 MB，微信不让上传 (package exceeds 2 MB)',
      'app.json: 分包 more有 2.00 MB，超过 2 MB，微信不让上传 (package exceeds 2 MB)',
    ])
  })

  it('two to five tabs, each a page of the main package, with pictures that are there', () => {
    expect(problemsOf(app({ list: [login, detail] }))).toEqual([])
    expect(problemsOf(app({ list: [login] }))).toEqual([
      'app.json: tabBar.list 要有 2 到 5 项 (must have 2 to 5 items)',
    ])
    expect(
      problemsOf(app({ list: [tab('pages/none'), tab('pages/clue/detail', { iconPath: 'a.png' })] })),
    ).toEqual([
      'app.json: tabBar 的页面不在 pages 里：pages/none (not a page)',
      'app.json: tabBar 的图标不存在：a.png (missing)',
    ])
    const sub = { subPackages: [{ root: 'more', pages: ['about/about'] }] }
    expect(
      problemsOf({ ...app({ list: [login, tab('more/about/about')] }, sub), ...page('more/about/about') }),
    ).toEqual(['app.json: tabBar 的页面要在主包里：more/about/about (must be in the main package)'])
    const icon = { ...app({ list: [login, tab('pages/clue/detail', { iconPath: './a.png' })] }) }
    expect(problemsOf({ ...icon, 'a.png': 'x'.repeat(41_000) })).toEqual([
      'app.json: tabBar 的图标 ./a.png 超过 40 KB (icon exceeds 40 KB)',
    ])
  })

  it('a custom tab bar is compiled as a component, and missed in words', () => {
    const list = [login, detail]
    expect(problemsOf(app({ custom: true, list }))).toEqual([
      'app.json: tabBar.custom 要有组件 custom-tab-bar/index，现在没有标签栏 (missing component)',
    ])
    const made = packageOf({ ...app({ custom: true, list }), ...page('custom-tab-bar/index') })
    expect(made.order).toContain('custom-tab-bar/index')
    expect(made.scopes['custom-tab-bar/index']).toBeDefined()
  })

  it('a component from npm is found in miniprogram_npm, by its folder or its file', () => {
    const made = packageOf({
      'pages/login/login.json': JSON.stringify({
        usingComponents: { one: '@vant/weapp/button', two: 'tools/index', own: 'row' },
      }),
      ...page('miniprogram_npm/@vant/weapp/button/index'),
      ...page('pages/login/miniprogram_npm/tools/index'),
      ...page('pages/login/row'),
    })
    expect(made.configs['pages/login/login']?.usingComponents).toEqual({
      one: '/miniprogram_npm/@vant/weapp/button/index',
      two: '/pages/login/miniprogram_npm/tools/index',
      own: '/pages/login/row',
    })
  })
})

describe('what the developer tools take, as they take it', () => {
  it('a page needs no .json', () => {
    const { 'pages/login/login.json': _, ...rest } = smallProgram
    const made = compileMiniProgram(folderOf(rest))
    expect(made.problems).toEqual([])
    expect(load(made.script).__package?.configs['pages/login/login']).toEqual({
      isPage: true,
      usingComponents: {},
    })
  })

  it('the folder of a project: the mini-program is in its miniprogramRoot', () => {
    const { 'project.config.json': _, ...program } = smallProgram
    const files = Object.entries(program).map(([file, text]) => [`client/${file}`, text] as const)
    const made = compileMiniProgram(
      folderOf({
        ...Object.fromEntries(files),
        'project.config.json': '\uFEFF{"appid":"wx2222222222222222","miniprogramRoot":"client/"}',
        'cloudfunctions/broken.js': 'exports = {',
      }),
    )
    expect(made.problems).toEqual([])
    expect(made.appid).toBe('wx2222222222222222')
    expect(made.pages).toEqual(['pages/login/login', 'pages/clue/detail'])
  })

  it('installed packages and hidden folders are no part of it', () => {
    const made = packageOf({ 'node_modules/x/x.js': 'exports = {', '.git/hook.js': '(' })
    expect(Object.keys(made.sources).filter((file) => /node_modules|git/.test(file))).toEqual([])
  })

  it('sources in TypeScript: that they have to be compiled is said', () => {
    const { 'app.js': _, ...rest } = smallProgram
    expect(compileMiniProgram(folderOf({ ...rest, 'app.ts': 'App({})' })).problems.map(problemLine)).toEqual([
      'app.js: 没有这个文件，这不是构建好的小程序 (missing)，有 app.ts：先用 tsc 编译，再给编译好的文件夹 (compile TypeScript first)',
    ])
    const { 'pages/login/login.js': __, ...noPage } = smallProgram
    const made = compileMiniProgram(folderOf({ ...noPage, 'pages/login/login.ts': 'Page({})' }))
    expect(made.problems.map(problemLine).join()).toContain('有 pages/login/login.ts：先用 tsc 编译')
  })

  it('wxml: capital letters in a data- name are no problem', () => {
    expect(problemsOf({ 'pages/login/login.wxml': '<view data-userId="1"/>' })).toEqual([])
  })

  it('resolveAlias counts for components too', () => {
    const made = packageOf({
      ...page('parts/row'),
      'parts/row.json': '{"component":true}',
      'app.json': JSON.stringify({ pages: ['pages/login/login'], resolveAlias: { '@/*': '/*' } }),
      'pages/login/login.json': JSON.stringify({ usingComponents: { row: '@/parts/row' } }),
    })
    expect(made.configs['pages/login/login']?.usingComponents).toEqual({ row: '/parts/row' })
  })

  it('wxss: names of HTML are the app’s own tags, body is the page, :host the component’s element', () => {
    const made = packageOf({
      ...page('parts/row'),
      'parts/row.json': '{"component":true}',
      'parts/row.wxss': ':host{top:0}:host .a{top:0}',
      'pages/login/login.json': JSON.stringify({ usingComponents: { dialog: '/parts/row' } }),
      'pages/login/login.wxss': 'dialog,h1{top:0}body{top:0}my-dialog{top:0}',
    })
    expect(made.styles['pages/login/login']).toBe('wx-dialog,wx-h1{top:0}wx-page{top:0}my-dialog{top:0}')
    const scope = made.scopes['parts/row'] ?? ''
    expect(made.scopedStyles['parts/row']).toBe(
      `[wx-host="${scope}"]{top:0}[wx-host="${scope}"] .${scope}--a{top:0}`,
    )
  })
})

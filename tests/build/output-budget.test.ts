import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FIRST_SCREEN_BUDGET, overBudget, WHOLE_BUDGET, type Sizes } from '../../bench/budget.ts'
import { filesFor, mainPackageFiles } from '../../bench/measure.ts'

const size = (gzip: number) => ({ raw: gzip * 3, gzip })
const FLOOR = 10_000

/** An output that keeps each budget to the byte, but for what is given. */
const sizes = (more: Partial<Sizes> = {}): Sizes => ({
  floor: size(FLOOR),
  whole: size(FLOOR * WHOLE_BUDGET),
  mainPackage: size(FLOOR * FIRST_SCREEN_BUDGET),
  firstScreen: size(FLOOR * FIRST_SCREEN_BUDGET),
  ...more,
})

describe('the budget', () => {
  it('may be used up', () => {
    expect(overBudget(sizes())).toEqual([])
  })

  it.each([
    ['whole', 'the whole output', FLOOR * WHOLE_BUDGET],
    ['mainPackage', 'the main package', FLOOR * FIRST_SCREEN_BUDGET],
    ['firstScreen', 'the first screen', FLOOR * FIRST_SCREEN_BUDGET],
  ] as const)('is exceeded by one byte in %s, and one line says so', (part, name, budget) => {
    const over = overBudget(sizes({ [part]: size(budget + 1) }))
    expect(over).toHaveLength(1)
    expect(over[0]).toContain(`${name} is ${budget + 1} bytes gzip, 1 over its budget`)
  })

  it('follows the floor', () => {
    expect(overBudget(sizes({ floor: size(FLOOR - 1) }))).toHaveLength(3)
  })
})

describe('what is counted', () => {
  let folder = ''
  const files: Record<string, string> = {
    'app.js': 'require("./common/vendor.js")',
    'app.json': '{"pages":["pages/login/login"],"subPackages":[{"root":"pages/clue/","pages":["clue"]}]}',
    'app.wxss': 'page{}',
    'common/app.js': 'require("./vendor.js")',
    'common/other.js': '',
    'common/vendor.js': 'require("weixin")',
    'components/notice.js': '',
    'components/notice.json': '{"component":true}',
    'components/notice.wxml': '<text/>',
    'pages/login/login.js': 'require("../../common/app.js")',
    'pages/login/login.json': '{"usingComponents":{"notice":"../../components/notice"}}',
    'pages/login/login.wxml': '<notice/>',
    'pages/clue/clue.js': 'require("../../common/other.js");require("./common/app.js")',
    'pages/clue/common/app.js': '',
    'theme.json': '{}',
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'leadbell-budget-'))
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      writeFileSync(join(folder, file), text)
    }
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('for the first screen: the app, the page, its components and all they require', () => {
    expect(filesFor('pages/login/login', folder).sort()).toEqual(
      Object.keys(files).filter(
        (file) => !file.startsWith('pages/clue/') && !['common/other.js', 'theme.json'].includes(file),
      ),
    )
  })

  it('for the main package: everything outside the subpackages', () => {
    expect(mainPackageFiles(folder)).toEqual(
      Object.keys(files)
        .filter((file) => !file.startsWith('pages/clue/'))
        .sort(),
    )
  })
})

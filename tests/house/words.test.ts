import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { userErrors } from '../../src/errors.ts'
import { clueErrors } from '../../src/stores/clue-errors.ts'

// By a path that the compiler does not follow: behind its types lies the phone's world, which node's compiler does not know.
const wordsOfProblems: string = '../../src/stores/subscribe-words.ts'
const { subscribeProblems } = (await import(wordsOfProblems)) as {
  subscribeProblems: Record<string, { code: string; sentence: string }>
}

const root = resolve(import.meta.dirname, '../..')
/** Tracked files, and those that are about to be. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .trim()
  .split('\n')

/** Code and sentence of everything the mini-program itself can say; the backend words its own refusals. */
const sentences: [code: string, sentence: string][] = [
  ...Object.entries(userErrors),
  ...Object.entries(clueErrors),
  ...Object.values(subscribeProblems).map(({ code, sentence }): [string, string] => [code, sentence]),
]

const rows = readFileSync(resolve(root, 'docs/errors.zh-CN.md'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| LB'))
  .map((line) => line.split('|').map((cell) => cell.trim()))

describe('the catalogue of user errors', () => {
  it.each(sentences)(
    '%s is one row of docs/errors.zh-CN.md: sentence, cause and remedy',
    (code, sentence) => {
      expect(code).toMatch(/^LB\d{4}$/)
      const [row, ...others] = rows.filter(([, documented]) => documented === code)
      expect(others).toEqual([])
      const [, , said, cause, remedy, end, ...more] = row ?? []
      expect(said).toBe(sentence)
      for (const words of [sentence, cause, remedy]) expect(words).toMatch(/[\u4e00-\u9fff]/)
      expect([end, ...more]).toEqual([''])
    },
  )

  it('has no row that nobody says, and no code twice', () => {
    const codes = sentences.map(([code]) => code)
    expect(rows.map(([, code]) => code)).toEqual([...codes].sort())
    expect(new Set(codes).size).toBe(codes.length)
  })
})

describe('the repository', () => {
  it('has a lock file without registry addresses', () => {
    expect(readFileSync(resolve(root, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved": "https?:/)
  })

  it('pins every dependency to one version', () => {
    for (const file of files.filter((name) => name.endsWith('package.json'))) {
      const {
        dependencies = {},
        devDependencies = {},
        overrides = {},
      } = JSON.parse(readFileSync(resolve(root, file), 'utf8')) as Record<string, Record<string, string>>
      for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies, ...overrides })) {
        expect(version, `${name} in ${file}`).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/)
      }
    }
  })
})

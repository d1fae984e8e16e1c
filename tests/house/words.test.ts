import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { userErrors } from '../../src/errors.ts'

const root = resolve(import.meta.dirname, '../..')
/** Tracked files, and those that are about to be. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .trim()
  .split('\n')

describe('the catalogue of user errors', () => {
  it.each(Object.entries(userErrors))(
    '%s has a permanent code, a sentence, a cause and a remedy',
    (code, error) => {
      expect(code).toMatch(/^LB\d{4}$/)
      for (const words of Object.values(error)) expect(words).toMatch(/[\u4e00-\u9fff]/)
    },
  )
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

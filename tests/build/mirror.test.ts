import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decide, mirror } from '../../build/mirror.cjs'

let root = ''
const read = (file: string) => (existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : null)
const write = (file: string, text: string) => writeFileSync(join(root, file), text)

function emptyProject(): void {
  root = mkdtempSync(join(tmpdir(), 'leadbell-mirror-'))
  mkdirSync(join(root, 'src'))
  write('manifest.json', 'manifest 1')
  write('pages.json', 'pages 1')
}

beforeEach(emptyProject)
afterEach(() => rmSync(root, { recursive: true, force: true }))

describe('what to do with one file', () => {
  it.each([
    ['both alike', 'a', 'a', 'a', 'same'],
    ['both alike, nothing remembered', 'a', 'a', undefined, 'same'],
    ['both changed to the same content', 'b', 'b', 'a', 'same'],
    ['no copy yet', 'a', null, undefined, 'down'],
    ['the copy was deleted', 'a', null, 'a', 'down'],
    ['only the top level changed', 'b', 'a', 'a', 'down'],
    ['only the copy changed', 'a', 'b', 'a', 'up'],
    ['the top level was deleted', null, 'a', 'a', 'up'],
    ['both changed', 'b', 'c', 'a', 'conflict'],
    ['different, nothing remembered', 'a', 'b', undefined, 'conflict'],
    ['neither is there', null, null, 'a', 'missing'],
  ] as const)('%s', (_name, top, copy, base, action) => {
    expect(decide(top, copy, base)).toBe(action)
  })
})

describe('a project', () => {
  it('gets its copies the first time', () => {
    expect(mirror(root)).toEqual({ down: ['manifest.json', 'pages.json'], up: [], problems: [] })
    expect(read('src/manifest.json')).toBe('manifest 1')
    expect(read('src/pages.json')).toBe('pages 1')
  })

  it('is left alone when nothing changed', () => {
    mirror(root)
    expect(mirror(root)).toEqual({ down: [], up: [], problems: [] })
  })

  it('carries an edit made in the copy up to the top level', () => {
    mirror(root)
    write('src/manifest.json', 'edited in HBuilderX')
    expect(mirror(root)).toEqual({ down: [], up: ['manifest.json'], problems: [] })
    expect(read('manifest.json')).toBe('edited in HBuilderX')
  })

  it('takes an edit of one file down and of the other up in one go', () => {
    mirror(root)
    write('pages.json', 'pages 2')
    write('src/manifest.json', 'manifest 2')
    expect(mirror(root)).toEqual({ down: ['pages.json'], up: ['manifest.json'], problems: [] })
  })

  it('touches neither file when one was edited in both places, and names both copies of it', () => {
    mirror(root)
    write('manifest.json', 'mine')
    write('src/manifest.json', 'theirs')
    write('pages.json', 'pages 2')
    const { problems } = mirror(root)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain('manifest.json 和 src/manifest.json 都改过')
    expect(read('manifest.json')).toBe('mine')
    expect(read('src/manifest.json')).toBe('theirs')
    expect(read('src/pages.json')).toBe('pages 1')
  })

  it('goes on once the person has made the copies alike', () => {
    mirror(root)
    write('manifest.json', 'mine')
    write('src/manifest.json', 'theirs')
    mirror(root)
    write('src/manifest.json', 'mine')
    expect(mirror(root).problems).toEqual([])
    write('src/manifest.json', 'later')
    expect(mirror(root).up).toEqual(['manifest.json'])
  })

  it('stops when the memory is lost and the copies differ, and goes on when they do not', () => {
    mirror(root)
    rmSync(join(root, 'src/.mirror.json'))
    expect(mirror(root).problems).toEqual([])
    rmSync(join(root, 'src/.mirror.json'))
    write('manifest.json', 'manifest 2')
    expect(mirror(root).problems).toHaveLength(1)
  })

  it('takes a damaged memory for a lost one', () => {
    mirror(root)
    write('src/.mirror.json', '{"manifest.json":')
    expect(mirror(root).problems).toEqual([])
  })

  it('does not take other line ends or a byte order mark for an edit', () => {
    write('manifest.json', 'one\ntwo\n')
    mirror(root)
    write('src/manifest.json', '\uFEFFone\r\ntwo\r\n')
    expect(mirror(root)).toEqual({ down: [], up: [], problems: [] })
  })

  it('says which file is gone from both places', () => {
    rmSync(join(root, 'pages.json'))
    expect(mirror(root).problems).toEqual([expect.stringContaining('缺少 pages.json')])
  })
})

it('loses no edit, in whatever order edits and builds come', () => {
  const step = fc.constantFrom('edit top', 'edit copy', 'build')
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      rmSync(root, { recursive: true, force: true })
      emptyProject()
      mirror(root)
      // What a person wrote last in each place and has not seen arrive in the other one.
      const pending = new Map<string, string>()
      steps.forEach((what, index) => {
        if (what === 'build') {
          if (mirror(root).problems.length === 0) {
            expect(read('manifest.json')).toBe(read('src/manifest.json'))
            for (const text of pending.values()) expect(read('manifest.json')).toBe(text)
            pending.clear()
          }
        } else {
          const file = what === 'edit top' ? 'manifest.json' : 'src/manifest.json'
          write(file, `edit ${index}`)
          pending.set(file, `edit ${index}`)
        }
        for (const [file, text] of pending) expect(read(file)).toBe(text)
      })
    }),
    { numRuns: 100 },
  )
})

describe('the command npm runs', () => {
  const run = () => spawnSync(process.execPath, ['build/mirror.cjs'], { cwd: root, encoding: 'utf8' })
  beforeEach(() => {
    mkdirSync(join(root, 'build'))
    cpSync(resolve(import.meta.dirname, '../../build/mirror.cjs'), join(root, 'build/mirror.cjs'))
  })

  it('says when an edit travelled up, and exits with 0', () => {
    run()
    write('src/pages.json', 'pages 2')
    const { status, stdout } = run()
    expect(status).toBe(0)
    expect(stdout.trim()).toBe('src/pages.json 里的修改已写回 pages.json，提交代码时请提交 pages.json。')
  })

  it('exits with 1 and one line when both were edited', () => {
    run()
    write('pages.json', 'mine')
    write('src/pages.json', 'theirs')
    const { status, stderr } = run()
    expect(status).toBe(1)
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringContaining('pages.json 和 src/pages.json 都改过'),
    ])
  })
})

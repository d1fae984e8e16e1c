import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, posix, sep } from 'node:path'
import { jsonMistake } from './json-place.ts'
import type { Problem } from './problems.ts'

/** The files of a built mini-program, read once. Paths are '/'-separated and relative to its root. */
export interface Folder {
  readonly files: ReadonlySet<string>
  read(file: string): string
  /** Bytes on the disk. */
  sizeOf(file: string): number
  /** A JSON object, or undefined when the file is broken: then the problem is reported. */
  readJson(file: string): Record<string, unknown> | undefined
}

/** @throws what the file system throws when `dist` is no folder. */
export function openFolder(dist: string, report: (problem: Problem) => void): Folder {
  const files = new Set(listFiles(dist))
  const read = (file: string) => readFileSync(join(dist, file), 'utf8').replace(/^\uFEFF/, '')
  return {
    files,
    read,
    sizeOf: (file) => statSync(join(dist, file)).size,
    readJson(file) {
      const text = read(file)
      try {
        const value: unknown = JSON.parse(text)
        if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
        report({ file, message: '应当是一个 JSON 对象 (not a JSON object)', level: 'error' })
      } catch {
        report({ file, ...jsonMistake(text), message: 'JSON 写错了 (not JSON)', level: 'error' })
      }
      return undefined
    },
  }
}

function listFiles(dist: string): string[] {
  return readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(dist, sep).length).split(sep).join('/'))
    .sort()
}

/** Changes when any file of the folder does; undefined while the folder is not there. */
export function fingerprint(dist: string): string | undefined {
  if (!existsSync(dist)) return undefined
  try {
    return listFiles(dist)
      .map((file) => {
        const { mtimeMs, size } = statSync(join(dist, file))
        return `${file} ${mtimeMs} ${size}`
      })
      .join('\n')
  } catch {
    // a build is writing it just now
    return undefined
  }
}

/** Resolves what `from` calls `to`: a leading slash means the root of the package. */
export const resolvePath = (from: string, to: string): string =>
  to.startsWith('/') ? posix.normalize(to.slice(1)) : posix.join(posix.dirname(from), to)

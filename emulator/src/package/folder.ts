import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
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
  const read = (file: string) => readText(join(dist, file))
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

const readText = (file: string) => readFileSync(file, 'utf8').replace(/^\uFEFF/, '')

/** What the developer tools never pack: installed packages before 构建 npm, and what begins with a dot. */
const isPacked = (name: string) => name !== 'node_modules' && !name.startsWith('.')

function listFiles(dist: string, within = ''): string[] {
  return readdirSync(join(dist, within), { withFileTypes: true })
    .filter(({ name }) => isPacked(name))
    .flatMap((entry) => {
      const path = within + entry.name
      if (entry.isDirectory()) return listFiles(dist, `${path}/`)
      return entry.isFile() ? [path] : []
    })
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

/** For the person who gives the sources of a project, which the developer tools would compile themselves. */
export function uncompiledHint({ files }: Pick<Folder, 'files'>, missing: readonly string[]): string {
  const source = missing.map((file) => file.replace(/\.js$/, '.ts')).find((file) => files.has(file))
  return source === undefined
    ? ''
    : `，有 ${source}：先用 tsc 编译，再给编译好的文件夹 (compile TypeScript first)`
}

/**
 * Where the mini-program of a project lies: `dist` itself, or its `miniprogramRoot` when `dist` is the project's folder,
 * the one that the developer tools open.
 */
export function programFolder(dist: string): string {
  if (existsSync(join(dist, 'app.json'))) return dist
  const root = projectConfig(dist).miniprogramRoot
  const folder = typeof root === 'string' ? join(dist, root) : dist
  return existsSync(join(folder, 'app.json')) ? folder : dist
}

/** project.config.json; only the developer tools read it, so a missing or broken one is an empty one. */
export function projectConfig(dist: string): Record<string, unknown> {
  try {
    const config: unknown = JSON.parse(readText(join(dist, 'project.config.json')))
    return typeof config === 'object' && config !== null ? { ...config } : {}
  } catch {
    return {}
  }
}

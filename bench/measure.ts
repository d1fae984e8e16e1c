import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { listFiles } from '../build/files.ts'
import { packageOf, readFrom, referencesOf, rootsOf } from '../build/output-checks.ts'
import type { Size } from './budget.ts'

export type FileSizes = Map<string, Size>

export function measure(folder: string): FileSizes {
  return new Map(
    listFiles(folder).map((file) => {
      const bytes = readFileSync(join(folder, file))
      return [file, { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length }]
    }),
  )
}

export function sum(sizes: FileSizes, names: Iterable<string> = sizes.keys()): Size {
  const total = { raw: 0, gzip: 0 }
  for (const name of names) {
    const size = sizes.get(name)
    if (!size) throw new Error(`no such file in the output: ${name}`)
    total.raw += size.raw
    total.gzip += size.gzip
  }
  return total
}

/** What a page needs before it can show: the app's own files, the page's, its components', and every script these require. */
export function filesFor(page: string, folder: string): string[] {
  const needed = new Set<string>()
  const add = (file: string): void => {
    if (needed.has(file) || !existsSync(join(folder, file))) return
    needed.add(file)
    for (const path of referencesOf(file, readFileSync(join(folder, file), 'utf8'))) {
      if (path.endsWith('.js')) add(path)
      else addElement(path)
    }
  }
  const addElement = (name: string) =>
    ['js', 'json', 'wxss', 'wxml'].forEach((type) => {
      add(`${name}.${type}`)
    })
  ;['app', page].forEach(addElement)
  return [...needed]
}

/** The files that WeChat downloads with the main package. */
export function mainPackageFiles(folder: string): string[] {
  const roots = rootsOf(readFrom(folder))
  return listFiles(folder).filter((file) => packageOf(file, roots) === '')
}

import { cpSync, existsSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { mirror, MIRRORED } from './mirror.cjs'

/** What a build reads; node_modules is linked, not copied. */
const PARTS = [
  'src',
  'contract/src',
  'build',
  'manifest.json',
  'pages.json',
  'vite.config.ts',
  'package.json',
  'tsconfig.json',
  'tsconfig.base.json',
  '.env',
]

export interface ProjectCopy {
  root: string
  remove(): void
}

/** A copy of the mini-program's sources in a temporary folder, for builds that must not disturb this one's files. */
export function copyProject(): ProjectCopy {
  const from = resolve(import.meta.dirname, '..')
  const home = mkdtempSync(join(realpathSync(tmpdir()), 'leadbell-'))
  // The folder's own name is the same every time, so that nothing in the output can depend on it.
  const root = join(home, 'leadbell')
  for (const part of PARTS) {
    if (existsSync(join(from, part))) cpSync(join(from, part), join(root, part), { recursive: true })
  }
  // The compiler's copies are made afresh: what an interrupted edit left behind here is no business of the copy.
  for (const name of [...MIRRORED, '.mirror.json']) rmSync(join(root, 'src', name), { force: true })
  mirror(root)
  symlinkSync(join(from, 'node_modules'), join(root, 'node_modules'), 'junction')
  return { root, remove: () => rmSync(home, { recursive: true, force: true }) }
}

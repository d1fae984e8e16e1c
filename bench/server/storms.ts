import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { StormFigures } from '../../tests/storm/figures.ts'

const root = resolve(import.meta.dirname, '../..')

/** Runs the storms of tests/storm on PostgreSQL, with what they assert. @throws when one of them fails */
export async function runStorms(url: string): Promise<StormFigures[]> {
  const folder = mkdtempSync(join(tmpdir(), 'leadbell-storms-'))
  const file = join(folder, 'figures.jsonl')
  const log: Buffer[] = []
  try {
    const vitest = join(root, 'node_modules/vitest/vitest.mjs')
    const args = [vitest, 'run', '--project', 'storms', '-t', 'PostgreSQL', '--no-file-parallelism']
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, TEST_DATABASE_URL: url, LEADBELL_STORM_FIGURES: file },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stdout.on('data', (text: Buffer) => log.push(text))
    child.stderr.on('data', (text: Buffer) => log.push(text))
    const code = await new Promise((ended) => child.once('exit', ended))
    if (code !== 0) throw new Error(`a storm failed\n${Buffer.concat(log).toString()}`)
    return readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as StormFigures)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * How big the mini-program is, beside the least that uni-app and Pinia come to, both built in this run.
 *   npm run bench            a table
 *   npm run bench -- --json  the same figures for a script
 * Exits with 1 when a budget of budget.ts is exceeded.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildMiniProgram } from '../build/build-mini-program.ts'
import { overBudget, type Size } from './budget.ts'
import { buildFloor } from './floor.ts'
import { filesFor, mainPackageFiles, measure, sum } from './measure.ts'

interface Part extends Size {
  files: number
}

interface Figures {
  buildMs: number
  floor: Part
  whole: Part
  mainPackage: Part
  firstScreen: Part
  largest: (Size & { file: string })[]
}

async function takeFigures(home: string): Promise<Figures> {
  const folder = join(home, 'out/mp-weixin')
  const built = await buildMiniProgram({ outDir: folder, apiBaseUrl: 'https://api.example.com', quiet: true })
  if (!built.ok) throw new Error(built.output)
  const floor = measure(await buildFloor(join(home, 'floor')))
  const sizes = measure(folder)
  const part = (files: string[]): Part => ({ files: files.length, ...sum(sizes, files) })
  return {
    buildMs: built.ms,
    floor: { files: floor.size, ...sum(floor) },
    whole: part([...sizes.keys()]),
    mainPackage: part(mainPackageFiles(folder)),
    firstScreen: part(filesFor('pages/login/login', folder)),
    largest: [...sizes]
      .map(([file, size]) => ({ file, ...size }))
      .sort((a, b) => b.raw - a.raw)
      .slice(0, 10),
  }
}

function table({ buildMs, floor, whole, mainPackage, firstScreen, largest }: Figures): string {
  const row = (name: string, { raw, gzip }: Size, ofFloor = '') =>
    `${name.padEnd(48)}${String(raw).padStart(10)}${String(gzip).padStart(10)}${ofFloor.padStart(8)}`.trimEnd()
  const part = (name: string, size: Part) =>
    row(`${name} (${size.files} files)`, size, (size.gzip / floor.gzip).toFixed(2))
  return [
    `${'mp-weixin, production, bytes'.padEnd(48)}${'raw'.padStart(10)}${'gzip'.padStart(10)}  × floor`,
    part('floor: two pages, uni-app + Pinia', floor),
    part(`leadbell in ${(buildMs / 1000).toFixed(1)} s`, whole),
    part('its main package', mainPackage),
    part('what the login page needs', firstScreen),
    '',
    ...largest.map((entry) => row(entry.file, entry)),
  ].join('\n')
}

async function main(): Promise<void> {
  const home = mkdtempSync(join(realpathSync(tmpdir()), 'leadbell-size-'))
  try {
    const figures = await takeFigures(home)
    console.log(process.argv.includes('--json') ? JSON.stringify(figures, null, 2) : table(figures))
    const over = overBudget(figures)
    if (over.length) {
      console.error(over.join('\n'))
      process.exitCode = 1
    }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

await main()

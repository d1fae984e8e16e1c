/**
 * What the app hands to the view on the way from a cold start to the thousandth lead, counted in the emulator.
 *   npm run bench               1,000 leads
 *   tsx bench/set-data.ts 10    so many pages of 20
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildMiniProgram } from '../build/build-mini-program.ts'
import { BUILT_API_BASE_URL, startWorld } from '../tests/story/world.ts'
import { assignLeads, PAGE_SIZE, SET_DATA_BUDGET, walk, type StepFigures } from './set-data-figures.ts'

const pages = Number(process.argv[2] ?? 50)
const home = mkdtempSync(join(tmpdir(), 'leadbell-set-data-'))
try {
  const dist = join(home, 'mp-weixin')
  const built = await buildMiniProgram({ outDir: dist, apiBaseUrl: BUILT_API_BASE_URL, quiet: true })
  if (!built.ok) throw new Error(built.output)
  const world = await startWorld({ dist })
  try {
    await assignLeads(world, pages * PAGE_SIZE)
    const steps = await walk(world, pages)
    console.log(table(steps))
    const worst = Math.max(...steps.map(({ largest }) => largest))
    if (worst > SET_DATA_BUDGET) {
      console.log(`setData: ${worst} bytes in one call, more than ${SET_DATA_BUDGET}`)
      process.exitCode = 1
    }
  } finally {
    await world.close()
  }
} finally {
  rmSync(home, { recursive: true, force: true })
}

/** The first and the last pages; those between are like them. */
function table(steps: StepFigures[]): string {
  const shown = steps.filter(({ step }, index) => {
    const page = Number(/^page (\d+)/.exec(step)?.[1] ?? 0)
    return page <= 3 || page % 10 === 0 || index >= steps.length - 2
  })
  const row = (name: string, ...cells: (string | number)[]) =>
    name.padEnd(28) + cells.map((cell) => String(cell).padStart(10)).join('')
  return [
    row('setData', 'calls', 'bytes', 'largest'),
    ...shown.map(({ step, calls, bytes, largest }) => row(step, calls, bytes, largest)),
  ].join('\n')
}

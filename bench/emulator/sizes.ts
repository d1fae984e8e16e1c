import { gzipSync } from 'node:zlib'
import { startEmulator } from '../../emulator/src/index.ts'
import { bundleClient } from '../../emulator/src/node/client-bundle.ts'

/** Raw bytes. `budget`: a tenth more than when it was last looked at. */
interface Budgeted {
  name: string
  budget: number
}

/** What a browser loads, without the maps that a development run adds; and our mini-program as the phone gets it. */
const budgets: readonly Budgeted[] = [
  { name: 'phone.js', budget: 766_000 },
  { name: 'phone.css', budget: 49_500 },
  { name: 'desk.js', budget: 112_500 },
  { name: 'desk.css', budget: 19_500 },
  { name: 'package.js', budget: 156_000 },
]

export interface FileSize extends Budgeted {
  raw: number
  gzip: number
}

/** None of it depends on the machine. */
export async function takeSizes(dist: string): Promise<FileSize[]> {
  const { outputFiles } = await bundleClient()
  const texts = new Map(outputFiles.map(({ path, text }) => [path.split(/[\\/]/).at(-1), text]))
  const emulator = await startEmulator({ dist, port: 0 })
  try {
    texts.set('package.js', await (await fetch(`${emulator.url}/package.js`)).text())
  } finally {
    await emulator.close()
  }
  return budgets.map((it) => {
    const bytes = Buffer.from(texts.get(it.name) ?? '')
    return { ...it, raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length }
  })
}

/** One line for each file over its budget, or missing. */
export const overBudget = (sizes: readonly FileSize[]): string[] =>
  sizes
    .filter(({ raw, budget }) => raw > budget || raw === 0)
    .map(({ name, raw, budget }) => `${name} has ${raw} bytes; its budget is ${budget}`)

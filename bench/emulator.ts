/**
 * How soon the emulator is there, how fast a phone answers, what one costs, and twenty at once. In Chromium.
 *   npm run bench:emulator             medians of five starts and twenty reactions
 *   npm run bench:emulator -- 3        of three starts
 *   npm run bench:emulator -- --json   the same figures for a script
 *   npm run bench:emulator -- --check  only whether what a browser loads keeps its budget
 * Exits with 1 when it does not.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser } from 'playwright-core'
import { buildMiniProgram } from '../build/build-mini-program.ts'
import { requireChromium } from '../scripts/chromium.ts'
import { BUILT_API_BASE_URL } from '../tests/story/world.ts'
import { measureMemory, type Memory } from './emulator/memory.ts'
import { measureOurTaps } from './emulator/our-taps.ts'
import { measureReactions, type Reactions, type Tap } from './emulator/reactions.ts'
import { overBudget, takeSizes, type FileSize } from './emulator/sizes.ts'
import { start, type Start } from './emulator/start.ts'
import { measureTwenty, type Twenty } from './emulator/twenty.ts'

const args = process.argv.slice(2)
const starts = Number(args.find((arg) => /^\d+$/.test(arg)) ?? 5)
const as = (form: 'json' | 'check') => args.includes(`--${form}`)
const REACTIONS = 20

interface Figures {
  sizes: FileSize[]
  starts: Start[]
  reactions: Reactions
  ourTaps: Tap[]
  memory: Memory[]
  twenty: Twenty
  seconds: number
}

const home = mkdtempSync(join(tmpdir(), 'leadbell-bench-emulator-'))
try {
  const dist = join(home, 'mp-weixin')
  const built = await buildMiniProgram({ outDir: dist, apiBaseUrl: BUILT_API_BASE_URL, quiet: true })
  if (!built.ok) throw new Error(built.output)
  const sizes = await takeSizes(dist)
  const over = overBudget(sizes)
  if (over.length > 0) {
    console.error(over.join('\n'))
    process.exitCode = 1
  }
  if (as('check')) console.log(sizeTable(sizes).join('\n'))
  else {
    const figures = await measure(dist, sizes)
    console.log(as('json') ? JSON.stringify(figures, null, 2) : report(figures))
  }
} finally {
  rmSync(home, { recursive: true, force: true })
}

async function measure(dist: string, sizes: FileSize[]): Promise<Figures> {
  const began = Date.now()
  const alone = await withBrowser(async (browser) => {
    const cold: Start[] = []
    for (let round = 0; round < starts; round++) cold.push(await start(browser, dist))
    const reactions = await measureReactions(browser, home, REACTIONS)
    return { starts: cold, reactions, ourTaps: await measureOurTaps(browser, dist, REACTIONS) }
  })
  const memory = await measureMemory(launch, dist, [1, 5, 10, 20])
  const twenty = await measureTwenty(dist)
  return { sizes, ...alone, memory, twenty, seconds: (Date.now() - began) / 1000 }
}

function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: requireChromium(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  })
}

async function withBrowser<T>(use: (browser: Browser) => Promise<T>): Promise<T> {
  const browser = await launch()
  try {
    return await use(browser)
  } finally {
    await browser.close()
  }
}

function report({ sizes, starts: cold, reactions, ourTaps, memory, twenty, seconds }: Figures): string {
  const { taps, value, rows, messages } = reactions
  const mb = (bytes: number | undefined) => (bytes === undefined ? '–' : (bytes / 1024 / 1024).toFixed(1))
  const percent = (share: number | undefined) => (share === undefined ? '–' : `${(share * 100).toFixed(1)} %`)
  const call = median(taps.map(({ call }) => call))
  const ours = median(ourTaps.map(({ call }) => call))
  return [
    row(`medians of ${cold.length} cold starts, ms`),
    row('command → listening', whole(cold.map(({ listening }) => listening))),
    row('command → login page drawn', whole(cold.map(({ firstPage }) => firstPage))),
    row('reload → login page drawn', whole(cold.map(({ reload }) => reload))),
    '',
    row(`medians of ${taps.length} reactions, ms; the page’s clock goes in steps of 0.1`),
    row('press → host call, page without a framework', call.toFixed(1)),
    row('press → host call, our list (uni-app)', ours.toFixed(1)),
    row('· of it uni-app and the app', (ours - call).toFixed(1)),
    row('press → subscribe panel drawn', tenths(taps.map(({ panel }) => panel))),
    row('· our list', tenths(ourTaps.map(({ panel }) => panel))),
    row('setData of one value → callback', tenths(value.map(({ callback }) => callback))),
    row('· → drawn', tenths(value.map(({ drawn }) => drawn))),
    row('setData of 20 rows → callback', tenths(rows.map(({ callback }) => callback))),
    row('· → drawn', tenths(rows.map(({ drawn }) => drawn))),
    row('subscribe/send → banner drawn', tenths(messages)),
    '',
    row('phones in one page; MB each', 'JS heap', 'browser', 'node heap'),
    ...memory.map(({ phones, heap, browser, node }) =>
      row(`${phones}`, mb(heap / phones), mb(browser && browser / phones), mb(node / phones)),
    ),
    '',
    row(`${twenty.phones} phones at once, ms`),
    row('accounts made, phones opened', twenty.opened),
    row('captcha, login, 允许, the list', twenty.loggedIn),
    row('lead assigned, card, tap, the lead', twenty.heard),
    row('all of it', twenty.opened + twenty.loggedIn + twenty.heard),
    row('idle, of one core: browser', percent(twenty.idle.browser)),
    row('· emulator (and this bench)', percent(twenty.idle.node)),
    '',
    ...sizeTable(sizes),
    '',
    `measured in ${seconds.toFixed(0)} s`,
  ].join('\n')
}

function sizeTable(sizes: readonly FileSize[]): string[] {
  return [
    row('bytes', 'raw', 'gzip', 'budget'),
    ...sizes.map(({ name, raw, gzip, budget }) => row(name, raw, gzip, budget)),
  ]
}

function row(name: string, ...cells: (string | number)[]): string {
  return name.padEnd(48) + cells.map((cell) => String(cell).padStart(12)).join('')
}

function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  return low === undefined || high === undefined ? NaN : (low + high) / 2
}

function whole(numbers: number[]): number {
  return Math.round(median(numbers))
}

function tenths(numbers: number[]): string {
  return median(numbers).toFixed(1)
}

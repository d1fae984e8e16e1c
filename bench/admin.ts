/**
 * How heavy the back office is and how soon a clerk can work, on the real backend, in Chromium.
 *   npm run bench:admin             medians of five cold loads each; about two minutes
 *   npm run bench:admin -- 3        of three
 *   npm run bench:admin -- --json   the same figures for a script
 *   npm run bench:admin -- --check  only whether the login page keeps its budget
 * Exits with 1 when it does not.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LoginResult } from '@leadbell/contract'
import { chromium, type Browser } from 'playwright-core'
import { buildAdmin } from '../build/build-admin.ts'
import { startBackend } from '../scripts/backend.ts'
import { requireChromium } from '../scripts/chromium.ts'
import { demo } from '../scripts/demo.ts'
import { freePort } from '../scripts/ports.ts'
import { readCaptcha } from '../server/src/testing/read-captcha.ts'
import { LOGIN_BUDGET, overLoginBudget, weigh } from './admin-budget.ts'
import {
  desktop,
  load,
  slow4g,
  type Circumstances,
  type Load,
  type LoadedFile,
  type Scene,
} from './admin-loads.ts'

interface Figures {
  scene: string
  circumstances: string
  loads: Load[]
}

const args = process.argv.slice(2)
const rounds = Number(args.find((arg) => /^\d+$/.test(arg)) ?? 5)
const as = (form: 'json' | 'check') => args.includes(`--${form}`)

async function main(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'leadbell-bench-admin-'))
  try {
    const adminDir = join(home, 'admin')
    await buildAdmin(adminDir)
    await withBackend(home, adminDir, async (url) => {
      const browser = await chromium.launch({
        executablePath: requireChromium(),
        args: [
          '--no-sandbox',
          '--disable-gpu',
          '--disable-background-networking',
          '--disable-component-update',
        ],
      })
      try {
        await measure(browser, await scenesAt(url))
      } finally {
        await browser.close()
      }
    })
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

async function measure(browser: Browser, [login, leads]: readonly [Scene, Scene]): Promise<void> {
  // the first load of a fresh backend also warms its own caches
  const { files } = await load(browser, login, desktop)
  const over = overLoginBudget(files)
  if (over) {
    console.error(over)
    process.exitCode = 1
  }
  if (as('check')) {
    console.log(row('first load of the login page', ['br', 'budget', 'raw']))
    const { sent, raw } = weigh(files)
    console.log(row('', [sent, LOGIN_BUDGET, raw]))
    return
  }
  const figures: Figures[] = []
  for (const circumstances of [desktop, slow4g])
    for (const scene of [login, leads]) figures.push(await repeat(browser, scene, circumstances))
  console.log(as('json') ? JSON.stringify(figures, null, 2) : report(figures))
}

async function repeat(browser: Browser, scene: Scene, circumstances: Circumstances): Promise<Figures> {
  const loads: Load[] = []
  for (let round = 0; round < rounds; round++) loads.push(await load(browser, scene, circumstances))
  return { scene: scene.name, circumstances: circumstances.name, loads }
}

const row = (name: string, cells: (string | number)[]): string =>
  name.padEnd(54) + cells.map((cell) => String(cell).padStart(10)).join('')

function report(figures: readonly Figures[]): string {
  const ofEach = figures.map(({ scene, circumstances, loads }) => {
    const middle = (of: (it: Load) => number) => median(loads.map(of))
    const { sent, raw } = weigh(loads[0]?.files ?? [])
    const times = [
      middle(({ firstPaint }) => firstPaint),
      middle(({ largestPaint }) => largestPaint),
      middle(({ usable }) => usable),
      middle(({ blocked }) => blocked),
    ].map(Math.round)
    const shift = middle(({ shift }) => shift).toFixed(3)
    return row(`${scene}, ${circumstances}`, [sent, raw, middle(({ requests }) => requests), ...times, shift])
  })
  const firstLoads = new Map(figures.map(({ scene, loads }) => [scene, loads[0]?.files ?? []]))
  const head = ['br', 'raw', 'requests', 'FCP', 'LCP', 'usable', 'TBT', 'CLS']
  return [
    row(`medians of ${rounds} cold loads; bytes, milliseconds`, head),
    ...ofEach,
    ...[...firstLoads].flatMap(([scene, files]) => ['', ...fileTable(scene, files)]),
  ].join('\n')
}

const fileTable = (scene: string, files: readonly LoadedFile[]): string[] => [
  row(`first load: ${scene}`, ['br', 'raw']),
  ...[...files].sort((a, b) => b.sent - a.sent).map(({ name, sent, raw }) => row(`  ${name}`, [sent, raw])),
]

function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  return low === undefined || high === undefined ? NaN : (low + high) / 2
}

/** The demo's backend, with its made-up leads; WeChat is nowhere, and nothing is sent. */
async function withBackend(
  home: string,
  adminDir: string,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const port = await freePort()
  const env = demo.serverEnv({
    port,
    wechatUrl: `http://127.0.0.1:${await freePort()}`,
    dataDir: join(home, 'data'),
    adminToken: 'bench-admin-token-0123456789',
    adminDir,
  })
  const backend = await startBackend(env, join(home, 'server.log'))
  try {
    await use(`http://127.0.0.1:${port}`)
  } finally {
    await backend.stop()
  }
}

async function scenesAt(url: string): Promise<readonly [Scene, Scene]> {
  const { token, userInfo } = await logIn(url)
  const address = `${url}/admin/`
  return [
    { name: 'login page', address, storage: {}, selector: '#username' },
    {
      name: 'leads, 20 rows',
      address,
      storage: { 'leadbell.admin.session': JSON.stringify({ token, user: userInfo }) },
      selector: 'main tbody tr td',
    },
  ]
}

async function logIn(url: string): Promise<LoginResult> {
  const checkKey = 'bench-admin'
  const picture = await ask<string>(`${url}/sys/randomImage/${checkKey}`)
  return ask<LoginResult>(`${url}/sys/login`, { ...demo.clerk, captcha: readCaptcha(picture), checkKey })
}

async function ask<T>(address: string, body?: object): Promise<T> {
  const response = await fetch(address, {
    ...(body && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  })
  const { code, message, result } = (await response.json()) as { code: number; message: string; result: T }
  if (code !== 0 && code !== 200) throw new Error(`${address}: ${code} ${message}`)
  return result
}

await main()

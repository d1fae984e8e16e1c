import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { putFiles, smallProgram } from '../../emulator/src/testing/folders.ts'
import { requireChromium } from '../../scripts/chromium.ts'
import { ROOT } from '../../scripts/guests/guest.ts'
import { outsideEnv } from '../../scripts/guests/make.ts'

const run = promisify(execFile)
let folder: string
let manifest: { name: string; version: string; files: { path: string }[]; unpackedSize: number }

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'leadbell-package-')))
  const packed = await run(
    'npm',
    ['pack', '--workspace', 'leadbell-emulator', '--pack-destination', folder, '--json'],
    { cwd: ROOT, env: outsideEnv(), maxBuffer: 10_000_000 },
  )
  manifest = (JSON.parse(packed.stdout.slice(packed.stdout.indexOf('[\n'))) as [typeof manifest])[0]
  writeFileSync(join(folder, 'package.json'), '{ "name": "stranger", "private": true }')
  const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz')) ?? ''
  // by name from the registry or npm's cache, as a stranger's npm does it
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts']
  await run('npm', ['install', ...flags, `./${tarball}`], { cwd: folder, env: outsideEnv() })
  putFiles(join(folder, 'built'), smallProgram)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('it ships what it runs and how to use it, no tests and no sources', () => {
  const paths = manifest.files.map(({ path }) => path)
  expect(paths).toEqual(
    expect.arrayContaining(['README.md', 'LICENSE', 'dist/cli.js', 'dist/client-licenses.txt']),
  )
  expect(paths.filter((path) => /\.test\.|testing\/|^src\/|(?<!\.d)\.ts$/.test(path))).toEqual([])
  expect(manifest.unpackedSize).toBeLessThan(1_500_000)
})

test('npx leadbell-emulator starts from any folder, says its address, and the phone draws the program', async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'))
  onTestFinished(() => rmSync(elsewhere, { recursive: true, force: true }))
  const words = ['exec', '--prefix', folder, '--', 'leadbell-emulator', join(folder, 'built'), '--port', '0']
  const url = await addressOf('npm', words, elsewhere)
  const browser = await chromium.launch({ executablePath: requireChromium(), args: ['--no-sandbox'] })
  onTestFinished(() => browser.close())
  const page = await browser.newPage()
  await page.goto(`${url}/phone`)
  await expect.poll(() => page.locator('wx-page').textContent()).toBe('hello')
  expect(await page.evaluate(() => globalThis.__phone?.errors)).toEqual([])
  await page.goto(url)
  await expect.poll(() => page.frames().length).toBeGreaterThan(1)
})

test('a test of the stranger’s starts it from code and leads it, with types that hold', async () => {
  writeFileSync(
    join(folder, 'use.ts'),
    `import { startEmulator, type Emulator } from 'leadbell-emulator'
import { connectEmulator } from 'leadbell-emulator/control'
const emulator: Emulator = await startEmulator({ dist: 'built', port: 0 })
const control = connectEmulator(emulator.url)
const phones = await control.phones()
console.log(JSON.stringify({ problems: emulator.problems(), phones: phones.length }))
await emulator.close()
`,
  )
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        strict: true,
        target: 'es2022',
        module: 'nodenext',
        skipLibCheck: false,
        outDir: '.',
        types: [],
      },
      files: ['use.ts'],
    }),
  )
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...readManifest(), type: 'module' }))
  await run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder], { cwd: folder })
  const { stdout } = await run(process.execPath, ['use.js'], { cwd: folder, env: outsideEnv() })
  expect(JSON.parse(stdout)).toMatchObject({ problems: [] })
})

test('native sources written as ES modules run from the package too', async () => {
  const modules = join(folder, 'modules')
  cpSync(join(folder, 'built'), modules, { recursive: true })
  putFiles(modules, {
    'pages/login/login.js': "import { words } from './words'\nPage({ data: { words } })",
    'pages/login/words.js': "export const words = 'from a module'",
    'pages/login/login.wxml': '<view>{{words}}</view>',
  })
  const url = await addressOf(process.execPath, [command(), modules, '--port', '0'], folder)
  expect(await (await fetch(`${url}/package.js`)).text()).toContain('from a module')
  expect(await (await fetch(`${url}/phone`)).text()).not.toContain('data-test="problems"')
})

const command = () => join(folder, 'node_modules/leadbell-emulator/bin/leadbell-emulator.mjs')
const readManifest = () => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as object

/** Starts the command; it is gone when the test is. */
async function addressOf(program: string, words: string[], cwd: string): Promise<string> {
  const child = spawn(program, words, {
    cwd,
    env: outsideEnv(),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  onTestFinished(() => end(child))
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (said += text.toString()))
  await expect.poll(() => said, { timeout: 30_000 }).toMatch(/http:\/\/127\.0\.0\.1:\d+/)
  return /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? ''
}

/** npm and what it started are one group. */
function end(child: ChildProcess): void {
  if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM')
}

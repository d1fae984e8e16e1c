import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { evidenceOfReport, type Report } from './checklist/evidence.ts'
import { holdChecklist, ROOT } from './checklist/files.ts'
import { requireChromium } from './chromium.ts'
import { startCluster } from './postgres.ts'
import { run, say, Stop } from './say.ts'

// Every test there is: brings up a browser and a PostgreSQL, runs vitest, and counts what ran.
// LEADBELL_TEST_ALL=1 (as in CI) makes a missing PostgreSQL an error instead of a loud notice.

const skippedNotice = `
────────────────────────────────────────────────────────────────────────
  跳过了 PostgreSQL 上的测试：没有找到它的程序，也没有设置 TEST_DATABASE_URL。
  SKIPPED: the server's tests on PostgreSQL. To run them:
    sudo apt-get install -y postgresql      或 TEST_DATABASE_URL=postgres://…
────────────────────────────────────────────────────────────────────────`

/** What comes after `npm test --` goes to vitest: `npm test -- --project emulator`. */
const vitestArguments = process.argv.slice(2)

run(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'leadbell-test-'))
  const report = join(folder, 'report.json')
  const given = process.env.TEST_DATABASE_URL
  // Installed before anything else runs, not by the first test that wants one.
  requireChromium()
  const cluster = given ? null : await startCluster()
  const databaseUrl = given ?? cluster?.url
  if (!databaseUrl && process.env.LEADBELL_TEST_ALL)
    throw new Stop('没有 PostgreSQL，而这里不允许跳过任何测试')

  try {
    const passed = await vitest(report, databaseUrl ? { TEST_DATABASE_URL: databaseUrl } : {})
    const ran = readReport(report)
    const { numPassedTests, numFailedTests, numPendingTests } = ran
    if (!databaseUrl) say(skippedNotice)
    say(`\nTests: ${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`)
    if (!passed || numFailedTests > 0) throw new Stop('有测试没有通过 (tests failed)')
    if (numPassedTests === 0) throw new Stop('一个测试也没有运行 (no test ran)')
    if (numPendingTests > 0 && process.env.LEADBELL_TEST_ALL)
      throw new Stop('有测试被跳过 (tests were skipped)')
    if (vitestArguments.length === 0) await holdChecklist(evidenceOfReport(ran, ROOT))
  } finally {
    cluster?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})

function vitest(report: string, env: Record<string, string>): Promise<boolean> {
  const cli = join(ROOT, 'node_modules/vitest/vitest.mjs')
  const args = [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...vitestArguments,
  ]
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  // An interrupted run still ends its database: the signal goes on, and we wait.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  return new Promise((done) => child.once('exit', (code) => done(code === 0)))
}

interface Counts {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
}

function readReport(path: string): Counts & Report {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Counts & Report
  } catch {
    throw new Stop('测试没有跑完 (vitest wrote no report)')
  }
}

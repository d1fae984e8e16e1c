import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { listFiles } from './files.ts'
import { cleanEnvironment } from './uni-cli.ts'

export interface Validation {
  /** One line each; empty when WeChat's own tools accept the folder. */
  errors: string[]
  /** Checks that could not run on this machine, with the reason. */
  skipped: string[]
  /** How many files each tool looked at. */
  checked: { wxml: number; wxss: number }
}

const require = createRequire(import.meta.url)
const here = (file: string) => resolve(import.meta.dirname, file)

/**
 * Runs WeChat's own compilers and project check over a built mini-program, without a network. They catch different
 * things: wcc bad wxml, wcsc bad wxss, miniprogram-ci bad json, missing files and bad js. None of them minds 2 MiB.
 */
export function validate(folder: string): Validation {
  const project = resolve(folder)
  const files = listFiles(project)
  const wxml = files.filter((file) => file.endsWith('.wxml'))
  const wxss = files.filter((file) => file.endsWith('.wxss'))
  const errors = projectCheck(project)
  const skipped: string[] = []
  if (process.platform === 'linux' && process.arch === 'x64') {
    const wxs = files.filter((file) => file.endsWith('.wxs'))
    if (wxml.length)
      errors.push(...compile(project, 'wcc', ['-d', ...[...wxml, ...wxs].map((file) => `./${file}`)]))
    for (const file of wxss) errors.push(...compile(project, 'wcsc', ['-lc', '-js', `./${file}`]))
  } else {
    skipped.push(
      `wcc、wcsc：没有 ${process.platform} ${process.arch} 上能直接运行的版本，请在 Linux x64 上校验。`,
    )
  }
  return { errors, skipped, checked: { wxml: wxml.length, wxss: wxss.length } }
}

function compile(cwd: string, tool: 'wcc' | 'wcsc', args: string[]): string[] {
  const binary = join(dirname(require.resolve('miniprogram-compiler')), 'bin/linux', tool)
  chmodSync(binary, 0o755)
  const run = spawnSync(binary, args, { cwd, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  if (run.status === 0) return []
  const said = (run.stderr || run.stdout || String(run.error ?? `signal ${run.signal}`)).trim()
  return [`${tool}: ${said}`]
}

/** In a temporary folder, because miniprogram-ci writes its log and cache where it runs. */
function projectCheck(project: string): string[] {
  const cwd = mkdtempSync(join(tmpdir(), 'leadbell-validate-'))
  try {
    const run = spawnSync(
      process.execPath,
      ['--require', here('no-net.cjs'), here('project-check.cjs'), project],
      {
        cwd,
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
        // Its worker processes get the same lock.
        env: { ...cleanEnvironment(), HOME: cwd, NODE_OPTIONS: `--require "${here('no-net.cjs')}"` },
      },
    )
    const report = run.stdout.split('\n').findLast((line) => line.startsWith('{"errors"'))
    if (!report) return [`miniprogram-ci: no report. ${run.stderr.slice(-600).trim()}`]
    return (JSON.parse(report) as { errors: string[] }).errors.map((line) => `miniprogram-ci: ${line}`)
  } finally {
    rmSync(cwd, { recursive: true, force: true })
  }
}

function main(): void {
  const folder = process.argv[2] ?? 'dist/build/mp-weixin'
  const { errors, skipped, checked } = validate(folder)
  for (const line of skipped) console.warn(`跳过 ${line}`)
  for (const line of errors) console.error(line)
  const name = relative(process.cwd(), resolve(folder)) || '.'
  if (errors.length) console.error(`${name}：微信的校验工具报了 ${errors.length} 个错误。`)
  else console.log(`${name}：通过微信的离线校验（${checked.wxml} 个 wxml，${checked.wxss} 个 wxss）。`)
  process.exitCode = errors.length ? 1 : 0
}

if (process.argv[1] && resolve(process.argv[1]) === import.meta.filename) main()

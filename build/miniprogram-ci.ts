import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The part of miniprogram-ci that uploads and previews use (its README, 脚本调用). */
export interface MiniProgramCi {
  Project: new (options: {
    appid: string
    type: 'miniProgram'
    projectPath: string
    privateKeyPath: string
    ignores: string[]
  }) => object
  upload(options: CiOptions & { version: string }): Promise<CiResult>
  preview(options: CiOptions & { qrcodeFormat: 'image'; qrcodeOutputDest: string }): Promise<CiResult>
}

interface CiOptions {
  project: object
  desc: string
  /** Which of WeChat's thirty robots it is that uploads; each has a row of its own in the console. */
  robot: number
  setting: { useProjectConfig: true }
  onProgressUpdate: (task: unknown) => void
}

interface CiResult {
  subPackageInfo?: { name: string; size: number }[]
}

/**
 * The real miniprogram-ci, for a command that ends soon after. It prints every step, late ones too, leaves its cache
 * where it runs, and forgets to catch the failure it has reported already. So from here on this process prints nothing
 * by `console`, runs in a temporary folder and ignores such rejections. Paths given to it must be absolute.
 */
export function loadMiniProgramCi(): MiniProgramCi {
  const folder = mkdtempSync(join(tmpdir(), 'leadbell-upload-'))
  process.chdir(folder)
  process.once('exit', () => {
    process.chdir(tmpdir())
    rmSync(folder, { recursive: true, force: true })
  })
  process.on('unhandledRejection', () => undefined)
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) console[method] = () => undefined
  // Boundary: the package's own types ask for its internal project class.
  return createRequire(import.meta.url)('miniprogram-ci') as MiniProgramCi
}

/** The picture of a QR code as text for a terminal; null when it cannot be read. */
export function qrcodeAsText(picture: Buffer): string | null {
  const run = spawnSync(process.execPath, [join(import.meta.dirname, 'draw-qrcode.cjs')], {
    input: picture,
    encoding: 'utf8',
  })
  return run.status === 0 ? run.stdout.trimEnd() : null
}

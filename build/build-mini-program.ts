import { resolve } from 'node:path'
import { listFiles } from './files.ts'
import { carriedUp, mirror } from './mirror.cjs'
import { cleanEnvironment, runUniCli } from './uni-cli.ts'

export interface BuildOptions {
  /** Where the built mini-program goes; emptied first. */
  outDir: string
  /** What `VITE_API_BASE_URL` is in this build, whatever the .env files say. */
  apiBaseUrl: string
  /** Vite's mode, which chooses the .env files. @default 'production' */
  mode?: string
  /** Print nothing. @default false */
  quiet?: boolean
  /** The project to build. @default this one */
  cwd?: string
  /** More environment, such as `WECHAT_APPID`. */
  env?: Record<string, string>
}

export type BuildOutcome =
  /** `files` are relative to outDir, with forward slashes, sorted; `output` may carry warnings. */
  | { ok: true; ms: number; files: string[]; output: string }
  /** `output` says in Chinese what to do when the reason is ours, and is the compiler's own text otherwise. */
  | { ok: false; output: string }

/** Builds the mini-program for WeChat as `npm run build:mp-weixin` does, into any folder. Never rejects on a failed build. */
export async function buildMiniProgram(options: BuildOptions): Promise<BuildOutcome> {
  const project = resolve(options.cwd ?? resolve(import.meta.dirname, '..'))
  const outDir = resolve(project, options.outDir)
  const say = (line: string) => options.quiet || console.log(line)
  const started = performance.now()

  const { up, problems } = mirror(project)
  up.map(carriedUp).forEach(say)
  if (problems.length) return { ok: false, output: problems.join('\n') }

  const { code, output } = await runUniCli({
    project,
    env: {
      ...cleanEnvironment(),
      ...options.env,
      VITE_API_BASE_URL: options.apiBaseUrl,
      UNI_OUTPUT_DIR: outDir,
    },
    args: options.mode ? ['--mode', options.mode] : [],
  })
  if (output) say(output)
  if (code !== 0) return { ok: false, output }
  return { ok: true, ms: Math.round(performance.now() - started), files: listFiles(outDir), output }
}

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

export interface UniCliRun {
  /** The project whose compiler runs. */
  project: string
  /** Where it runs, when that is not the project. */
  cwd?: string
  env: NodeJS.ProcessEnv
  args?: string[]
}

/** The parent's environment without what would make the compiler believe it runs somewhere else: in vitest, say. */
export function cleanEnvironment(from: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const foreign = /^(VITEST|UNI_|HX_|NODE_ENV$|NODE_OPTIONS$|MODE$|TEST$|VITE_USER_NODE_ENV$|VITE_ROOT_DIR$)/
  return Object.fromEntries(Object.entries(from).filter(([name]) => !foreign.test(name)))
}

/** Runs `uni build -p mp-weixin` as a child process. Resolves when it has ended; never rejects on a failed build. */
export function runUniCli({ project, cwd = project, env, args = [] }: UniCliRun) {
  const cli = join(project, 'node_modules/@dcloudio/vite-plugin-uni/bin/uni.js')
  return new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    const child = spawn(process.execPath, ['--no-warnings', cli, 'build', '-p', 'mp-weixin', ...args], {
      cwd,
      env: { ...env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const collect = (text: string) => (output += text)
    child.stdout.setEncoding('utf8').on('data', collect)
    child.stderr.setEncoding('utf8').on('data', collect)
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output: plain(output) }))
  })
}

/** Without colours, and without the zero-width characters uni-app marks its lines with for HBuilderX. */
const plain = (output: string) =>
  stripVTControlCharacters(output)
    .replace(/[\u200B-\u200D]/g, '')
    .trim()

import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { guestFolder, ROOT, type Guest, type Step } from './guest.ts'

const CACHE = join(ROOT, 'node_modules/.cache/guests')

/**
 * The built guest's folder. It is made once for each content of guests/NAME (its lock file included) and kept in
 * node_modules/.cache, so that a second run is fast.
 * @param log hears each step.
 * @throws with what the failing command printed
 */
export async function makeGuest(
  guest: Guest,
  log: (line: string) => void = () => undefined,
): Promise<string> {
  const made = join(CACHE, `${guest.name}-${fingerprint(guest)}`)
  if (existsSync(made)) return made
  const folder = mkdtempSync(join(tmpdir(), `guest-${guest.name}-`))
  try {
    cpSync(guestFolder(guest.name), folder, { recursive: true })
    for (const step of guest.steps) {
      log(`${guest.name}: ${describe(step)}`)
      await take(step, folder, guest)
    }
    mkdirSync(CACHE, { recursive: true })
    // under its name only when it is whole
    const part = mkdtempSync(`${made}-part-`)
    cpSync(join(folder, guest.dist), part, { recursive: true, dereference: true })
    renameSync(part, made)
    return made
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function describe(step: Step): string {
  switch (step.do) {
    case 'install':
      return 'npm ci'
    case 'copy':
      return `copy ${step.from}`
    case 'run':
      return step.command.flat().join(' ')
    case 'uni-app':
      return 'uni-app’s compiler'
  }
}

async function take(step: Step, folder: string, guest: Guest): Promise<void> {
  switch (step.do) {
    case 'install': {
      const target = join(folder, step.in ?? '')
      if (step.in !== undefined)
        cpSync(join(guestFolder(guest.name), 'package-lock.json'), join(target, 'package-lock.json'))
      // what npm does for the makers of a template on their own machines (peers, hooks) is no part of a build
      const flags = ['--ignore-scripts', '--legacy-peer-deps', '--prefer-offline', '--no-audit', '--no-fund']
      return command(['npm', 'ci', ...flags], target)
    }
    case 'copy':
      mkdirSync(dirname(join(folder, step.to)), { recursive: true })
      return cpSync(join(folder, step.from), join(folder, step.to), { recursive: true })
    case 'run':
      return command(step.command.flat(), join(folder, step.in ?? ''))
    case 'uni-app':
      symlinkSync(join(ROOT, 'node_modules'), join(folder, step.in, 'node_modules'), 'junction')
      return writeFileSync(join(folder, step.in, 'package.json'), JSON.stringify(uniAppProject()))
  }
}

/** uni-app's command line finds its platforms by the dependencies of the project. */
const uniAppProject = () => ({ name: 'guest', private: true, dependencies: uniAppPackages() })

function uniAppPackages(): Record<string, string> {
  const { dependencies, devDependencies } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  ) as Record<'dependencies' | 'devDependencies', Record<string, string>>
  return Object.fromEntries(
    Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([name]) => name.startsWith('@dcloudio/') || name === 'vue',
    ),
  )
}

function fingerprint(guest: Guest): string {
  const hash = createHash('sha256')
  const folder = guestFolder(guest.name)
  for (const file of readdirSync(folder).sort()) hash.update(file).update(readFileSync(join(folder, file)))
  if (guest.steps.some((step) => step.do === 'uni-app')) hash.update(JSON.stringify(uniAppPackages()))
  return hash.digest('hex').slice(0, 16)
}

const MOST_MINUTES = 8

async function command([program = '', ...words]: string[], cwd: string): Promise<void> {
  const child = spawn(program, words, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    // the project's own npm settings must not reach into the guest's
    env: { ...outsideEnv(), CI: 'true', NO_COLOR: '1' },
    timeout: MOST_MINUTES * 60_000,
    shell: process.platform === 'win32',
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (said += text.toString()))
  const code = await new Promise<number | null>((resolve, reject) =>
    child.on('error', reject).on('close', resolve),
  )
  if (code !== 0)
    throw new Error(`${program} ${words.join(' ')} (${code ?? 'timed out'})\n${said.slice(-4000)}`)
}

/** The environment of a stranger’s terminal: nothing of the npm or vitest that runs this. */
export function outsideEnv(): NodeJS.ProcessEnv {
  const keep = Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_package_|npm_lifecycle_|npm_config_local_prefix|VITEST|VITE_|NODE_ENV|NODE_OPTIONS)/.test(name),
  )
  return Object.fromEntries(keep)
}

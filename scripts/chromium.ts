import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { say, Stop } from './say.ts'

const candidates = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]
const packages = ['chromium', 'fonts-noto-cjk']

/**
 * The browser the tests drive: CHROMIUM_PATH, or one in its usual place. Where there is none it is
 * installed on Debian and Ubuntu as root; elsewhere a Stop says what to type.
 */
export function requireChromium(): string {
  const given = process.env.CHROMIUM_PATH
  if (given) {
    if (existsSync(given)) return given
    throw new Stop(`CHROMIUM_PATH=${given} 不存在 (no such file)`)
  }
  const found = candidates.find((path) => existsSync(path))
  if (found) return found
  if (!isDebian())
    throw new Stop('没有找到 Chromium：请安装 Chrome 或 Chromium，或设置 CHROMIUM_PATH=/path/to/chrome')
  if (process.getuid?.() !== 0) {
    throw new Stop(`没有找到 Chromium，请运行 (please run): sudo apt-get install -y ${packages.join(' ')}`)
  }
  say(`没有找到 Chromium，正在安装 (installing ${packages.join(' ')}) …`)
  apt('update')
  apt('install', '-y', '--no-install-recommends', ...packages)
  const installed = candidates.find((path) => existsSync(path))
  if (!installed) throw new Stop('Chromium 装好了但找不到，请设置 CHROMIUM_PATH')
  return installed
}

const isDebian = () =>
  existsSync('/etc/os-release') &&
  /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync('/etc/os-release', 'utf8'))

function apt(...args: string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const { status } = spawnSync('apt-get', args, { stdio: 'inherit', env })
  if (status !== 0) throw new Stop(`apt-get ${args.join(' ')} 失败 (failed)`)
}

import { error, ok, parseObject, warning, type Diagnosis } from './diagnosis.ts'
import type { ReadOutput } from './output-checks.ts'

const OLDEST_NODE = 20

/** @param version such as `20.11.1` */
export function checkNode(version: string): Diagnosis[] {
  return Number(version.split('.')[0]) >= OLDEST_NODE
    ? [ok(`Node.js ${version}。`)]
    : [error(`Node.js ${version} 太旧：请安装 ${OLDEST_NODE} 或更新的版本。`)]
}

interface PackageJson {
  version?: string
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

const packageIn = (read: ReadOutput, folder: string) =>
  parseObject(read(`${folder}package.json`) ?? '') as PackageJson | null

/** What is installed is what package.json pins, and the uni-app packages are one release of theirs, once each. */
export function checkPackages(read: ReadOutput): Diagnosis[] {
  const own = packageIn(read, '')
  if (!own) return [error('package.json 不存在或不是正确的 JSON：请从版本库恢复它。')]
  const pins = Object.entries({ ...own.dependencies, ...own.devDependencies })
  const differing = pins.flatMap(([name, pin]) => {
    const installed = packageIn(read, `node_modules/${name}/`)?.version
    return installed === pin ? [] : [`${name}（要 ${pin}，${installed ? `装的是 ${installed}` : '没有装'}）`]
  })
  return [
    differing.length
      ? error(
          `装的依赖和 package.json 不一致：${differing.slice(0, 5).join('、')}${differing.length > 5 ? ` 等 ${differing.length} 个` : ''}，请执行 npm ci。`,
        )
      : ok(`${pins.length} 个依赖都是 package.json 写的版本。`),
    ...checkUniApp(read),
  ]
}

function checkUniApp(read: ReadOutput): Diagnosis[] {
  const lock = parseObject(read('node_modules/.package-lock.json') ?? '') as {
    packages?: Record<string, { version?: string }>
  } | null
  if (!lock?.packages) return [warning('看不出装了哪些 uni-app 包：请用 npm ci 安装依赖，再检查一次。')]
  const versions = new Set<string>()
  for (const [path, { version = '' }] of Object.entries(lock.packages)) {
    const name = /(?:^|\/)node_modules\/(@dcloudio\/[^/]+)$/.exec(path)?.[1]
    // The types have version numbers of their own.
    if (name && name !== '@dcloudio/types') versions.add(version)
  }
  if (versions.size === 1) return [ok(`uni-app 的包都是 ${[...versions].join()}。`)]
  return [
    error(
      versions.size
        ? `uni-app 的包混了 ${[...versions].join('、')} 几个版本：请在 package.json 里把 @dcloudio 的包写成同一个版本，再执行 npm ci。`
        : '没有装 uni-app 的包：请执行 npm ci。',
    ),
  ]
}

/** The version that the console shows and the one in the app should be one. */
export function checkAppVersion(read: ReadOutput): Diagnosis[] {
  const version = packageIn(read, '')?.version ?? ''
  const manifest = parseObject(read('manifest.json') ?? '') as { versionName?: string } | null
  return manifest?.versionName === version
    ? [ok(`版本号 ${version}。`)]
    : [
        warning(
          `版本号不一致，package.json 是 ${version}，manifest.json 的 versionName 是 ${manifest?.versionName ?? '空的'}：上传用前者，请改成一样。`,
        ),
      ]
}

import { spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildMiniProgram, type BuildOutcome } from '../../build/build-mini-program.ts'
import { listFiles } from '../../build/files.ts'
import { differingFiles, fakeHBuilderX, type HBuilderX } from '../../build/hbuilderx-simulation.ts'
import { filesWithValidator, readFrom, tapRuleBreaches } from '../../build/output-checks.ts'
import { copyProject, type ProjectCopy } from '../../build/project-copy.ts'
import { cleanEnvironment } from '../../build/uni-cli.ts'
import { validate } from '../../build/validate.ts'

const API = 'https://api.example.com/jeecg-boot'

let project: ProjectCopy
let hbuilderx: HBuilderX
let folder = ''
let outcome: BuildOutcome

beforeAll(async () => {
  project = copyProject()
  hbuilderx = fakeHBuilderX()
  // HBuilderX passes no environment of ours: what it shall build must stand in a file.
  writeFileSync(join(project.root, '.env.production.local'), `VITE_API_BASE_URL=${API}\n`)
  folder = join(project.root, 'out/mp-weixin')
  outcome = await buildMiniProgram({ cwd: project.root, outDir: folder, apiBaseUrl: API, quiet: true })
})

afterAll(() => {
  hbuilderx?.remove()
  project?.remove()
})

/** The built output in a folder of its own, for tests that damage it. */
function outputCopy(name: string): string {
  const copy = join(project.root, 'out', name)
  cpSync(folder, copy, { recursive: true })
  return copy
}

it('the project builds without a warning when its settings are those of a release', () => {
  expect(outcome).toMatchObject({ ok: true, files: expect.arrayContaining(['app.js', 'theme.json']) })
  expect(outcome.output).not.toContain('提醒')
})

describe('the output', () => {
  it('passes wcc, wcsc and miniprogram-ci', () => {
    const { errors, skipped, checked } = validate(folder)
    expect(errors).toEqual([])
    expect(checked.wxml).toBeGreaterThanOrEqual(3)
    if (process.platform === 'linux' && process.arch === 'x64') expect(skipped).toEqual([])
  })

  it('would not pass them with a broken template, style and page configuration', () => {
    const broken = outputCopy('broken')
    appendFileSync(join(broken, 'pages/clue/clue.wxml'), '<view wx:if="{{">')
    appendFileSync(join(broken, 'app.wxss'), '.a { color: ')
    writeFileSync(join(broken, 'pages/clue/detail.json'), '{ "usingComponents": ')
    const { errors } = validate(broken)
    const tools = process.platform === 'linux' && process.arch === 'x64' ? ['wcc', 'wcsc'] : []
    for (const tool of [...tools, 'miniprogram-ci']) {
      expect(errors).toContainEqual(expect.stringMatching(new RegExp(`^${tool}: `)))
    }
  })

  it('asks the address it was built for', () => {
    expect(listFiles(folder).filter((file) => readFrom(folder)(file)?.includes(API))).not.toEqual([])
  })

  it('has the login alone in the main package, and fetches the other one while somebody logs in', () => {
    const read = readFrom(folder)
    const app = JSON.parse(read('app.json') ?? '{}') as {
      pages: string[]
      subPackages: { root: string; pages: string[] }[]
      preloadRule: Record<string, unknown>
    }
    expect(app.pages).toEqual(['pages/login/login'])
    expect(app.subPackages).toMatchObject([{ root: 'pages/clue', pages: expect.arrayContaining(['detail']) }])
    expect(app.preloadRule['pages/login/login']).toEqual({ network: 'all', packages: ['pages/clue'] })
  })

  it('has one script for what the main package shares and one for the subpackage’s', () => {
    const scripts = listFiles(folder).filter((file) => file.endsWith('.js'))
    const isElement = (file: string) => listFiles(folder).includes(file.replace(/js$/, 'wxml'))
    expect(scripts.filter((file) => !isElement(file))).toEqual([
      'app.js',
      'common/app.js',
      'common/vendor.js',
      'pages/clue/common/app.js',
    ])
  })

  it('keeps the theme’s variables for WeChat to fill in', () => {
    const app = JSON.parse(readFileSync(join(folder, 'app.json'), 'utf8')) as Record<string, unknown>
    expect(app).toMatchObject({
      darkmode: true,
      themeLocation: 'theme.json',
      lazyCodeLoading: 'requiredComponents',
      window: { navigationBarBackgroundColor: '@navBgColor' },
    })
    const theme = readFileSync(join(folder, 'theme.json'), 'utf8')
    const names = JSON.stringify(app.window).match(/@\w+/g) ?? []
    for (const name of names) expect(theme.split(`"${name.slice(1)}"`)).toHaveLength(3)
  })

  it('keeps the tap rule on the login button', () => {
    expect(tapRuleBreaches(readFrom(folder)('pages/login/login.wxml') ?? '', 'login')).toEqual([])
  })

  it('holds no validator code', () => {
    expect(filesWithValidator(listFiles(folder), readFrom(folder))).toEqual([])
  })

  it('would be caught with the contract bundled into it', async () => {
    const spoiled = outputCopy('spoiled')
    await build({
      configFile: false,
      logLevel: 'silent',
      build: {
        lib: {
          entry: resolve(import.meta.dirname, '../../contract/src/index.ts'),
          formats: ['cjs'],
          fileName: () => 'contract.js',
        },
        outDir: join(spoiled, 'common'),
        emptyOutDir: false,
      },
    })
    expect(filesWithValidator(listFiles(spoiled), readFrom(spoiled))).toEqual(['common/contract.js'])
  })

  it('knows no address but the backend’s, and fetches nothing from uni-app’s maker', () => {
    const scripts = listFiles(folder).filter((file) => file.endsWith('.js'))
    const hosts = scripts.flatMap((file) =>
      [...(readFrom(folder)(file) ?? '').matchAll(/https?:\/\/([^/"'`\s]+)/g)].map(([, host]) => host),
    )
    // The other one stands in the sentences of error messages.
    expect([...new Set(hosts)].sort()).toEqual(['api.example.com', 'vuejs.org'])
    expect(scripts.filter((file) => readFrom(folder)(file)?.includes('preloadAssets'))).toEqual([])
  })

  it('gives nobody a number: uni-app’s wrapper, which keeps a device id, is not in it', () => {
    const scripts = listFiles(folder).filter((file) => file.endsWith('.js'))
    const wrapped = /__DC_STAT_UUID|addInterceptor|uniIdHasRole/
    expect(scripts.filter((file) => wrapped.test(readFrom(folder)(file) ?? ''))).toEqual([])
  })
})

describe('the npm script', () => {
  it('puts the same files where UNI_OUTPUT_DIR says, and the environment’s app id into them', () => {
    const elsewhere = join(project.root, 'elsewhere/mp')
    const run = spawnSync('npm', ['run', 'build:mp-weixin'], {
      cwd: project.root,
      encoding: 'utf8',
      shell: process.platform === 'win32',
      env: {
        ...cleanEnvironment(),
        UNI_OUTPUT_DIR: elsewhere,
        // The environment outranks .env.production.local.
        VITE_API_BASE_URL: 'https://other.example.com',
        WECHAT_APPID: 'wx0123456789abcdef',
      },
    })
    expect(run.stderr + run.stdout).toContain('DONE')
    expect(run.status).toBe(0)
    // One file knows the address, one the app id.
    const changed = differingFiles(folder, elsewhere)
    expect(changed).toHaveLength(2)
    const read = readFrom(elsewhere)
    expect(JSON.parse(read('project.config.json') ?? '{}')).toMatchObject({ appid: 'wx0123456789abcdef' })
    expect(changed.map(read).join()).toContain('https://other.example.com')
    expect(readFileSync(join(project.root, 'manifest.json'), 'utf8')).toContain('wx1ead0be110000001')
  })
})

describe('HBuilderX', () => {
  it.each(['cli', 'created'] as const)('builds the npm script’s bytes from a %s project', async (mode) => {
    mkdirSync(join(project.root, 'unpackage'), { recursive: true })
    const outDir = join(project.root, 'unpackage/dist/build', mode)
    const { code, output } = await hbuilderx.build(mode, project.root, outDir)
    expect(output).toContain('DONE')
    expect(code).toBe(0)
    expect(differingFiles(folder, outDir)).toEqual([])
    expect(listFiles(outDir)).toHaveLength(listFiles(folder).length)
  })
})

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildMiniProgram, type BuildOptions } from '../../build/build-mini-program.ts'
import { fakeHBuilderX, type HBuilderX } from '../../build/hbuilderx-simulation.ts'
import { copyProject, type ProjectCopy } from '../../build/project-copy.ts'
import { cleanEnvironment, runUniCli } from '../../build/uni-cli.ts'

let project: ProjectCopy
let hbuilderx: HBuilderX

const at = (file: string) => join(project.root, file)
const read = (file: string) => readFileSync(at(file), 'utf8')
const outDir = () => at('out/mp-weixin')

function edit(file: string, from: string, to: string): void {
  const text = read(file)
  expect(text).toContain(from)
  writeFileSync(at(file), text.replace(from, to))
}

/** Builds and returns what the refusal said. */
async function refusal(options: Partial<BuildOptions> = {}): Promise<string> {
  const outcome = await buildMiniProgram({
    cwd: project.root,
    outDir: outDir(),
    apiBaseUrl: 'https://api.example.com',
    quiet: true,
    ...options,
  })
  expect(outcome.ok).toBe(false)
  return outcome.output
}

beforeEach(() => {
  project = copyProject()
})
afterEach(() => project.remove())

describe('the build stops and leaves nothing to upload', () => {
  afterEach(() => expect(existsSync(join(outDir(), 'app.json'))).toBe(false))

  it('when pages.json lists a page that has no file', async () => {
    renameSync(at('src/pages/clue/detail.vue'), at('src/pages/clue/gone.vue'))
    expect(await refusal()).toContain(
      'pages.json 里的页面 pages/clue/detail 没有对应的文件：请补上 src/pages/clue/detail.vue',
    )
  })

  it('when manifest.json’s app id is malformed', async () => {
    edit('manifest.json', 'wx1ead0be110000001', 'wx1ead')
    expect(await refusal()).toContain('manifest.json 的 mp-weixin.appid 里的 appid「wx1ead」不对')
  })

  it('when the address and the environment’s app id are malformed, before it compiles', async () => {
    const output = await refusal({ apiBaseUrl: 'http://api.example.com', env: { WECHAT_APPID: 'wx1' } })
    expect(output).toContain('接口地址 VITE_API_BASE_URL 「http://api.example.com」不是 https')
    expect(output).toContain('WECHAT_APPID 里的 appid「wx1」不对')
    expect(output).not.toContain('    at ')
  })

  it('when a rule of asking or the environment’s name is wrong, before it compiles', async () => {
    expect(await refusal({ env: { VITE_ASK_BELOW: '0' } })).toContain(
      'VITE_ASK_BELOW 「0」不对：请写 1 到 20',
    )
    expect(await refusal({ mode: 'tiral' })).toContain('没有 tiral 这个环境')
  })

  it('when the contract’s validators would reach the phone', async () => {
    edit(
      'src/main.ts',
      "import App from './App.vue'",
      "import App from './App.vue'\nimport { endpoints } from '@leadbell/contract'",
    )
    edit('src/main.ts', 'const app =', "uni.setStorageSync('endpoints', endpoints)\n  const app =")
    expect(await refusal()).toContain('小程序里混进了校验代码')
  })

  it('when both copies of a file were edited, naming both', async () => {
    edit('manifest.json', '新线索分配给谁', '甲')
    edit('src/manifest.json', '新线索分配给谁', '乙')
    expect(await refusal()).toMatch(/^manifest\.json 和 src\/manifest\.json 都改过[^\n]*$/)
    // By the compiler alone too, which is what HBuilderX calls.
    const env = { ...cleanEnvironment(), UNI_OUTPUT_DIR: outDir() }
    const { code, output } = await runUniCli({ project: project.root, env })
    expect(code).toBe(1)
    expect(output).toContain('manifest.json 和 src/manifest.json 都改过')
    expect(read('manifest.json')).toContain('甲')
    expect(read('src/manifest.json')).toContain('乙')
  })
})

it('a package over 2 MiB fails the build', async () => {
  mkdirSync(at('src/static'), { recursive: true })
  writeFileSync(at('src/static/film.bin'), Buffer.alloc(2 * 1024 * 1024))
  expect(await refusal()).toContain('超过微信的 2 MiB')
})

describe('HBuilderX, which reads manifest.json before this project has a say', () => {
  beforeAll(() => {
    hbuilderx = fakeHBuilderX()
  })
  afterAll(() => hbuilderx.remove())

  it.each([
    // Which folder it reads, and the edit it therefore misses.
    ['cli', 'manifest.json', 'src/manifest.json'],
    ['created', 'src/manifest.json', 'manifest.json'],
  ] as const)('in %s mode does not ship an old one after an edit of %s', async (mode, edited, other) => {
    edit(edited, 'wx1ead0be110000001', 'wx00000000000000ff')
    rmSync(outDir(), { recursive: true, force: true })
    const first = await hbuilderx.build(mode, project.root, outDir())
    expect(first.code).toBe(1)
    expect(first.output).toContain('请重新编译一次')
    expect(existsSync(join(outDir(), 'app.json'))).toBe(false)
    expect(read(other)).toContain('wx00000000000000ff')

    const second = await hbuilderx.build(mode, project.root, outDir())
    expect(second.code).toBe(0)
    expect(read('out/mp-weixin/project.config.json')).toContain('wx00000000000000ff')
  })
})

import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { buildMiniProgram } from './build-mini-program.ts'
import { listFiles } from './files.ts'
import { copyProject } from './project-copy.ts'
import { runUniCli } from './uni-cli.ts'

/**
 * HBuilderX runs the same compiler with another environment (recorded from 5.14 and 5.26):
 * - `cli`: a folder with package.json and src/, opened as a CLI project; the project's own compiler runs in the project.
 * - `created`: a folder taken for a project made in HBuilderX; its own compiler runs, and the root is the input.
 */
export type HBuilderXMode = 'cli' | 'created'

export interface HBuilderX {
  build(
    mode: HBuilderXMode,
    project: string,
    outDir: string,
  ): Promise<{ code: number | null; output: string }>
  remove(): void
}

/** A stand-in for an installed HBuilderX: its plugin folders, with this project's compiler in them. */
export function fakeHBuilderX(): HBuilderX {
  const home = mkdtempSync(join(realpathSync(tmpdir()), 'leadbell-hbuilderx-'))
  const plugins = join(home, 'plugins')
  const compiler = join(plugins, 'uniapp-cli-vite')
  const ours = resolve(import.meta.dirname, '..')
  mkdirSync(compiler, { recursive: true })
  mkdirSync(join(plugins, 'about'))
  // The compiler knows that it is in HBuilderX by this neighbour's name.
  writeFileSync(join(plugins, 'about/package.json'), '{ "name": "about" }')
  symlinkSync(join(ours, 'node_modules'), join(compiler, 'node_modules'), 'junction')
  // HBuilderX installs this plugin when a component declares its props by type; without it the compiler ends early.
  mkdirSync(join(plugins, 'compile-typescript'))
  symlinkSync(join(ours, 'node_modules'), join(plugins, 'compile-typescript/node_modules'), 'junction')
  // HBuilderX's closed helpers add Vite plugins of their own (encrypted modules, advertisements). What those would do
  // to the output cannot be simulated; here they do nothing.
  mkdirSync(join(plugins, 'uni_helpers/lib'), { recursive: true })
  writeFileSync(join(plugins, 'uni_helpers/lib/bytenode.js'), '')
  writeFileSync(
    join(plugins, 'uni_helpers/index.js'),
    "exports.UUVP = exports.V = () => ({ name: 'uni-helpers' })",
  )
  // Platform plugins are found by reading package.json.
  writeFileSync(join(compiler, 'package.json'), readFileSync(join(ours, 'package.json')))

  return {
    build(mode, project, outDir) {
      const common = {
        PATH: process.env.PATH ?? '',
        HOME: process.env.HOME ?? '',
        HBUILDER_EXTENSIONS_DIR: plugins,
        HX_Version: '5.14',
        NODE_ENV: 'production',
        UNI_PLATFORM: 'mp-weixin',
        UNI_OUTPUT_DIR: outDir,
        UNI_HBUILDERX_LANGID: 'zh_CN',
        UNI_CLOUD_SPACES: '[]',
      }
      if (mode === 'cli') {
        const env = {
          ...common,
          UNI_HBUILDERX_PLUGINS: plugins,
          RUN_BY_HBUILDERX: 'true',
          UNI_INPUT_DIR: join(project, 'src'),
        }
        return runUniCli({ project, env })
      }
      const env = {
        ...common,
        UNI_UTS_PLATFORM: 'mp-weixin',
        UNI_INPUT_DIR: project,
        HX_DEPENDENCIES_DIR: join(project, 'unpackage/cache/uts_cache'),
      }
      return runUniCli({ project: compiler, env })
    },
    remove: () => rmSync(home, { recursive: true, force: true }),
  }
}

/** Files that differ between two folders or are in one only. */
export function differingFiles(left: string, right: string): string[] {
  const names = new Set([...listFiles(left), ...listFiles(right)])
  const bytes = (folder: string, file: string) => {
    try {
      return readFileSync(join(folder, file))
    } catch {
      return null
    }
  }
  return [...names].filter((file) => {
    const [a, b] = [bytes(left, file), bytes(right, file)]
    return !a || !b || !a.equals(b)
  })
}

export interface Comparison {
  mode: HBuilderXMode
  /** The compiler's text when the build failed, else the files that are not the npm script's. */
  result: { built: true; differing: string[]; files: number } | { built: false; output: string }
}

/** Builds a copy of the project by npm script and in both HBuilderX modes, and compares the outputs byte by byte. */
export async function compareWithHBuilderX(): Promise<Comparison[]> {
  const copy = copyProject()
  const hbuilderx = fakeHBuilderX()
  try {
    const reference = join(copy.root, 'dist/build/mp-weixin')
    // HBuilderX gets its settings from the .env files; so must the reference.
    const apiBaseUrl =
      /^VITE_API_BASE_URL=(.*)$/m.exec(readFileSync(join(copy.root, '.env'), 'utf8'))?.[1] ?? ''
    const built = await buildMiniProgram({
      cwd: copy.root,
      outDir: reference,
      apiBaseUrl,
      env: { WECHAT_APPID: '' },
      quiet: true,
    })
    if (!built.ok) throw new Error(built.output)
    const comparisons: Comparison[] = []
    for (const mode of ['cli', 'created'] as const) {
      const outDir = join(copy.root, 'unpackage/dist/build', mode, 'mp-weixin')
      const { code, output } = await hbuilderx.build(mode, copy.root, outDir)
      comparisons.push({
        mode,
        result:
          code === 0 && existsSync(join(outDir, 'app.json'))
            ? { built: true, differing: differingFiles(reference, outDir), files: listFiles(outDir).length }
            : { built: false, output },
      })
    }
    return comparisons
  } finally {
    hbuilderx.remove()
    copy.remove()
  }
}

async function main(): Promise<void> {
  for (const { mode, result } of await compareWithHBuilderX()) {
    const name = mode === 'cli' ? 'HBuilderX 打开 CLI 项目' : 'HBuilderX 自建项目'
    if (!result.built) console.error(`${name}：编译失败\n${result.output}`)
    else if (result.differing.length) console.error(`${name}：与 npm 脚本不同 ${result.differing.join('、')}`)
    else console.log(`${name}：${result.files} 个文件与 npm 脚本逐字节相同。`)
    if (!result.built || result.differing.length) process.exitCode = 1
  }
}

if (process.argv[1] && resolve(process.argv[1]) === import.meta.filename) await main()

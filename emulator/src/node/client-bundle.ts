import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join, resolve } from 'node:path'
import type * as esbuild from 'esbuild'

export interface ClientFile {
  type: 'text/javascript' | 'text/css'
  text: string
}
type ClientFiles = ReadonlyMap<string, ClientFile>

/** The installed package has them built beside this code; the sources are bundled when they are asked for. */
const builtFolder = join(import.meta.dirname, 'client')

let made: Promise<ClientFiles> | undefined

/** 'phone.js', 'phone.css' and so on for 'desk' and 'beside', made once for this process and kept in memory. */
export function clientFiles(): Promise<ClientFiles> {
  made ??= existsSync(builtFolder) ? Promise.resolve(readBuilt()) : bundleSources()
  return made
}

const readBuilt = (): ClientFiles =>
  new Map(readdirSync(builtFolder).map((name) => fileOf(name, readFileSync(join(builtFolder, name), 'utf8'))))

const fileOf = (name: string, text: string): [string, ClientFile] => [
  name,
  { type: name.endsWith('.css') ? 'text/css' : 'text/javascript', text },
]

async function bundleSources(): Promise<ClientFiles> {
  const { outputFiles } = await bundleClient({ sourcemap: 'inline' })
  return new Map(outputFiles.map(({ path, text }) => fileOf(basename(path), text)))
}

/** The pages' code from its sources. @throws an Error whose message lists the mistakes by file and line */
export async function bundleClient(
  options: esbuild.BuildOptions = {},
): Promise<esbuild.BuildResult<{ write: false; metafile: true }>> {
  // only the sources need it: the installed package starts without
  const { build } = createRequire(import.meta.url)('esbuild') as typeof esbuild
  try {
    return await build({
      entryPoints: ['phone', 'desk', 'beside'].map((name) =>
        resolve(import.meta.dirname, `../client/${name}.ts`),
      ),
      bundle: true,
      format: 'esm',
      platform: 'browser',
      target: 'es2022',
      outdir: '/',
      // the server's, not a file beside the style sheet
      external: ['/app-icon'],
      logLevel: 'silent',
      define: { 'process.env.NODE_ENV': '"production"' },
      ...options,
      write: false,
      metafile: true,
    })
  } catch (error) {
    const { errors } = error as esbuild.BuildFailure
    const lines = (errors ?? []).map(
      ({ text, location }) => `${location ? `${location.file}:${location.line}: ` : ''}${text}`,
    )
    throw new Error(`模拟器的页面没有打包成功：\n${lines.join('\n') || String(error)}`, { cause: error })
  }
}

import { resolve } from 'node:path'
import { build, type BuildFailure } from 'esbuild'

export interface ClientFile {
  type: 'text/javascript' | 'text/css'
  text: string
}

const entries = ['phone', 'desk', 'beside'].map((name) =>
  resolve(import.meta.dirname, `../client/${name}.ts`),
)

let bundled: Promise<ReadonlyMap<string, ClientFile>> | undefined

/** 'phone.js', 'phone.css' and so on for 'desk' and 'beside', bundled once for this process and kept in memory. */
export function clientFiles(): Promise<ReadonlyMap<string, ClientFile>> {
  bundled ??= bundle()
  return bundled
}

async function bundle(): Promise<ReadonlyMap<string, ClientFile>> {
  try {
    const { outputFiles } = await build({
      entryPoints: entries,
      bundle: true,
      format: 'esm',
      platform: 'browser',
      target: 'es2022',
      outdir: '/',
      write: false,
      sourcemap: 'inline',
      logLevel: 'silent',
      define: { 'process.env.NODE_ENV': '"production"' },
    })
    return new Map(
      outputFiles.map(({ path, text }): [string, ClientFile] => [
        path.split(/[\\/]/).at(-1) ?? path,
        { type: path.endsWith('.css') ? 'text/css' : 'text/javascript', text },
      ]),
    )
  } catch (error) {
    const { errors } = error as BuildFailure
    const lines = (errors ?? []).map(
      ({ text, location }) => `${location ? `${location.file}:${location.line}: ` : ''}${text}`,
    )
    throw new Error(`模拟器的页面没有打包成功：\n${lines.join('\n') || String(error)}`, { cause: error })
  }
}

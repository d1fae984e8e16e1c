import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { build, type Metafile } from 'esbuild'
import { bundleClient } from './src/node/client-bundle.ts'

/** Makes dist/, what the package ships: node's side as bundles, the pages' code beside it, and the types. */
const at = (...path: string[]) => join(import.meta.dirname, ...path)
const dist = at('dist')

rmSync(dist, { recursive: true, force: true })
mkdirSync(at('dist', 'client'), { recursive: true })

await build({
  entryPoints: {
    cli: at('src/node/cli.ts'),
    cloud: at('src/node/cloud-main.ts'),
    index: at('src/index.ts'),
    control: at('src/control/index.ts'),
  },
  outdir: dist,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external',
})
const client = await bundleClient({ minify: true, legalComments: 'none' })
for (const { path, text } of client.outputFiles) writeFileSync(at('dist', 'client', basename(path)), text)
writeFileSync(at('dist', 'client-licenses.txt'), licensesOf(client.metafile))

const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
execFileSync(process.execPath, [tsc, '-p', at('tsconfig.build.json')], { stdio: 'inherit' })

/** The licenses of what is bundled into the pages' code: a bundle carries none itself. */
function licensesOf({ inputs }: Metafile): string {
  const folders = new Set(
    Object.keys(inputs).flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file) ?? []),
  )
  return [...folders]
    .map((folder) => {
      const license = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file))
      if (license === undefined || !existsSync(join(folder, 'package.json')))
        throw new Error(`no license in ${folder}`)
      const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
        name: string
        version: string
      }
      return `${name} ${version}\n\n${readFileSync(join(folder, license), 'utf8').trim()}\n`
    })
    .join(`\n${'-'.repeat(72)}\n\n`)
}

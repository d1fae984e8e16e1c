import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { build } from 'vite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { precompressed } from './precompressed.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'leadbell-precompressed-'))
})
afterEach(() => rm(home, { recursive: true }))

const long = `console.log(${JSON.stringify('线索铃'.repeat(400))})`

async function buildPage(script: string): Promise<string[]> {
  const root = join(home, 'page')
  const outDir = join(home, 'elsewhere')
  await mkdir(join(root, 'public'), { recursive: true })
  await writeFile(
    join(root, 'index.html'),
    `<!-- ${'x'.repeat(2000)} --><script type="module" src="/main.ts"></script>`,
  )
  await writeFile(join(root, 'main.ts'), script)
  await writeFile(join(root, 'public/mark.svg'), `<svg>${'<g/>'.repeat(500)}</svg>`)
  await writeFile(join(root, 'public/photo.png'), Buffer.alloc(4096))
  await build({ root, configFile: false, logLevel: 'silent', plugins: [precompressed()], build: { outDir } })
  return (await readdir(outDir, { recursive: true })).map((file) => file.replace(/-[\w-]{8}\./, '.')).sort()
}

it('a build into any folder has a compressed copy beside what is worth it', async () => {
  expect(await buildPage(long)).toEqual([
    'assets',
    'assets/index.js',
    'assets/index.js.br',
    'assets/index.js.gz',
    'index.html',
    'mark.svg',
    'mark.svg.br',
    'mark.svg.gz',
    'photo.png',
  ])
})

it('the copies hold the same', async () => {
  await buildPage(long)
  const folder = join(home, 'elsewhere/assets')
  const [name = ''] = await readdir(folder)
  const file = join(folder, name)
  const whole = await readFile(file)
  expect(brotliDecompressSync(await readFile(`${file}.br`))).toEqual(whole)
  expect(gunzipSync(await readFile(`${file}.gz`))).toEqual(whole)
})

it('what is small stays alone', async () => {
  expect(await buildPage('console.log(1)')).not.toContain('assets/index.js.br')
})

it('a build that fails says its own reason', async () => {
  await expect(buildPage('import "./nowhere.ts"')).rejects.toThrow(/nowhere/)
})

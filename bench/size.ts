/**
 * How big the mini-program is, beside the least that uni-app and Pinia come to, both built in this run.
 *   npm run bench            a table
 *   npm run bench -- --json  the same figures for a script
 */
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
import { dirname, join, posix, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { buildMiniProgram } from '../build/build-mini-program.ts'
import { listFiles } from '../build/files.ts'
import { cleanEnvironment, runUniCli } from '../build/uni-cli.ts'

const ROOT = resolve(import.meta.dirname, '..')

interface Size {
  raw: number
  /** Every file compressed on its own, added up. */
  gzip: number
}

type FileSizes = Map<string, Size>

function measure(folder: string): FileSizes {
  return new Map(
    listFiles(folder).map((file) => {
      const bytes = readFileSync(join(folder, file))
      return [file, { raw: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length }]
    }),
  )
}

function sum(sizes: FileSizes, names: Iterable<string> = sizes.keys()): Size {
  const total = { raw: 0, gzip: 0 }
  for (const name of names) {
    const size = sizes.get(name)
    if (!size) throw new Error(`no such file in the output: ${name}`)
    total.raw += size.raw
    total.gzip += size.gzip
  }
  return total
}

/** What a page needs before it can show: the app's own files, the page's, and every script these require. */
function filesFor(page: string, folder: string): Set<string> {
  const needed = new Set<string>()
  const add = (file: string): void => {
    if (needed.has(file) || !existsSync(join(folder, file))) return
    needed.add(file)
    if (!file.endsWith('.js')) return
    for (const [, id = ''] of readFileSync(join(folder, file), 'utf8').matchAll(/require\("(\.[^"]+)"\)/g)) {
      add(posix.join(posix.dirname(file), id))
    }
  }
  for (const name of ['app', page]) for (const type of ['js', 'json', 'wxss', 'wxml']) add(`${name}.${type}`)
  return needed
}

const page = (name: string) => `<script setup lang="ts">
import { useCounter } from '../../stores/counter'

const counter = useCounter()
</script>

<template>
  <view @tap="counter.add">${name} {{ counter.value }}</view>
</template>
`

/** Two trivial pages and one store, as a fresh uni-app project would hold them. */
const FLOOR: Record<string, string> = {
  'src/main.ts': `import { createPinia } from 'pinia'
import { createSSRApp } from 'vue'
import App from './App.vue'

export function createApp() {
  const app = createSSRApp(App)
  app.use(createPinia())
  return { app }
}
`,
  'src/App.vue': '<script lang="ts">\nexport default {}\n</script>\n',
  'src/stores/counter.ts': `import { defineStore } from 'pinia'
import { ref } from 'vue'

export const useCounter = defineStore('counter', () => {
  const value = ref(0)
  return { value, add: () => value.value++ }
})
`,
  'src/pages/first/first.vue': page('first'),
  'src/pages/second/second.vue': page('second'),
  'src/pages.json': JSON.stringify({
    pages: [{ path: 'pages/first/first' }, { path: 'pages/second/second' }],
  }),
  'src/manifest.json': JSON.stringify({
    name: 'floor',
    'mp-weixin': { appid: 'wx0000000000000000', usingComponents: true, setting: { minified: true } },
    uniStatistics: { enable: false },
    vueVersion: '3',
  }),
  'vite.config.ts': `import uni from '@dcloudio/vite-plugin-uni'
import { defineConfig } from 'vite'

export default defineConfig({ plugins: [uni()] })
`,
}

async function buildFloor(project: string): Promise<string> {
  for (const [file, text] of Object.entries(FLOOR)) {
    mkdirSync(dirname(join(project, file)), { recursive: true })
    writeFileSync(join(project, file), text)
  }
  writeFileSync(join(project, 'package.json'), readFileSync(join(ROOT, 'package.json')))
  symlinkSync(join(ROOT, 'node_modules'), join(project, 'node_modules'), 'junction')
  const outDir = join(project, 'out/floor')
  const { code, output } = await runUniCli({
    project,
    env: { ...cleanEnvironment(), UNI_OUTPUT_DIR: outDir },
  })
  if (code !== 0) throw new Error(output)
  return outDir
}

async function main(): Promise<void> {
  const home = mkdtempSync(join(realpathSync(tmpdir()), 'leadbell-size-'))
  try {
    const folder = join(home, 'out/mp-weixin')
    const built = await buildMiniProgram({
      outDir: folder,
      apiBaseUrl: 'https://api.example.com',
      quiet: true,
    })
    if (!built.ok) throw new Error(built.output)
    const sizes = measure(folder)
    const login = filesFor('pages/login/login', folder)
    const figures = {
      buildMs: built.ms,
      leadbell: { files: sizes.size, ...sum(sizes) },
      floor: sum(measure(await buildFloor(join(home, 'floor')))),
      loginPage: { files: login.size, ...sum(sizes, login) },
      largest: [...sizes]
        .map(([file, size]) => ({ file, ...size }))
        .sort((a, b) => b.raw - a.raw)
        .slice(0, 10),
    }
    console.log(process.argv.includes('--json') ? JSON.stringify(figures, null, 2) : table(figures))
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

interface Figures {
  buildMs: number
  leadbell: Size & { files: number }
  floor: Size
  loginPage: Size & { files: number }
  largest: (Size & { file: string })[]
}

function table({ buildMs, leadbell, floor, loginPage, largest }: Figures): string {
  const row = (name: string, { raw, gzip }: Size) =>
    `${name.padEnd(44)}${String(raw).padStart(10)}${String(gzip).padStart(10)}`
  const times = (a: number, b: number) => (a / b).toFixed(2)
  return [
    `mp-weixin, production, bytes${' '.repeat(16)}${'raw'.padStart(10)}${'gzip'.padStart(10)}`,
    row(`leadbell (${leadbell.files} files, built in ${(buildMs / 1000).toFixed(1)} s)`, leadbell),
    row('floor: two trivial pages, uni-app + Pinia', floor),
    `${'leadbell / floor'.padEnd(44)}${times(leadbell.raw, floor.raw).padStart(10)}${times(leadbell.gzip, floor.gzip).padStart(10)}`,
    row(`before the login page shows (${loginPage.files} files)`, loginPage),
    '',
    ...largest.map((entry) => row(entry.file, entry)),
  ].join('\n')
}

await main()

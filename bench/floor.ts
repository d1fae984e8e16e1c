import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { cleanEnvironment, runUniCli } from '../build/uni-cli.ts'

const ROOT = resolve(import.meta.dirname, '..')

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

/** Builds the least that uni-app and Pinia come to in an empty folder; resolves to the output's folder. */
export async function buildFloor(project: string): Promise<string> {
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

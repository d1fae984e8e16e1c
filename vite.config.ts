import { resolve } from 'node:path'
import uni from '@dcloudio/vite-plugin-uni'
import { defineConfig } from 'vite'
import { leadbell } from './build/vite-plugins.ts'

export default defineConfig(() => {
  // Three callers: the npm script and HBuilderX with a CLI project name src/ as the input, HBuilderX with a
  // project of its own names the root. The code is in src/ either way.
  const compilerRead = process.env.UNI_INPUT_DIR
  process.env.UNI_INPUT_DIR = resolve(__dirname, 'src')
  return {
    envDir: __dirname,
    // Pages use <script setup> only; without the options API vendor.js is 6 KB smaller.
    define: { __VUE_OPTIONS_API__: 'false' },
    plugins: [...leadbell(__dirname, compilerRead), uni()],
  }
})

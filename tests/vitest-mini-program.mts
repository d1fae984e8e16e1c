import { resolve } from 'node:path'
import vue from '@vitejs/plugin-vue'
import type { TestProjectInlineConfiguration } from 'vitest/config'

const at = (path: string) => resolve(import.meta.dirname, '..', path)

/** Tags a mini-program has and HTML does not: Vue must leave them alone. */
const hostTags = new Set(['page-meta', 'view', 'scroll-view', 'block'])

export const miniProgramPlugins = [
  vue({ template: { compilerOptions: { isCustomElement: (tag) => hostTags.has(tag) } } }),
]

/** Stores and pages of src/, mounted without the uni plugin: the compiler's work is proven on the built output. */
export const miniProgramProject: TestProjectInlineConfiguration = {
  resolve: { alias: { '@dcloudio/uni-app': at('tests/fakes/uni-app.ts'), '@': at('src') } },
  test: {
    name: 'mini-program',
    environment: 'happy-dom',
    include: ['tests/{api,stores,pages}/**/*.test.ts'],
    env: {
      VITE_API_BASE_URL: 'http://backend.test',
      VITE_TEMPLATE_PURPOSES: '',
      VITE_ASK_BELOW: '3',
      VITE_ASK_PAUSE_MINUTES: '240',
    },
    setupFiles: [at('tests/setup.ts')],
  },
}

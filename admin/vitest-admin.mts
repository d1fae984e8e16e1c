import vue from '@vitejs/plugin-vue'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import Components from 'unplugin-vue-components/vite'
import type { TestProjectInlineConfiguration } from 'vitest/config'

export const adminPlugins = [
  vue(),
  Components({ dirs: [], dts: false, resolvers: [ElementPlusResolver({ importStyle: false })] }),
]

/** Stores, pages and components with a backend that is played; against the real one they are in tests/story. */
export const adminProject: TestProjectInlineConfiguration = {
  publicDir: 'admin/public',
  test: {
    name: 'admin',
    environment: 'happy-dom',
    include: ['admin/**/*.test.ts'],
    setupFiles: ['admin/src/testing/setup.ts'],
    // its modules import styles, which Node cannot
    server: { deps: { inline: ['element-plus'] } },
    testTimeout: 20_000,
  },
}

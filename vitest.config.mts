import { createServer } from 'node:http'
import { resolve } from 'node:path'
import type { ResolvedConfig } from 'vite'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { adminPlugins, adminProject } from './admin/vitest-admin.mts'
import { miniProgramPlugins, miniProgramProject } from './tests/vitest-mini-program.mts'

const at = (path: string) => resolve(import.meta.dirname, path)
// Vitest runs a Vite per project and reloads nothing; without this each would listen on Vite's one port and complain.
const noHotReload = {
  name: 'no-hot-reload',
  configResolved(config: ResolvedConfig) {
    config.server.hmr = { server: createServer() }
  },
}
const nodeProject = (name: string, include: string[], more: TestProjectInlineConfiguration['test'] = {}) => ({
  plugins: [noHotReload],
  test: { name, include, environment: 'node', ...more },
})

const serverTests = ['server/**/*.test.ts']
const postgres = process.env.TEST_DATABASE_URL

// One project a room and an engine; scripts/test.ts brings up what they need and runs them all.
export default defineConfig({
  root: at('.'),
  plugins: [noHotReload],
  test: {
    // What passed has nothing to say.
    silent: 'passed-only',
    // Much of a run is waiting for servers and builds; one worker, the default on two cores, would wait in line.
    minWorkers: 1,
    maxWorkers: 2,
    projects: [
      { ...miniProgramProject, plugins: [...miniProgramPlugins, noHotReload] },
      { ...adminProject, plugins: [...adminPlugins, noHotReload] },
      nodeProject('contract', ['contract/**/*.test.ts']),
      nodeProject('server on PGlite', serverTests, {
        // what only PostgreSQL's own programs can do
        exclude: ['**/node_modules/**', '**/*.postgres.test.ts'],
        env: { TEST_ENGINE: 'pglite' },
        testTimeout: 20_000,
        hookTimeout: 60_000,
      }),
      ...(postgres
        ? [
            nodeProject('server on PostgreSQL', serverTests, {
              env: { TEST_ENGINE: 'postgres', TEST_DATABASE_URL: postgres },
              testTimeout: 20_000,
              hookTimeout: 60_000,
            }),
          ]
        : []),
      nodeProject('house', ['tests/house/**/*.test.ts'], { testTimeout: 60_000 }),
      nodeProject('emulator', ['emulator/**/*.test.ts'], { testTimeout: 20_000, hookTimeout: 60_000 }),
      // Its own process a file: exparser and wxs patch globals once.
      nodeProject('second opinion', ['tests/second-opinion/**/*.test.ts'], {
        globalSetup: ['tests/second-opinion/build.ts'],
        testTimeout: 60_000,
        hookTimeout: 120_000,
      }),
      // The first run builds them with their own tools; they are kept in node_modules/.cache.
      nodeProject('guests', ['tests/guests/**/*.test.ts'], {
        testTimeout: 120_000,
        hookTimeout: 900_000,
        poolOptions: { forks: { singleFork: true } },
      }),
      nodeProject('build', ['tests/build/**/*.test.ts'], { testTimeout: 180_000, hookTimeout: 180_000 }),
      nodeProject('storms', ['tests/storm/**/*.test.ts'], {
        testTimeout: 180_000,
        hookTimeout: 60_000,
        ...(postgres && { env: { TEST_DATABASE_URL: postgres } }),
      }),
      nodeProject('phone', ['tests/{built,story}/**/*.test.ts'], {
        globalSetup: ['tests/story/build-once.ts'],
        testTimeout: 60_000,
        hookTimeout: 120_000,
        // Two cores: one browser and one backend at a time.
        poolOptions: { forks: { singleFork: true } },
      }),
    ],
  },
})

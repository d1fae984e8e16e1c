import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { cleanEnvironment } from './uni-cli.ts'

const root = resolve(import.meta.dirname, '..')

/**
 * Builds the back office's page as `npm run build -w admin` does, into any folder; emptied first. As a process of its own:
 * in vitest's the production build would be none.
 * @throws Error with what Vite said
 */
export async function buildAdmin(outDir: string): Promise<void> {
  const vite = resolve(root, 'node_modules/vite/bin/vite.js')
  const args = [vite, 'build', '--outDir', resolve(root, outDir), '--emptyOutDir', '--logLevel', 'warn']
  try {
    await promisify(execFile)(process.execPath, args, {
      cwd: resolve(root, 'admin'),
      env: { ...cleanEnvironment(), NO_COLOR: '1' },
    })
  } catch (error) {
    const { stderr = '', stdout = '' } = error as { stderr?: string; stdout?: string }
    throw new Error(`后台页面没有构建成功 (the back office did not build)：\n${stdout}${stderr}`.trim(), {
      cause: error,
    })
  }
}

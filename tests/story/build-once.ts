import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { buildAdmin } from '../../build/build-admin.ts'
import { buildMiniProgram } from '../../build/build-mini-program.ts'
import { startBackend } from '../../scripts/backend.ts'
import { demo } from '../../scripts/demo.ts'
import { freePort } from '../../scripts/ports.ts'
import { ADMIN_TOKEN, BUILT_API_BASE_URL } from './world.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the mini-program as it was built for WeChat. */
    builtMiniProgram: string
    /** The folder of the back office's built page. */
    builtAdmin: string
    /** The data folder of a backend that was started once: an embedded database takes seconds to be born. */
    newDatabase: string
  }
}

/** One real build of each page and one new database for all tests of the built output and of the story. */
export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'leadbell-built-'))
  const [outDir, adminDir] = [join(folder, 'mp-weixin'), join(folder, 'admin')]
  const [build] = await Promise.all([
    buildMiniProgram({ outDir, apiBaseUrl: BUILT_API_BASE_URL, quiet: true }),
    buildAdmin(adminDir),
  ])
  if (!build.ok) throw new Error(build.output)
  project.provide('builtMiniProgram', outDir)
  project.provide('builtAdmin', adminDir)

  project.provide('newDatabase', await newDatabase(folder))
  return () => rmSync(folder, { recursive: true, force: true })
}

/** The data folder of a backend that was started once, for worlds to start from. */
export async function newDatabase(folder: string): Promise<string> {
  const dataDir = join(folder, 'pglite')
  const nowhere = `http://127.0.0.1:${await freePort()}`
  const env = demo.serverEnv({ port: await freePort(), wechatUrl: nowhere, dataDir, adminToken: ADMIN_TOKEN })
  await (await startBackend(env, join(folder, 'server.log'))).stop()
  return dataDir
}

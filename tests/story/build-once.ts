import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { buildMiniProgram } from '../../build/build-mini-program.ts'
import { BUILT_API_BASE_URL } from './world.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The folder of the mini-program as it was built for WeChat. */
    builtMiniProgram: string
  }
}

/** One real build for all tests of the built output and of the story. */
export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'leadbell-built-'))
  const build = await buildMiniProgram({
    outDir: join(folder, 'mp-weixin'),
    apiBaseUrl: BUILT_API_BASE_URL,
    quiet: true,
  })
  if (!build.ok) throw new Error(build.output)
  project.provide('builtMiniProgram', join(folder, 'mp-weixin'))
  return () => rmSync(folder, { recursive: true, force: true })
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { buildMiniProgram } from '../../build/build-mini-program.ts'

/** One real build for both hosts; no backend stands behind its address. */
export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'second-opinion-'))
  const outDir = join(folder, 'mp-weixin')
  const build = await buildMiniProgram({ outDir, apiBaseUrl: 'http://127.0.0.1:65001', quiet: true })
  if (!build.ok) throw new Error(build.output)
  project.provide('builtMiniProgram', outDir)
  return () => rmSync(folder, { recursive: true, force: true })
}

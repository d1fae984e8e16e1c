import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { Stop } from '../say.ts'
import { readBehaviours } from './behaviours.ts'
import type { Evidence } from './evidence.ts'
import { checklistPage } from './page.ts'

export const ROOT = resolve(import.meta.dirname, '../..')
export const CHECKLIST_PAGE = resolve(ROOT, 'docs/emulator-checklist.md')
const SOURCE = resolve(ROOT, 'docs/wechat-platform.md')

/** The page as it belongs into docs/, formatted like its neighbours. @throws Stop with everything that is missing */
export async function pageOf(evidence: readonly Evidence[]): Promise<string> {
  const page = (() => {
    try {
      return checklistPage(readBehaviours(readFileSync(SOURCE, 'utf8')), evidence)
    } catch (error) {
      throw new Stop(`清单不完整 (the checklist has gaps):\n${(error as Error).message}`)
    }
  })()
  return format(page, { ...(await resolveConfig(CHECKLIST_PAGE)), parser: 'markdown' })
}

/** Holds docs/emulator-checklist.md against the tests that ran. @throws Stop */
export async function holdChecklist(evidence: readonly Evidence[]): Promise<void> {
  if ((await pageOf(evidence)) !== readFileSync(CHECKLIST_PAGE, 'utf8'))
    throw new Stop(
      'docs/emulator-checklist.md 和测试不一致，请运行 npm run checklist (not what the tests say)',
    )
}

import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { evidenceOfListing, type Listing } from './checklist/evidence.ts'
import { CHECKLIST_PAGE, ROOT, pageOf } from './checklist/files.ts'
import { run, say } from './say.ts'

/** Whose tests may bear the checklist's numbers. */
const projects = ['emulator', 'phone', 'second opinion']

// Writes docs/emulator-checklist.md from the titles of the tests there are; npm test holds it against those that ran.

run(async () => {
  const listing = execFileSync(
    process.execPath,
    [
      `${ROOT}/node_modules/vitest/vitest.mjs`,
      'list',
      '--json',
      ...projects.map((name) => `--project=${name}`),
    ],
    { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const tests = JSON.parse(listing.slice(listing.indexOf('['))) as Listing
  writeFileSync(CHECKLIST_PAGE, await pageOf(evidenceOfListing(tests, ROOT)))
  say(`写好了 (written): ${CHECKLIST_PAGE}`)
})

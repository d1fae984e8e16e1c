// @vitest-environment jsdom
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { inBothHosts } from './in-both-hosts.ts'
import { limits } from './limits.ts'
import { playOn, type HostName } from './play.ts'
import { texts } from './shown.ts'

inBothHosts()

const folder = mkdtempSync(join(tmpdir(), 'second-opinion-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Every entry of the list is a difference that is there: one that is gone has to go from the list. */
test.each(limits)('$name: $right', async ({ name, files, tap, ours, theirs }) => {
  const dist = join(folder, encodeURIComponent(name).slice(0, 60))
  const all = {
    'app.json': '{ "pages": ["page"] }',
    'app.js': 'App({})',
    'page.json': '{ "usingComponents": {} }',
    ...files,
  }
  for (const [file, text] of Object.entries(all)) {
    mkdirSync(dirname(join(dist, file)), { recursive: true })
    writeFileSync(join(dist, file), text)
  }
  const shownBy = async (host: HostName) => {
    let shown: string[] = []
    await playOn(
      host,
      () => ({}),
      'page',
      async (player) => {
        if (tap !== undefined) await player.tap(tap)
        shown = texts(player.shown)
      },
      dist,
    )
    return shown.join('|')
  }
  expect({ ours: await shownBy('emulator'), theirs: await shownBy('exparser') }).toEqual({ ours, theirs })
})

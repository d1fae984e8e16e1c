// @vitest-environment jsdom
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { subPackagesOf } from '../../emulator/src/client/sub-packages.ts'
import { inBothHosts } from './in-both-hosts.ts'
import { playOn } from './play.ts'
import { states } from './states.ts'

inBothHosts()

test('every page of the build is among the states', () => {
  const text = readFileSync(join(inject('builtMiniProgram'), 'app.json'), 'utf8')
  const app = JSON.parse(text) as Record<string, unknown> & { pages: string[] }
  const pages = [...app.pages, ...subPackagesOf(app).flatMap((part) => part.pages)]
  expect(new Set(states.map(({ url }) => url.split('?')[0]))).toEqual(new Set(pages))
})

describe.each(states)('$name', ({ url, given, script }) => {
  test('both hosts show the same and are asked for the same', async () => {
    const whole: typeof script = async (player) => {
      await script?.(player)
      player.see('in the end')
    }
    const [ours, theirs] = [
      await playOn('emulator', given, url, whole),
      await playOn('exparser', given, url, whole),
    ]
    expect(ours.errors).toEqual([])
    expect(theirs.errors).toEqual([])
    for (const [name, seen] of Object.entries(ours.seen)) expect(theirs.seen[name], name).toBe(seen)
    expect(theirs.calls).toEqual(ours.calls)
  })
})

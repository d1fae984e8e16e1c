// @vitest-environment jsdom
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { inBothHosts } from './in-both-hosts.ts'
import { playOn } from './play.ts'

inBothHosts()

const dist = mkdtempSync(join(tmpdir(), 'expressions-'))
afterAll(() => rmSync(dist, { recursive: true, force: true }))

const values = [
  ...["''", "'s'", "'0'", '0', '7', '1.5', '-3', '-0', '1e21', 'NaN'],
  ...['true', 'false', 'null', '{}', '{ x: 1 }', '[]', '[1, 2]', "['']"],
]
/** `v` stands for each value, and once for a field that the page has not. */
const expressions = [
  ...['{{v}}', 'a{{v}}', '{{v}}{{v}}', "{{v + ''}}", '{{1 + v}}', '{{v + 1}}', '{{-v}}'],
  ...['{{!v}}', "{{v ? 't' : 'f'}}", '{{v && 1}}', "{{v || 'or'}}", '{{v == 1}}', '{{v === 0}}', '{{v > 0}}'],
  ...['{{v.x}}', '{{v.x.y}}', '{{v[0]}}', '{{v.length}}', '{{[v].length}}', '{{v == null}}'],
]

test('every operator on every kind of value comes to the same words, classes and data', async () => {
  const fields = [...values.map((_, n) => `f${n}`), 'missing']
  const wxml = fields
    .flatMap((field) =>
      expressions.map((expression) => {
        const written = expression.replace(/\bv\b/g, field)
        const name = `${expression} of ${values[fields.indexOf(field)] ?? field}`.replaceAll('"', '')
        return `<text data-of="${name.replace(/[{}]/g, '')}">${written}</text>`
      }),
    )
    .join('\n')
  writeFileSync(join(dist, 'app.json'), '{ "pages": ["page"] }')
  writeFileSync(join(dist, 'app.js'), 'App({})')
  writeFileSync(join(dist, 'page.json'), '{ "usingComponents": {} }')
  writeFileSync(join(dist, 'page.wxml'), wxml)
  const data = values.map((value, n) => `f${n}: ${value}`).join(', ')
  writeFileSync(join(dist, 'page.js'), `Component({ data: { ${data} } })`)

  const see = (host: 'emulator' | 'exparser') =>
    playOn(
      host,
      () => ({}),
      'page',
      async (player) => player.see('all'),
      dist,
    )
  const [ours, theirs] = [await see('emulator'), await see('exparser')]
  expect(theirs.seen.all).toContain('v.length of [1, 2]')
  expect(theirs.seen.all).toBe(ours.seen.all)
})

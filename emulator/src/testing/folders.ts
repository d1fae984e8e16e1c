import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'

/** The smallest built mini-program: one login page and the page that messages open. */
export const smallProgram: Readonly<Record<string, string>> = {
  'app.js': 'App({})',
  'app.json': JSON.stringify({ pages: ['pages/login/login', 'pages/clue/detail'] }),
  'project.config.json': JSON.stringify({ appid: 'wx1ead0be110000001' }),
  ...page('pages/login/login'),
  ...page('pages/clue/detail'),
}

export function page(path: string, wxml = '<view class="a">hello</view>'): Record<string, string> {
  return { [`${path}.js`]: 'Page({})', [`${path}.json`]: '{}', [`${path}.wxml`]: wxml }
}

/** A temporary folder with these files, gone when the test is. */
export function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'leadbell-emulator-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  putFiles(folder, files)
  return folder
}

export function putFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
}

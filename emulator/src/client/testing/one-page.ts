import type { Files } from './compile.ts'

/** A mini-program of one page, whose `Page({…})` body and wxml are given. `log` is `globalThis.testLog`. */
export const onePage = (members: string, wxml: string, more: Files = {}): Files => ({
  'app.json': JSON.stringify({ pages: ['pages/a'] }),
  'pages/a.js': `const log = globalThis.testLog; Page({ ${members} })`,
  'pages/a.json': '{}',
  'pages/a.wxml': wxml,
  ...more,
})

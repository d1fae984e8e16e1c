import type { Entry, Source } from './entries.ts'

export interface LogFilter {
  source: Source | 'all' | 'bad'
  text: string
  /** Calls that tell nothing too. */
  quiet: boolean
}

export const wholeLog: LogFilter = { source: 'all', text: '', quiet: false }

export function matches(entry: Entry, { source, text, quiet }: LogFilter): boolean {
  if (source === 'bad' && !entry.isBad) return false
  if (source !== 'bad' && source !== 'all' && entry.source !== source) return false
  if (entry.isQuiet && !quiet && !entry.isBad) return false
  const wanted = text.trim().toLowerCase()
  return wanted === '' || textOf(entry).toLowerCase().includes(wanted)
}

const timeOf = (at: number) => {
  const date = new Date(at)
  return `${date.toLocaleTimeString('zh-CN', { hour12: false })}.${String(date.getMilliseconds()).padStart(3, '0')}`
}
const sourceWords = { wx: '小程序', server: '服务器', push: '推送' } as const

/** One entry as a person reads it in a file: a line, and what can be unfolded below. */
export function textOf({ at, source, name, about, marks, advice, parts }: Entry): string {
  const words = [timeOf(at), sourceWords[source], name, ...marks.map(({ word }) => `[${word}]`), about]
  return [
    words.filter(Boolean).join(' '),
    ...(advice === undefined ? [] : [`    ${advice}`]),
    ...parts.map(
      ({ title, value }) => `    ${title} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
    ),
  ].join('\n')
}

/** Oldest first, as a file is read. */
export const logAsText = (entries: readonly Entry[]): string =>
  entries.map((entry) => `${textOf(entry)}\n`).join('')

/** Newest first; what happened at one moment stays in its order. */
export const newestFirst = (entries: readonly Entry[]): Entry[] =>
  entries
    .map((entry, n) => ({ entry, n }))
    .sort((a, b) => b.entry.at - a.entry.at || b.n - a.n)
    .map(({ entry }) => entry)

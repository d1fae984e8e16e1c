/** One line of the table. `ceiling` is what it is held against, measured in the same run. */
export interface Line {
  what: string
  figure: string
  ceiling: string
  ratio?: number
  goal?: string
  ok?: boolean
}

/** Markdown, padded so that a terminal shows it as well. */
export function table(lines: readonly Line[]): string {
  const rows = [
    ['', 'Leadbell', 'beside', 'ratio', 'goal', ''],
    ...lines.map(({ what, figure, ceiling, ratio, goal, ok }) => [
      what.replace(/^ +/, '· '),
      figure,
      ceiling,
      ratio === undefined ? '' : ratio.toFixed(2),
      goal ?? '',
      ok === undefined ? '' : ok ? '✓' : '✗',
    ]),
  ]
  const widths = [0, 1, 2, 3, 4, 5].map((column) =>
    Math.max(3, ...rows.map((row) => (row[column] ?? '').length)),
  )
  const format = (row: string[]) =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  const [head = [], ...body] = rows
  return [format(head), rule, ...body.map(format)].join('\n')
}

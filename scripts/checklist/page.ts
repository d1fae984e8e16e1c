import { clientProfiles, platforms, type Platform } from '../../emulator/src/profiles.ts'
import type { Behaviour } from './behaviours.ts'
import type { Evidence } from './evidence.ts'
import { defaultOf, openOptions } from './options.ts'

/**
 * docs/emulator-checklist.md: every behaviour with the tests that hold it.
 * @throws Error naming each behaviour that no passed test bears, each open one without an option, and each number
 *   that the checklist does not have
 */
export function checklistPage(behaviours: readonly Behaviour[], evidence: readonly Evidence[]): string {
  const testsOf = (number: string) => evidence.filter(({ numbers }) => numbers.includes(number))
  const known = new Set(behaviours.map(({ number }) => number))
  const wrong = [
    ...behaviours.flatMap(({ number, isOpen }) => [
      ...(testsOf(number).length === 0 ? [`${number}: no test bears this number`] : []),
      ...(isOpen && !openOptions[number]
        ? [`${number}: the sources leave it open, and no option answers it`]
        : []),
    ]),
    ...evidence.flatMap(({ passed, numbers, title }) =>
      passed ? [] : [`${numbers.join(' ')}: did not pass: ${title}`],
    ),
    ...evidence.flatMap(({ numbers, file }) =>
      numbers
        .filter((number) => !known.has(number))
        .map((number) => `${number}: not in the checklist (${file})`),
    ),
  ]
  if (wrong.length > 0) throw new Error(wrong.join('\n'))

  const groups = [...new Set(behaviours.map(({ group }) => group))]
  const section = (group: string) => [
    `## ${group}`,
    '',
    ...behaviours
      .filter((behaviour) => behaviour.group === group)
      .flatMap(({ number, text }) => [
        `### ${number}`,
        '',
        text,
        '',
        ...(openOptions[number] ?? []).map(
          (option) => `- ⚙ \`${option}\`, by default \`${defaultOf(option)}\``,
        ),
        ...testLines(testsOf(number)),
        '',
      ]),
  ]
  return [
    '# What of WeChat the emulator reproduces',
    '',
    '<!-- Written by `npm run checklist` from the titles of the tests; `npm test` fails when a test is missing, fails or is not listed. -->',
    '',
    `All ${behaviours.length} behaviours of the [checklist](wechat-platform.md), held by ${evidence.length} tests, none skipped.`,
    'Written by `npm run checklist` from the tests; `npm test` fails when one of them is missing or does not pass.',
    '⚙ marks what the sources leave open: a named option, with its default.',
    '',
    '## Platforms',
    '',
    'A phone’s platform answers the open questions of the client together; `strict`, the default, is the intersection of all sources.',
    '',
    `| \`clientProfile\` | ${platforms.join(' | ')} |`,
    `| --- |${' --- |'.repeat(platforms.length)}`,
    ...Object.keys(clientProfiles.strict).map(
      (name) => `| \`${name}\` | ${platforms.map((platform) => answerOf(platform, name)).join(' | ')} |`,
    ),
    '',
    ...groups.flatMap(section),
  ]
    .join('\n')
    .replace(/\n+$/, '\n')
}

function answerOf(platform: Platform, name: string): string {
  const answer: unknown = new Map<string, unknown>(Object.entries(clientProfiles[platform])).get(name)
  return typeof answer === 'object' ? clientProfiles[platform].device.system : String(answer)
}

/** One line a test; the same one for each platform, or for several values, is one line with its count. */
function testLines(tests: readonly Evidence[]): string[] {
  const counts = new Map<string, number>()
  for (const { title, file } of tests) {
    const line = `- ✓ ${escaped(title.replace(variant, ''))} ([${shortName(file)}](../${file}))`
    counts.set(line, (counts.get(line) ?? 0) + 1)
  }
  return [...counts].map(([line, count]) => (count === 1 ? line : `${line} × ${count}`))
}

const variant = new RegExp(`( on|:) (${platforms.join('|')})$| \\('(${platforms.join('|')})'.*\\)$`)
const escaped = (text: string) => text.replace(/[\\`*_<>[\]]/g, '\\$&')
const shortName = (file: string) => file.replace(/^.*\//, '').replace(/\.test\.ts$/, '')

import { relative } from 'node:path'

/** A test whose title, or whose describe's title, begins with numbers of the checklist. */
export interface Evidence {
  numbers: string[]
  /** Without the numbers. */
  title: string
  /** From the project's root. */
  file: string
  passed: boolean
}

interface NamedTest {
  /** Outermost first. */
  titles: string[]
  file: string
  passed: boolean
}

/** vitest's JSON report, as far as it is read here. */
export interface Report {
  testResults: {
    name: string
    assertionResults: { ancestorTitles: string[]; title: string; status: string }[]
  }[]
}

/** What `vitest list --json` prints. */
export type Listing = { name: string; file: string }[]

/** The tests that ran. */
export const evidenceOfReport = (report: Report, root: string): Evidence[] =>
  evidence(
    report.testResults.flatMap(({ name, assertionResults }) =>
      assertionResults.map(({ ancestorTitles, title, status }) => ({
        titles: [...ancestorTitles, title],
        file: relative(root, name),
        passed: status === 'passed',
      })),
    ),
  )

/** The tests that there are; whether they pass is another question. */
export const evidenceOfListing = (listing: Listing, root: string): Evidence[] =>
  evidence(
    listing.map(({ name, file }) => ({
      titles: name.split(' > '),
      file: relative(root, file),
      passed: true,
    })),
  )

const NUMBERS = /^((?:H\d+ )+)(.*)$/s

function evidence(tests: NamedTest[]): Evidence[] {
  return tests
    .flatMap(({ titles, file, passed }) => {
      const numbers = titles.flatMap((title) => NUMBERS.exec(title)?.[1]?.trim().split(' ') ?? [])
      if (numbers.length === 0) return []
      const title = titles
        .filter((part, at) => at === titles.length - 1 || NUMBERS.test(part))
        .map((part) => NUMBERS.exec(part)?.[2] ?? part)
        .join(': ')
      return [{ numbers: [...new Set(numbers)], title, file, passed }]
    })
    .sort((a, b) => compare(a.file, b.file) || compare(a.title, b.title))
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

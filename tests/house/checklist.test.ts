import { describe, expect, it } from 'vitest'
import { readBehaviours } from '../../scripts/checklist/behaviours.ts'
import { evidenceOfListing, evidenceOfReport } from '../../scripts/checklist/evidence.ts'
import { checklistPage } from '../../scripts/checklist/page.ts'

const document = (...lines: string[]) =>
  [
    '## 13. Sources',
    '- H1 not this one',
    '## 14. Host behaviours',
    '',
    ...lines,
    '',
    '## 15. More',
    '- H9 x',
  ].join('\n')

const behaviours = readBehaviours(
  document(
    '**Tap state**',
    '- H1 a tap has it',
    '**Panel**',
    '- H2 it shows',
    '- H3 it closes',
    '- H4 ⚙ who knows',
  ),
)

const report = (...tests: [string, string][]) =>
  evidenceOfReport(
    {
      testResults: [
        {
          name: '/house/emulator/src/taps.test.ts',
          assertionResults: tests.map(([title, status]) => ({ ancestorTitles: ['taps'], title, status })),
        },
      ],
    },
    '/house',
  )

describe('the checklist’s behaviours', () => {
  it('are read from section 14, with their headings and their open ones', () => {
    expect(behaviours.map(({ number, group, isOpen }) => [number, group, isOpen])).toEqual([
      ['H1', 'Tap state', false],
      ['H2', 'Panel', false],
      ['H3', 'Panel', false],
      ['H4', 'Panel', true],
    ])
  })

  it('must have no gap', () => {
    expect(() => readBehaviours(document('- H1 a', '- H3 b'))).toThrow('H3 follows H1')
    expect(() => readBehaviours(document())).toThrow('no behaviours')
    expect(() => readBehaviours('# nothing')).toThrow('no section 14')
  })
})

describe('the tests that bear a number', () => {
  it('are found by the beginning of their title, or of the describe around them', () => {
    const found = evidenceOfListing(
      [
        { name: 'taps > H1 H2 a press has it', file: '/house/a.test.ts' },
        { name: 'H3 panel > closes', file: '/house/b.test.ts' },
        { name: 'about H1 in passing', file: '/house/c.test.ts' },
      ],
      '/house',
    )
    expect(found).toEqual([
      { numbers: ['H1', 'H2'], title: 'a press has it', file: 'a.test.ts', passed: true },
      { numbers: ['H3'], title: 'panel: closes', file: 'b.test.ts', passed: true },
    ])
  })

  it('are the same in a listing and in a report', () => {
    const listed = evidenceOfListing(
      [{ name: 'taps > H1 a press has it', file: '/house/emulator/src/taps.test.ts' }],
      '/house',
    )
    expect(report(['H1 a press has it', 'passed'])).toEqual(listed)
  })
})

describe('the page', () => {
  const all: [string, string][] = [
    ['H1 a press has it', 'passed'],
    ['H2 H3 the panel shows and closes', 'passed'],
    ['H4 both ways', 'passed'],
  ]

  it('lists every behaviour with its tests and its option', () => {
    const page = checklistPage(behaviours, report(...all))
    expect(page).toContain('All 4 behaviours')
    expect(page).toContain(
      '### H3\n\nit closes\n\n- ✓ the panel shows and closes ([taps](../emulator/src/taps.test.ts))',
    )
    expect(page).toContain('- ⚙ `clientProfile.microtasks`, by default `"lost"`')
  })

  it('names a test that runs for each platform once', () => {
    const page = checklistPage(
      behaviours,
      report(
        ...all,
        ['H1 taps on android', 'passed'],
        ['H1 taps on ios', 'passed'],
        ['H1 taps on sand', 'passed'],
      ),
    )
    expect(page).toContain('- ✓ taps ([taps](../emulator/src/taps.test.ts)) × 2')
    expect(page).toContain('- ✓ taps on sand ([taps]')
  })

  it('is not written when a behaviour has no test, or its test did not pass', () => {
    expect(() => checklistPage(behaviours, report(...all.slice(1)))).toThrow('H1: no test bears this number')
    expect(() => checklistPage(behaviours, report(...all.slice(1), ['H1 a press has it', 'failed']))).toThrow(
      'H1: did not pass: a press has it',
    )
    expect(() => checklistPage(behaviours, report(...all, ['H1 left out', 'skipped']))).toThrow(
      'did not pass',
    )
  })

  it('is not written when an open behaviour has no option, or a test bears a number that is none', () => {
    expect(() =>
      checklistPage(
        behaviours.map((behaviour) => ({ ...behaviour, isOpen: true })),
        report(...all),
      ),
    ).toThrow('H1: the sources leave it open')
    expect(() => checklistPage(behaviours, report(...all, ['H77 what', 'passed']))).toThrow(
      'H77: not in the checklist (emulator/src/taps.test.ts)',
    )
  })
})

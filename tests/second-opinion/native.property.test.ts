// @vitest-environment jsdom
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inBothHosts } from './in-both-hosts.ts'
import { playOn, type HostName } from './play.ts'
import { allElements } from './shown.ts'

inBothHosts()

/** A hand-written mini-program with what templates and components can do: no uni-app in it. */
const dist = join(import.meta.dirname, 'native')

const text = fc.constantFrom('', 'a', 'hello', '<b>&amp;', '  spaced ', '中文', '0', 'null', '{{x}}')
const mode = fc.constantFrom('one', 'two', 'three')
const count = fc.integer({ min: 0, max: 4 })
const deep = fc.record({ a: fc.record({ b: text, c: text }) })

type Several = (from: string[]) => fc.Arbitrary<string[]>

/** What a setData may carry; `several` draws the rows of a list, and each row's tags. */
function setting(several: Several): fc.Arbitrary<Step> {
  const tags = several(['x', 'y', 'z'])
  const row = (id: string) => fc.record({ id: fc.constant(id), name: text, tags })
  const list = several(['i0', 'i1', 'i2', 'i3', 'i4']).chain((ids) => fc.tuple(...ids.map(row)))
  const whole = fc.record({ text, count, flag: fc.boolean(), mode, list, deep }, { requiredKeys: [] })
  const paths = fc.record(
    {
      'deep.a.b': text,
      'deep.a': fc.record({ b: text, c: text }),
      'deep.more': text,
      'list[0].name': text,
      'list[1].tags': tags,
    },
    { requiredKeys: [] },
  )
  return fc.oneof(whole, paths).map((setData) => ({ setData }))
}
const tapping: fc.Arbitrary<Step> = fc.nat(20).map((tap) => ({ tap }))

type Step = { setData: Record<string, unknown> } | { tap: number }
interface Page {
  data: { list: unknown[]; [field: string]: unknown }
  setData(data: Record<string, unknown>): void
  takeLog(): unknown[]
}

/** A path into a row that is not there would make one without an id. */
const within = (data: Record<string, unknown>, { length }: { length: number }) =>
  Object.fromEntries(
    Object.entries(data).filter(([path]) => Number(/^list\[(\d)/.exec(path)?.[1] ?? -1) < length),
  )

type Entry = [what: string, ...details: unknown[]]

/** In which order the rows of one step come, change and go is the differ's business: see limits.ts. */
function rowsLast(log: Entry[]): Entry[] {
  const isOfRow = ([what]: Entry) => what.startsWith('item ')
  const ofRows = log.filter(isOfRow).map((entry) => JSON.stringify(entry))
  return [
    ...log.filter((entry) => !isOfRow(entry)),
    ...ofRows.sort().map((entry) => JSON.parse(entry) as Entry),
  ]
}

/** One framework's observers hear of a property set to what it was, the other's do not: see limits.ts. */
function withoutRepeats() {
  let last = ''
  return (entry: Entry): boolean => {
    if (entry[0] !== 'card observed') return true
    const before = last
    last = JSON.stringify(entry)
    return last !== before
  }
}

/** Plays the steps on a page that begins with `data`, and looks at it and at its log after each. */
async function run(host: HostName, steps: readonly Step[], data?: unknown) {
  const logs: Entry[][] = []
  const isNews = withoutRepeats()
  let left: unknown
  const report = await playOn(
    host,
    () => ({ storage: { data } }),
    'pages/native',
    async (player) => {
      const page = player.page() as unknown as Page
      const look = (name: string) => {
        player.see(name)
        const entries = JSON.parse(JSON.stringify(page.takeLog())) as Entry[]
        logs.push(rowsLast(entries.filter(isNews)))
      }
      look('at first')
      for (const [n, step] of steps.entries()) {
        if ('tap' in step) {
          const targets = [...allElements(player.shown)].filter(({ tag }) => tag === 'text' || tag === 'view')
          const target = targets[step.tap % targets.length]
          if (target) await player.dispatchTap(target.dom)
        } else page.setData(structuredClone(within(step.setData, page.data.list)))
        await player.settle()
        look(`after step ${n}`)
      }
      player.see('in the end')
      left = JSON.parse(JSON.stringify(page.data))
    },
    dist,
  )
  return { ...report, logs, left }
}

test('however the emulator came to a page’s data, it shows what the other host makes of that data at once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(setting(fc.shuffledSubarray), { minLength: 1, maxLength: 6 }),
      async (steps) => {
        const ours = await run('emulator', steps)
        const theirs = await run('exparser', [], ours.left)
        expect(theirs.seen['in the end']).toBe(ours.seen['in the end'])
        expect(ours.errors).toEqual([])
        expect(theirs.errors).toEqual([])
      },
    ),
    { numRuns: 20 },
  )
})

test('step by step, lists in their order, both hosts show the same and tell the app the same', async () => {
  const step = fc.oneof({ weight: 4, arbitrary: setting(fc.subarray) }, { weight: 1, arbitrary: tapping })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 5 }), async (steps) => {
      const [ours, theirs] = [await run('emulator', steps), await run('exparser', steps)]
      for (const [name, seen] of Object.entries(ours.seen)) expect(theirs.seen[name], name).toBe(seen)
      expect(theirs.logs).toEqual(ours.logs)
      expect(ours.errors).toEqual([])
      expect(theirs.errors).toEqual([])
    }),
    { numRuns: 20 },
  )
})

import { expect, it } from 'vitest'
import { assignLeads, PAGE_SIZE, SET_DATA_BUDGET, walk } from '../../bench/set-data-figures.ts'
import { useWorld } from '../story/use-world.ts'

const PAGES = 8
const world = useWorld()

it('no setData is large, and a page far down costs as much as the second', async () => {
  await assignLeads(world, PAGES * PAGE_SIZE)
  const steps = await walk(world, PAGES)
  for (const { step, largest } of steps) expect(largest, step).toBeLessThan(SET_DATA_BUDGET)

  // From the fourth page on one block of rows leaves for each that comes.
  const pages = steps.filter(({ step }) => step.startsWith('page'))
  const bytes = pages.map((page) => page.bytes)
  expect(bytes).toHaveLength(PAGES - 1)
  for (const more of bytes) expect(more).toBeLessThan(1.5 * Math.max(...bytes.slice(0, 3)))
})

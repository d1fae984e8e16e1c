import type { AdminClue } from '@leadbell/contract'
import { describe, expect, it, vi } from 'vitest'
import { settle } from '../../testing/open.ts'
import { leads, openClues, playClues } from './testing/clues-page.ts'
import { MOST_SELECTED, useSelection } from './useSelection.ts'

const { seen } = vi.hoisted(() => ({ seen: { clues: [] as AdminClue[], finish: (_ids: string[]) => {} } }))
vi.mock('./AssignDialog.vue', () => ({
  __esModule: true,
  default: {
    props: { clues: Array, open: Boolean },
    emits: ['done', 'update:open'],
    setup(props: { clues: AdminClue[] }, { emit }: { emit: (name: string, said: unknown) => void }) {
      seen.clues = props.clues
      seen.finish = (assigned) => {
        emit('update:open', false)
        emit('done', { assigned })
      }
      return () => null
    },
  },
}))

const chosenText = () => document.querySelector('.bar [role=status]')?.textContent?.trim()

describe('what is chosen', () => {
  it('stays over pages and live readings, with the version that was seen last', async () => {
    const played = playClues(leads(4), 2)
    const { page, rows, button, change, chosen } = await openClues()
    expect(chosenText()).toBeUndefined()
    await rows()[1]?.get('input').setValue(true)
    button('下一页').click()
    await settle()
    expect(chosen()).toEqual([])
    await rows()[0]?.get('input').setValue(true)
    expect(chosenText()).toBe('已选 2 条')

    played.clues = leads(4).map((clue) => ({ ...clue, version: 5 }))
    await change()
    expect(chosen()).toEqual([0])
    await page.get('.bar button').trigger('click')
    await settle()
    // lead 2 is on another page and was not seen again
    expect(seen.clues.map(({ id, version }) => [id, version])).toEqual([
      ['2', 1],
      ['3', 5],
    ])
    button('上一页').click()
    await settle()
    expect(chosen()).toEqual([1])
  })

  it('keeps what was refused after an assignment', async () => {
    const { backend } = playClues(leads(3))
    const { page, chosen } = await openClues()
    await page.get('thead input').setValue(true)
    expect(chosen()).toEqual([0, 1, 2])
    await page.get('.bar button').trigger('click')
    await settle()
    const readings = backend.of('GET /admin/clues').length
    seen.finish(['1', '3'])
    await settle()
    expect([chosen(), chosenText()]).toEqual([[1], '已选 1 条'])
    expect(backend.of('GET /admin/clues')).toHaveLength(readings + 1)
  })

  it('can be all of this page, and none of it', async () => {
    playClues(leads(4), 2)
    const { page, rows, button, chosen } = await openClues()
    const all = page.get<HTMLInputElement>('thead input')
    await rows()[0]?.get('input').setValue(true)
    expect([all.element.checked, all.element.indeterminate]).toEqual([false, true])
    await all.setValue(true)
    expect([all.element.checked, all.element.indeterminate, chosen()]).toEqual([true, false, [0, 1]])
    button('下一页').click()
    await settle()
    expect([all.element.checked, chosenText()]).toEqual([false, '已选 2 条'])
    button('清除').click()
    await settle()
    expect(chosenText()).toBeUndefined()
  })

  it('is at most what one assignment takes, and says so', async () => {
    playClues(leads(MOST_SELECTED + 2), MOST_SELECTED + 2)
    const { page, rows } = await openClues()
    await page.get('thead input').setValue(true)
    expect(chosenText()).toBe('已选 200 条，一次最多选 200 条，其余没有选上')
    // the one that was not chosen does not look as if it were
    const last = rows().at(-1)?.get<HTMLInputElement>('input')
    await last?.setValue(true)
    expect([last?.element.checked, chosenText()]).toEqual([
      false,
      '已选 200 条，一次最多选 200 条，其余没有选上',
    ])
    await rows()[0]?.get('input').setValue(false)
    expect(chosenText()).toBe('已选 199 条')
  })

  it('that is read again stays what it is, and nothing else is added', () => {
    const selection = useSelection()
    selection.select(leads(2), true)
    selection.seen(leads(4).map((clue) => ({ ...clue, version: 9 })))
    expect(selection.clues.value.map(({ id, version }) => [id, version])).toEqual([
      ['1', 9],
      ['2', 9],
    ])
    selection.forget(['1'])
    expect(selection.clues.value.map(({ id }) => id)).toEqual(['2'])
  })
})

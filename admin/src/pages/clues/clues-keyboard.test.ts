import type { AdminClue } from '@leadbell/contract'
import { describe, expect, it, vi } from 'vitest'
import { settle } from '../../testing/open.ts'
import { aboveThePage, leads, openClues, playClues } from './testing/clues-page.ts'

vi.mock('./AssignDialog.vue', () => ({
  __esModule: true,
  default: {
    props: { clues: Array, open: Boolean },
    template: '<p v-if="open" id="assigning">{{ clues.map(({ id }) => id).join() }}</p>',
  },
}))

const assigning = () => document.querySelector('#assigning')?.textContent

describe('the keys of the table', () => {
  it.each([
    { keys: ['j'], row: 1 },
    { keys: ['ArrowDown'], row: 1 },
    { keys: ['j', 'j', 'k'], row: 1 },
    { keys: ['ArrowDown', 'ArrowDown', 'ArrowUp'], row: 1 },
    { keys: ['k'], row: 0 },
    { keys: ['j', 'j', 'j', 'j', 'j', 'j'], row: 3 },
    { keys: [' '], row: 0, chosen: [0] },
    { keys: ['x', 'j', 'j', 'x'], row: 2, chosen: [0, 2] },
    { keys: ['x', 'x'], row: 0, chosen: [] },
    { keys: ['Shift+ArrowDown', 'Shift+ArrowDown'], row: 2, chosen: [0, 1, 2] },
    { keys: ['j', 'j', 'Shift+ArrowUp'], row: 1, chosen: [1, 2] },
    { keys: ['Ctrl+a', 'Ctrl+x', 'Alt+j'], row: 0, chosen: [] },
  ])('$keys lead to row $row', async ({ keys, row, chosen = [] }) => {
    playClues(leads(4))
    const at = await openClues()
    at.focusRow(0)
    for (const key of keys) {
      const [last = ''] = key.split('+').slice(-1)
      await at.press(last, {
        shiftKey: key.startsWith('Shift+'),
        ctrlKey: key.startsWith('Ctrl+'),
        altKey: key.startsWith('Alt+'),
      })
    }
    expect({ row: at.focused(), chosen: at.chosen() }).toEqual({ row, chosen })
    expect(at.rows().map((one) => one.attributes('tabindex'))).toEqual(
      [0, 1, 2, 3].map((n) => (n === row ? '0' : '-1')),
    )
    expect(at.rows().map((one) => one.attributes('aria-selected'))).toEqual(
      [0, 1, 2, 3].map((n) => String(chosen.includes(n))),
    )
  })

  it('Enter opens the detail, and closing it comes back to the row', async () => {
    playClues(leads(3))
    const at = await openClues()
    at.focusRow(1)
    await at.press('Enter')
    expect(at.asked()).toEqual({ open: '2' })
    expect(aboveThePage()).toContain('线索 2')
    document.querySelector<HTMLElement>('.el-drawer__close-btn')?.click()
    await settle()
    expect([at.asked(), at.focused()]).toEqual([{}, 1])
  })

  it('a assigns the row', async () => {
    playClues(leads(4))
    const at = await openClues()
    at.focusRow(2)
    await at.press('a')
    expect(assigning()).toBe('3')
  })

  it('a assigns all that are chosen', async () => {
    playClues(leads(4))
    const at = await openClues()
    at.focusRow(0)
    for (const key of ['x', 'j', 'x', 'j', 'a']) await at.press(key)
    expect(assigning()).toBe('1,2')
  })

  it('/ goes to the search, ? lists the keys', async () => {
    playClues(leads(2))
    const at = await openClues()
    at.focusRow(0)
    expect((await at.press('/')).defaultPrevented).toBe(true)
    expect(document.activeElement).toBe(at.page.get('input[type=search]').element)

    at.focusRow(0)
    await at.press('?')
    expect(aboveThePage()).toContain('键盘操作')
    expect(aboveThePage()).toContain('分配所选；没有选择时分配这一条')
  })

  it('n begins a new lead', async () => {
    playClues(leads(2))
    const at = await openClues()
    at.focusRow(0)
    await at.press('n')
    expect(aboveThePage()).toContain('新建线索')
  })

  it('do nothing while somebody types', async () => {
    playClues(leads(2))
    const at = await openClues()
    at.page.get<HTMLElement>('input[type=search]').element.focus()
    for (const key of ['a', 'n', 'x', '?', '/', 'j'])
      expect((await at.press(key)).defaultPrevented).toBe(false)
    expect([assigning(), aboveThePage(), at.chosen()]).toEqual([undefined, '', []])
  })

  it('do nothing while a dialog is open', async () => {
    playClues(leads(2))
    const at = await openClues()
    at.focusRow(0)
    await at.press('?')
    // whatever brought the focus there
    at.focusRow(0)
    for (const key of ['a', 'n', 'x', 'j', 'Enter']) await at.press(key)
    expect({ asked: at.asked(), chosen: at.chosen(), assigning: assigning() }).toEqual({
      asked: {},
      chosen: [],
      assigning: undefined,
    })
    expect(document.querySelector('#clue-title')).toBeNull()
  })

  it('leave Enter, Space and the arrows to a button in the row', async () => {
    playClues(leads(2))
    const at = await openClues()
    const button = at.rows()[0]?.get<HTMLElement>('button').element
    button?.focus()
    for (const key of ['Enter', ' ', 'ArrowDown']) expect((await at.press(key)).defaultPrevented).toBe(false)
    expect([at.asked(), at.chosen()]).toEqual([{}, []])
    await at.press('j')
    expect(at.focused()).toBe(1)
  })
})

describe('the row that the focus is on', () => {
  const openOn = async (held: AdminClue[], row: number) => {
    const played = playClues(held)
    const at = await openClues()
    at.focusRow(row)
    return { played, at }
  }

  it('keeps it while other rows come and go', async () => {
    const { played, at } = await openOn(leads(3), 1)
    played.clues = [...leads(5).slice(3), ...leads(3).slice(1)]
    await at.change()
    expect([at.focused(), at.titles()[at.focused()]]).toEqual([2, '线索 2'])
  })

  it('hands it on when it goes itself', async () => {
    const { played, at } = await openOn(leads(3), 1)
    played.clues = leads(3).filter(({ id }) => id !== '2')
    await at.change()
    expect(at.titles()[at.focused()]).toBe('线索 3')
  })
})

import type { AdminClue, AdminDelivery } from '@leadbell/contract'
import { vi } from 'vitest'
import { pressKey } from '../../../testing/act.ts'
import { Backend } from '../../../testing/backend.ts'
import { aClue } from '../../../testing/made-up.ts'
import { open, settle } from '../../../testing/open.ts'
import CluesPage from '../CluesPage.vue'

/** Leads 1 to `count`, in this order. */
export const leads = (count: number, said: Partial<AdminClue> = {}): AdminClue[] =>
  Array.from({ length: count }, (_, n) => aClue({ id: String(n + 1), title: `线索 ${n + 1}`, ...said }))

/** A backend whose leads and deliveries a test changes as it goes; pages of `pageSize`, the cursor is where the next one begins. */
export function playClues(held: AdminClue[], pageSize = 20) {
  const played: { clues: AdminClue[]; deliveries: AdminDelivery[]; backend: Backend } = {
    clues: held,
    deliveries: [],
    backend: new Backend()
      .on('GET /admin/clues', ({ query }) => {
        const from = Number(query.cursor ?? 0)
        const items = played.clues.slice(from, from + pageSize)
        const isLast = from + pageSize >= played.clues.length
        return { items, nextCursor: isLast ? null : String(from + pageSize) }
      })
      .on('GET /admin/deliveries', ({ query }) => {
        const from = Number(query.cursor ?? 0)
        const to = from + Number(query.limit)
        const isLast = to >= played.deliveries.length
        return { items: played.deliveries.slice(from, to), nextCursor: isLast ? null : String(to) }
      })
      .on('GET /admin/clues/{id}', ({ path }) => ({
        ...(played.clues.find(({ id }) => id === path.id) ?? aClue()),
        notes: [],
        assignments: [],
      })),
  }
  return played
}

/** The page with its dialogs, which come after the first sight. */
export async function openClues(path = '/clues') {
  const opened = await open(CluesPage, { path })
  await vi.dynamicImportSettled()
  await settle()
  const { page, router } = opened
  const rows = () => page.findAll('tbody tr')
  return {
    ...opened,
    rows,
    titles: () =>
      rows().map((row) =>
        row
          .get('.name')
          .text()
          .replace(/周女士$/, '')
          .trim(),
      ),
    asked: () => router.currentRoute.value.query,
    press: pressKey,
    focusRow: (n: number) => (rows()[n]?.element as HTMLElement).focus(),
    /** Which row has the focus, from 0; -1 when none has. */
    focused: () => rows().findIndex((row) => row.element === document.activeElement),
    chosen: () =>
      rows().flatMap((row, n) => ((row.get('input').element as HTMLInputElement).checked ? [n] : [])),
    button: (text: string) => {
      const found = [...document.querySelectorAll('button')].filter((one) => one.textContent?.trim() === text)
      const [only] = found
      if (!only || found.length > 1) throw new Error(`${found.length} buttons 「${text}」`)
      return only
    },
  }
}

/** The text of what lies above the page. */
export const aboveThePage = () =>
  [...document.querySelectorAll<HTMLElement>('.el-overlay')]
    .filter((overlay) => overlay.style.display !== 'none')
    .map((overlay) => overlay.textContent ?? '')
    .join('\n')

import type { AdminClue, StaffMember } from '@leadbell/contract'
import type { VueWrapper } from '@vue/test-utils'
import { pressKey, type } from '../../../../testing/act.ts'
import { open, settle } from '../../../../testing/open.ts'
import type { Backend } from '../../../../testing/backend.ts'
import { aClue, aMember } from '../../../../testing/made-up.ts'
import AssignDialog from '../../AssignDialog.vue'

/** Who can be rung, who has nothing left, who never bound a WeChat. */
export const chen = aMember({ id: '7', username: 'chen', realname: '陈小舟', quota: { TPL: 30 } })
export const lin = aMember({ id: '8', username: 'lin', realname: '林可', quota: { TPL: 0 } })
export const zhou = aMember({ id: '9', username: 'zhou', realname: '周宁', bound: false, quota: {} })

export const cluesUpTo = (count: number): AdminClue[] =>
  Array.from({ length: count }, (_, n) => aClue({ id: String(n + 1), title: `线索 ${n + 1}`, version: 3 }))

/** The staff list as the backend pages and searches it. */
export function playStaff(backend: Backend, staff: () => StaffMember[]): void {
  backend.on('GET /admin/staff', ({ query }) => {
    const q = query.q ?? ''
    const found = staff().filter(({ realname, username }) => realname.includes(q) || username.includes(q))
    const from = Number(query.cursor ?? 0)
    const to = from + Number(query.limit)
    return { items: found.slice(from, to), nextCursor: to < found.length ? String(to) : null }
  })
}

/** The dialog as a page opens it, worked by keyboard and read as text. */
export async function openDialog(clues: AdminClue[]) {
  const shown: { page?: VueWrapper } = {}
  const follow = (isOpen: boolean) => shown.page?.setProps({ open: isOpen })
  const opened = await open(AssignDialog, { props: { open: true, clues, 'onUpdate:open': follow } })
  const shell = opened.page
  shown.page = shell
  const dialog = () => document.querySelector<HTMLElement>('[role=dialog]:not(.el-message-box *)')

  const text = () => (dialog()?.textContent ?? '').replace(/\s+/g, ' ')
  const buttons = () => [...document.querySelectorAll('button')]
  const button = (name: string) => buttons().find((one) => (one.textContent ?? '').includes(name))
  const options = () => [...document.querySelectorAll<HTMLElement>('[role=option]')]

  async function click(target: HTMLElement | undefined): Promise<void> {
    if (!target) throw new Error('there is nothing to click')
    target.click()
    await settle()
  }

  return {
    ...opened,
    text,
    press: pressKey,
    button,
    options,
    /** A click on the button that says so. */
    push: (name: string) => click(button(name)),
    choose: (name: string) => click(options().find(({ textContent }) => textContent?.includes(name))),
    chosen: () =>
      options()
        .filter((option) => option.getAttribute('aria-selected') === 'true')
        .map((option) => option.querySelector('strong')?.textContent),
    isOpen: () => (shell.props() as { open: boolean }).open,
    done: () => shell.emitted('done')?.map(([payload]) => payload),
    type,
  }
}

export const SEARCH = '#assign-search'
export const REASON = '#assign-reason'

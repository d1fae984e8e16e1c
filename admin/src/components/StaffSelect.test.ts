import { describe, expect, it, vi } from 'vitest'
import { Backend } from '../testing/backend.ts'
import { aMember } from '../testing/made-up.ts'
import { open, settle } from '../testing/open.ts'
import StaffSelect from './StaffSelect.vue'

const li = aMember({ id: '8', realname: '李闯', username: 'li' })
const play = () =>
  new Backend()
    .on('GET /admin/staff', ({ query }) => ({
      items: query.q === '李' ? [li] : [aMember(), li],
      nextCursor: null,
    }))
    .on('GET /admin/staff/{id}', () => ({ ...li, ledger: [] }))
const options = () => [...document.querySelectorAll('[role=option]')].map((one) => one.textContent)

describe('choosing a person', () => {
  it('shows the name of an id that came with a link', async () => {
    play()
    const { page } = await open(StaffSelect, { props: { label: '员工', modelValue: '8' } })
    expect(page.text()).toContain('李闯（li）')
  })

  it('finds by what is typed and answers the id', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
    const backend = play()
    const onChosen = vi.fn()
    const { page } = await open(StaffSelect, {
      props: { label: '员工', modelValue: undefined, 'onUpdate:modelValue': onChosen },
    })
    await page.find('.el-select__wrapper').trigger('click')
    await settle()
    expect(options()).toEqual(['陈小舟（chen）', '李闯（li）'])
    await page.find('input').setValue('李')
    await vi.advanceTimersByTimeAsync(1_000)
    await settle()
    expect(backend.of('GET /admin/staff').at(-1)?.query).toEqual({ q: '李', limit: '20' })
    expect(options()).toEqual(['李闯（li）'])
    document.querySelector<HTMLElement>('[role=option]')?.click()
    await settle()
    expect(onChosen).toHaveBeenCalledWith('8')
  })
})

import { describe, expect, it, vi } from 'vitest'
import { button, press } from '../testing/act.ts'
import { open, settle } from '../testing/open.ts'
import PageTurner from './PageTurner.vue'

async function openTurner(pageNumber: number, hasNext: boolean) {
  const turned = vi.fn((_way: string) => undefined)
  const { page } = await open(PageTurner, {
    props: {
      pageNumber,
      hasNext,
      busy: false,
      onFirst: () => turned('first'),
      onBack: () => turned('back'),
      onForward: () => turned('forward'),
    },
  })
  const show = async (props: object) => {
    await page.setProps(props)
    await settle()
  }
  return { page, turned, show, off: (name: string) => button(name).getAttribute('aria-disabled') === 'true' }
}

describe('turning pages', () => {
  it.each([
    ['首页', 'first'],
    ['上一页', 'back'],
    ['下一页', 'forward'],
  ])('%s asks for it', async (name, way) => {
    const { turned } = await openTurner(2, true)
    await press(name)
    expect(turned.mock.calls).toEqual([[way]])
  })

  it.each(['首页', '上一页', '下一页'])(
    'keeps the focus on %s while the page is read, and does not turn twice',
    async (name) => {
      const { turned, show, off } = await openTurner(2, true)
      button(name).focus()
      await press(name)
      await show({ busy: true })
      expect([document.activeElement, off(name), button(name).disabled]).toEqual([button(name), true, false])
      await press(name)
      expect(turned).toHaveBeenCalledTimes(1)
      await show({ busy: false })
      expect([document.activeElement, off(name)]).toEqual([button(name), false])
    },
  )

  it('keeps the focus at the last page, where 下一页 does nothing', async () => {
    const { turned, show, off } = await openTurner(1, true)
    button('下一页').focus()
    await show({ pageNumber: 2, hasNext: false })
    expect([document.activeElement, off('下一页'), off('上一页')]).toEqual([button('下一页'), true, false])
    await press('下一页')
    expect(turned).not.toHaveBeenCalled()
  })

  it('keeps the focus on the way to the first page, before it is known whether there is a next one', async () => {
    const { show, off, turned } = await openTurner(3, false)
    button('首页').focus()
    await show({ pageNumber: 1, hasNext: false, busy: true })
    expect(document.activeElement).toBe(button('首页'))
    await show({ hasNext: true, busy: false })
    expect([document.activeElement, off('首页')]).toEqual([button('首页'), true])
    await press('首页')
    expect(turned).not.toHaveBeenCalled()
  })

  it('is not offered when there is one page', async () => {
    const { page, show } = await openTurner(1, false)
    expect(page.find('nav').exists()).toBe(false)
    await show({ busy: true })
    expect(page.find('nav').exists()).toBe(false)
    await show({ hasNext: true, busy: false })
    expect(page.find('nav').exists()).toBe(true)
    await show({ hasNext: false })
    expect(page.find('nav').exists()).toBe(false)
  })
})

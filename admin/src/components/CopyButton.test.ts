import { ElDialog } from 'element-plus'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { bodyText, dialog, press } from '../testing/act.ts'
import { open, settle } from '../testing/open.ts'
import CopyButton from './CopyButton.vue'

const clipboard = (writeText?: (text: string) => Promise<void>) =>
  vi.stubGlobal('navigator', { ...navigator, clipboard: writeText && { writeText } })
afterEach(() => {
  vi.unstubAllGlobals()
})

describe('copying', () => {
  it('puts the text on the clipboard and says so', async () => {
    const write = vi.fn((_text: string) => Promise.resolve())
    clipboard(write)
    await open(CopyButton, { props: { text: '请再允许一次' } })
    await press('复制话术')
    expect(write).toHaveBeenCalledWith('请再允许一次')
    expect(bodyText()).toContain('已复制')
  })

  it.each([
    ['refused', () => Promise.reject(new DOMException('denied', 'NotAllowedError'))],
    ['not there, as on a page over plain HTTP', undefined],
  ])('with a clipboard that is %s shows the text selected', async (_why, write) => {
    clipboard(write)
    const { page } = await open(CopyButton, { props: { text: '请再允许一次' } })
    await press('复制话术')
    expect(dialog('请手动复制')).toBeDefined()
    const field = document.querySelector('textarea')
    page.findComponent(ElDialog).vm.$emit('opened')
    await settle()
    expect(field?.value).toBe('请再允许一次')
    expect(field?.selectionEnd).toBe('请再允许一次'.length)
    expect(field?.selectionStart).toBe(0)
  })
})

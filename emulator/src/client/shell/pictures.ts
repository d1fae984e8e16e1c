import type { ShellUi } from '../wx/shell-ui.ts'
import { h, icon, sheet } from './dom.ts'
import type { Overlay } from './overlay.ts'

/** The phone's album, as a sheet: a press takes a picture or puts it back. */
export function showPictureSheet(
  overlay: Overlay,
  ...[{ count, pictures }, answer]: Parameters<ShellUi['choosePictures']>
): void {
  const chosen = new Set<number>()
  const finish = (rows: number[] | null) => () => {
    close()
    answer(rows)
  }
  const done = h(
    'button',
    {
      ...{ type: 'button', class: 'we-panel-allow', 'data-test': 'pictures-done', disabled: true },
      onclick: () => finish([...chosen].sort((a, b) => a - b))(),
    },
    '完成',
  )
  const tile = ({ name, url }: { name: string; url: string }, row: number) => {
    const button = h(
      'button',
      {
        ...{ type: 'button', role: 'checkbox', 'aria-checked': 'false', 'data-test': 'picture' },
        'aria-label': name,
        onclick() {
          if (!chosen.delete(row) && chosen.size < count) chosen.add(row)
          button.setAttribute('aria-checked', String(chosen.has(row)))
          done.toggleAttribute('disabled', chosen.size === 0)
          done.textContent = chosen.size > 0 ? `完成(${chosen.size})` : '完成'
        },
      },
      h('img', { src: url, alt: '' }),
      icon('tick'),
    )
    return button
  }
  const { veil } = sheet(
    'we-picture-sheet',
    { 'data-test': 'picture-sheet', 'aria-label': '相册' },
    h('h2', {}, '所有图片'),
    h('div', { class: 'we-picture-grid' }, ...pictures.map(tile)),
    h(
      'div',
      { class: 'we-panel-buttons' },
      h(
        'button',
        { type: 'button', class: 'we-panel-cancel', 'data-test': 'pictures-cancel', onclick: finish(null) },
        '取消',
      ),
      done,
    ),
  )
  const close = overlay.add(veil, () => answer(null))
}

/** Pictures over the whole screen: a swipe to the side or a press on a dot changes them, a press ends it. */
export function showPictureViewer(
  overlay: Overlay,
  { urls, current }: Parameters<ShellUi['showPictures']>[0],
): void {
  const count = h('p', { class: 'we-viewer-count', 'data-test': 'viewer-count' })
  const strip = h('div', { class: 'we-viewer-strip' }, ...urls.map((url) => h('img', { src: url, alt: '' })))
  let shown = current
  const show = (at: number) => {
    shown = Math.min(urls.length - 1, Math.max(0, at))
    strip.style.translate = `${shown * -100}% 0`
    count.textContent = `${shown + 1} / ${urls.length}`
  }
  let from: number | undefined
  const SWIPE_PX = 40
  const viewer = h(
    'div',
    {
      ...{ class: 'we-viewer', role: 'dialog', 'aria-label': '图片预览', tabindex: '-1' },
      'data-test': 'picture-viewer',
      onpointerdown: (event) => void (from = (event as PointerEvent).clientX),
      onpointerup(event) {
        const moved = (event as PointerEvent).clientX - (from ?? 0)
        if (Math.abs(moved) < SWIPE_PX) return
        from = undefined
        show(shown + (moved < 0 ? 1 : -1))
      },
      onclick() {
        if (from !== undefined) close()
      },
    },
    strip,
    count,
  )
  show(current)
  const close = overlay.add(viewer, () => undefined)
}

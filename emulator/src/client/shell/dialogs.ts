import type { ModalRequest, ShellUi, ToastRequest } from '../wx/shell-ui.ts'
import { h, icon, sheet } from './dom.ts'
import type { Overlay } from './overlay.ts'

type Dialogs = Pick<ShellUi, 'showToast' | 'hideToast' | 'askModal' | 'askActionSheet' | 'showDialSheet'>

/** Toast, modal and sheets, drawn over the pages. What is dismissed counts as turned away. */
export function createDialogs(overlay: Overlay): Dialogs {
  let toast: HTMLElement | undefined
  const hideToast = () => {
    toast?.remove()
    toast = undefined
  }

  function showToast({ title, icon: kind, image, mask }: ToastRequest): void {
    hideToast()
    const picture = image
      ? h('img', { src: image, alt: '' })
      : kind === 'loading'
        ? h('span', { class: 'we-spinner' })
        : kind === 'success'
          ? icon('tick')
          : kind === 'error'
            ? icon('info')
            : null
    const box = h(
      'div',
      {
        class: `we-toast ${picture ? 'we-toast-picture' : 'we-toast-text'}`,
        'data-test': 'toast',
        role: 'status',
      },
      picture,
      h('p', {}, title),
    )
    toast = h('div', { class: `we-toast-place ${mask ? 'we-toast-mask' : ''}` }, box)
    overlay.element.append(toast)
  }

  function askModal(request: ModalRequest, answer: Parameters<ShellUi['askModal']>[1]): void {
    const field = h('textarea', { placeholder: request.placeholderText, rows: '3' })
    if (request.editable) field.value = request.content
    const finish = (confirm: boolean) => () => {
      close()
      answer({ confirm, content: field.value })
    }
    const button = (text: string, test: string, confirm: boolean, color: string | undefined) => {
      const element = h(
        'button',
        { class: `we-${test}`, 'data-test': test, type: 'button', onclick: finish(confirm) },
        text,
      )
      if (color) element.style.color = color
      return element
    }
    const veil = h(
      'div',
      { class: 'we-veil we-veil-middle' },
      h(
        'div',
        { class: 'we-modal', 'data-test': 'modal', role: 'alertdialog', 'aria-modal': 'true' },
        request.title ? h('h2', {}, request.title) : null,
        request.editable ? field : h('p', { class: request.title ? '' : 'we-alone' }, request.content),
        h(
          'div',
          { class: 'we-modal-buttons' },
          request.showCancel ? button(request.cancelText, 'modal-cancel', false, request.cancelColor) : null,
          button(request.confirmText, 'modal-confirm', true, request.confirmColor),
        ),
      ),
    )
    const close = overlay.add(veil, () => answer({ confirm: false, content: '' }))
  }

  /** Rows of buttons, 取消 below; a press beside the sheet turns it away. */
  function askRows(
    test: string,
    heading: HTMLElement | null,
    rows: { text: string; color?: string }[],
    answer: (row: number | null) => void,
  ): void {
    const finish = (row: number | null) => (event: Event) => {
      event.stopPropagation()
      close()
      answer(row)
    }
    const { veil, body } = sheet(
      'we-action-sheet',
      { 'data-test': test },
      heading,
      ...rows.map(({ text, color }, row) => {
        const button = h('button', { type: 'button', onclick: finish(row) }, text)
        if (color) button.style.color = color
        return button
      }),
      h(
        'button',
        { type: 'button', class: 'we-sheet-cancel', 'data-test': 'sheet-cancel', onclick: finish(null) },
        '取消',
      ),
    )
    body.addEventListener('click', (event) => event.stopPropagation())
    veil.addEventListener('click', finish(null))
    const close = overlay.add(veil, () => answer(null))
  }

  return {
    showToast,
    hideToast,
    askModal,
    askActionSheet: ({ items, color, title }, answer) =>
      askRows(
        'action-sheet',
        title ? h('p', { class: 'we-sheet-title' }, title) : null,
        items.map((text) => ({ text, ...(color ? { color } : {}) })),
        answer,
      ),
    showDialSheet: (phoneNumber, answer) =>
      askRows(
        'dial-sheet',
        h('p', { class: 'we-dial-number' }, icon('phone'), phoneNumber),
        [{ text: '呼叫' }],
        (row) => answer(row !== null),
      ),
  }
}

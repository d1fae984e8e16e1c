import { asyncApi, fail, ok, textOption, type ApiDefinition, type Outcome } from './api.ts'
import type { WxHost } from './host.ts'
import type { ToastRequest } from './shell-ui.ts'
import type { Toast, ToastKind } from './toast.ts'

type Options = Record<string, unknown>

const BUTTON_LENGTH = 4
const icons = new Set(['success', 'error', 'loading', 'none'])

export function uiApis(host: WxHost, toast: Toast) {
  const { shell } = host
  const later = (name: string, perform: ApiDefinition['perform']) =>
    asyncApi(host, { name, tap: 'none', perform })

  // a toast and a loading share one place: either hide call takes away whatever is there, unless noConflict
  const hide = (own: ToastKind) => (options: Options) => {
    if (toast.shown === undefined) remark(`hide${own} without a toast or loading on the screen`)
    if (options.noConflict === true && toast.shown !== own) return ok()
    toast.hide()
    return ok()
  }
  const remark = (words: string) => void host.inspection.remark(words)
  const paired = 'showLoading and hideLoading must be paired: '

  function showToast(options: Options): Outcome {
    const icon = textOption(options, 'icon', 'success')
    if (!icons.has(icon)) return fail(`icon "${icon}" is not one of ${[...icons].join(', ')}`)
    if (toast.shown === 'Loading') remark(`${paired}a toast took the place of a loading that was not hidden`)
    toast.show(
      'Toast',
      {
        title: textOption(options, 'title'),
        icon: icon as ToastRequest['icon'],
        image: options.image === undefined ? undefined : host.assetUrl(String(options.image)),
        mask: options.mask === true,
      },
      Number(options.duration ?? 1500),
    )
    return ok()
  }

  function showLoading(options: Options): Outcome {
    const title = textOption(options, 'title')
    toast.show('Loading', { title, icon: 'loading', image: undefined, mask: options.mask === true })
    return ok()
  }

  function showModal(options: Options): Promise<Outcome> | Outcome {
    for (const name of ['confirmText', 'cancelText'])
      if ([...textOption(options, name)].length > BUTTON_LENGTH) {
        const reason = `${name} length should not larger than ${BUTTON_LENGTH} Chinese characters`
        host.inspection.note('showModal', new Error(reason))
        return fail(reason)
      }
    return new Promise((resolve) =>
      shell.askModal(
        {
          title: textOption(options, 'title'),
          content: textOption(options, 'content'),
          showCancel: options.showCancel !== false,
          confirmText: textOption(options, 'confirmText', '确定') || '确定',
          cancelText: textOption(options, 'cancelText', '取消') || '取消',
          confirmColor: options.confirmColor === undefined ? undefined : String(options.confirmColor),
          cancelColor: options.cancelColor === undefined ? undefined : String(options.cancelColor),
          editable: options.editable === true,
          placeholderText: textOption(options, 'placeholderText'),
        },
        ({ confirm, content }) => {
          const typed = options.editable === true && confirm ? { content } : {}
          resolve({ kind: 'ok', result: { confirm, cancel: !confirm, ...typed }, pressed: true })
        },
      ),
    )
  }

  function showActionSheet(options: Options): Promise<Outcome> | Outcome {
    const items = Array.isArray(options.itemList) ? options.itemList.map(String) : []
    if (items.length === 0) return fail('parameter error: itemList should not be empty')
    if (items.length > 6) return fail('parameter error: itemList should not be larger than 6')
    return new Promise((resolve) =>
      shell.askActionSheet(
        { items, color: textOption(options, 'itemColor'), title: textOption(options, 'alertText') },
        (row) =>
          resolve(row === null ? fail('cancel') : { kind: 'ok', result: { tapIndex: row }, pressed: true }),
      ),
    )
  }

  return {
    showToast: later('showToast', showToast),
    hideToast: later('hideToast', hide('Toast')),
    showLoading: later('showLoading', showLoading),
    hideLoading: later('hideLoading', hide('Loading')),
    showModal: later('showModal', showModal),
    showActionSheet: later('showActionSheet', showActionSheet),
  }
}

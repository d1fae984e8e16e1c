import type { Inspection } from './inspection.ts'
import type { Pages } from './pages.ts'
import type { ShellUi } from './wx/shell-ui.ts'

interface Parts {
  appName: string
  pages: Pages
  shell: Pick<ShellUi, 'askShare' | 'showToast' | 'hideToast'>
  inspection: Inspection
  assetUrl(src: string): string
}

/** What `onShareAppMessage` may return. */
interface ShareCard {
  title?: unknown
  path?: unknown
  imageUrl?: unknown
  promise?: unknown
}

/** Milliseconds WeChat waits for the page's promise before it takes what was returned at once. */
const PATIENCE_MS = 3000
const TOAST_MS = 1500

/** 转发: the page says what its card is, the user sends it. A sent card is booked as a call of `share`. */
export class Sharing {
  constructor(private readonly parts: Parts) {}

  /** A page without `onShareAppMessage` cannot be passed on. */
  get isOffered(): boolean {
    const { top } = this.parts.pages
    return top !== undefined && !top.shareHidden && typeof top.instance.onShareAppMessage === 'function'
  }

  /** By the ⋯ menu, or by a `<button open-type="share">`, which is the target then. */
  async share(from: 'menu' | 'button', target?: object): Promise<boolean> {
    const { pages, shell, inspection, appName, assetUrl } = this.parts
    const { top } = pages
    if (!top || (from === 'menu' && !this.isOffered)) return false
    const given = (pages.callTop('onShareAppMessage', { from, target }) ?? {}) as ShareCard
    const card = { ...given, ...(await promised(given.promise)) }
    const query = Object.entries(top.query).map(([name, value]) => `${name}=${value}`)
    const path = text(card.path) ?? `${top.path}${query.length > 0 ? `?${query.join('&')}` : ''}`
    const title = text(card.title) ?? appName
    const picture = text(card.imageUrl)
    const sent = await new Promise<boolean>((resolve) =>
      shell.askShare({ title, imageUrl: picture && assetUrl(picture) }, resolve),
    )
    if (!sent) return false
    inspection.call('share', { title, path: path.replace(/^\//, ''), from }, false)
    shell.showToast({ title: '已发送', icon: 'success', image: undefined, mask: false })
    window.setTimeout(() => shell.hideToast(), TOAST_MS)
    return true
  }
}

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)

async function promised(promise: unknown): Promise<ShareCard> {
  if (!(promise instanceof Promise)) return {}
  const late = new Promise<ShareCard>((resolve) => window.setTimeout(() => resolve({}), PATIENCE_MS))
  return Promise.race([
    promise.then(
      (card: unknown) => (card ?? {}) as ShareCard,
      () => ({}),
    ),
    late,
  ])
}

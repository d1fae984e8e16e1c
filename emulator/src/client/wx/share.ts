import { asyncApi, fail, ok } from './api.ts'
import type { WxHost } from './host.ts'

/** The ⋯ menu's 转发, page by page. */
export function shareApis(host: WxHost) {
  const mark = (name: string, hidden: boolean) =>
    asyncApi(host, {
      name,
      tap: 'none',
      perform() {
        const { top } = host.pages
        if (!top) return fail('no page is open')
        top.shareHidden = hidden
        return ok()
      },
    })
  return {
    showShareMenu: mark('showShareMenu', false),
    hideShareMenu: mark('hideShareMenu', true),
    // 动态消息 and 私密消息 are not drawn: the card looks the same
    updateShareMenu: asyncApi(host, { name: 'updateShareMenu', tap: 'none', perform: () => ok() }),
  }
}

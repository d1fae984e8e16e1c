import { ref } from 'lit-html/directives/ref.js'
import { repeat } from 'lit-html/directives/repeat.js'
import type { PhoneState } from '../../protocol.ts'
import type { Desk } from './desk.ts'
import { button, fieldsOf, html, ifDefined, nothing, type View } from './html.ts'
import type { PhoneWindows } from './phone-windows.ts'

const networkWords = { wifi: 'Wi-Fi', '4g': '4G', '3g': '3G', '2g': '2G', none: '离线' } as const

/** The phones: a strip of all of them, the selected one large, and what can be done to it. */
export class Stage {
  private isAdding = false
  /** One and the same each time it is drawn: called when the form appears, and not again. */
  private readonly begin = (input?: Element) => {
    // it is made now and put into the page right after
    queueMicrotask(() => (input as HTMLElement | undefined)?.focus())
  }
  private first: string | undefined

  /** @param search the desk's own query: it may say more for the phone that opens first */
  constructor(
    private readonly desk: Desk,
    private readonly windows: PhoneWindows,
    private readonly search: URLSearchParams,
  ) {}

  view(): View {
    const { phones } = this.desk.books
    return html`<section class="stage" aria-label="手机">
      <ol class="strip">
        ${repeat(
          phones,
          ({ openid }) => openid,
          (phone) => this.slot(phone),
        )}
        <li class="slot slot-new">
          <button
            type="button"
            class="thumb"
            data-test="add-account"
            aria-expanded=${String(this.isAdding)}
            @click=${() => this.desk.update(() => (this.isAdding = !this.isAdding))}
          >
            <span class="thumb-screen" aria-hidden="true"><b class="initial">＋</b></span
            ><span class="thumb-name">加一部</span>
          </button>
        </li>
      </ol>
      <div class="place"></div>
      ${this.isAdding ? this.newAccount() : this.tools()}
    </section>`
  }

  private slot({ openid, nickname, network }: PhoneState): View {
    const isSelected = openid === this.desk.selected
    const isOn = this.desk.on.has(openid)
    const grants = Object.values(this.desk.books.quotas[openid] ?? {}).reduce((sum, n) => sum + n, 0)
    return html`<li class="slot ${isSelected ? 'is-selected' : isOn ? 'is-on' : ''}">
      ${
        isOn
          ? html`<div class="device">
              <div class="phone">
                <div class="glass">
                  <iframe
                    src=${this.address(openid)}
                    title=${isSelected ? '模拟的手机' : `${nickname}（小）`}
                    tabindex=${ifDefined(isSelected ? undefined : '-1')}
                    ${ref((frame) => this.windows.hold(openid, frame))}
                  ></iframe>
                </div>
              </div>
            </div>`
          : nothing
      }
      <button
        type="button"
        class="thumb"
        data-test="phone-thumb"
        data-openid=${openid}
        aria-pressed=${String(isSelected)}
        title=${`${nickname}（${openid}）${isOn ? '' : '，点一下开机'}`}
        @click=${(event: Event) => this.select(openid, event.currentTarget as HTMLElement)}
      >
        <span class="thumb-screen" aria-hidden="true"><b class="initial">${[...nickname][0] ?? ''}</b></span>
        <span class="thumb-name">${nickname}</span>
        <small
          >${[...(isOn ? [] : ['未开机']), `${grants} 次`, ...(network === 'wifi' ? [] : [networkWords[network]])].join(' · ')}</small
        >
      </button>
    </li>`
  }

  /** The phone that was large before takes more room in the strip now: the pressed one stays in sight. */
  private select(openid: string, thumb: HTMLElement): void {
    this.desk.select(openid)
    requestAnimationFrame(() => thumb.scrollIntoView({ block: 'nearest', inline: 'nearest' }))
  }

  /** The phone that the desk opened with gets the desk's own query, such as `path`. */
  private address(openid: string): string {
    this.first ??= openid
    const query = new URLSearchParams(openid === this.first ? this.search : {})
    query.set('openid', openid)
    return `/phone?${query.toString()}`
  }

  private tools(): View {
    const { desk, windows } = this
    const handle = () => windows.handle(desk.selected)
    return html`<div class="phone-tools" role="toolbar" aria-label="这部手机">
      ${button('重启', () => windows.restart(desk.selected), { test: 'restart-phone' })}
      ${button('退到后台', () => handle()?.hide(), { test: 'hide-program' })}
      ${button('回到小程序', () => handle()?.show(), { test: 'show-program' })}
      ${button(
        '删除小程序',
        () => void desk.act(async () => handle()?.remove(), '已从手机上删除小程序，缓存和隐私同意一并清除'),
        { test: 'remove-program' },
      )}
    </div>`
  }

  private newAccount(): View {
    const add = (event: Event) => {
      const { nickname = '', openid = '' } = fieldsOf(event)
      void this.desk.act(async () => {
        const phone = await this.desk.control.addAccount({ nickname, ...(openid && { openid }) })
        this.isAdding = false
        this.desk.select(phone.openid)
        return `「${phone.nickname}」登录了一部新手机`
      })
    }
    return html`<form class="new-account" aria-label="加一部手机" @submit=${add}>
      <label
        >昵称
        <input
          ${ref(this.begin)}
          name="nickname"
          required
          maxlength="20"
          autocomplete="off"
          placeholder="小林的手机"
      /></label>
      <label
        >openid
        <input
          name="openid"
          autocomplete="off"
          placeholder="留空自动生成"
          pattern="[\\w\\-]{8,64}"
          title="8–64 位字母、数字、_ 或 -"
      /></label>
      <button type="submit" class="action">添加</button>
      ${button('取消', () => this.desk.update(() => (this.isAdding = false)))}
    </form>`
  }
}

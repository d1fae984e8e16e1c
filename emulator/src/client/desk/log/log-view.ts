import { repeat } from 'lit-html/directives/repeat.js'
import type { Desk } from '../desk.ts'
import { button, clockOf, html, nothing, segments, toggle, type View } from '../html.ts'
import type { PhoneLog, PhoneWindows } from '../phone-windows.ts'
import { copyText, saveText } from '../save.ts'
import { errorEntry, pushEntry, serverEntry, sources, wxEntry, type Entry } from './entries.ts'
import { logAsText, matches, newestFirst, wholeLog, type LogFilter } from './log.ts'

/** More than anybody scrolls through; the filter finds the rest. */
const MOST_SHOWN = 200

const filters: Record<LogFilter['source'], string> = { all: '全部', ...sources, bad: '出错' }

/** One log of everything: what the selected phone's mini-program called, what the backend called, what WeChat pushed. */
export class LogView {
  private filter: LogFilter = wholeLog
  private readonly logs = new Map<string, PhoneLog>()
  private readonly unfolded = new Set<string>()
  private cleared: ReadonlySet<string> = new Set()
  /** What is shown while the log stands still. */
  private still: Entry[] | undefined
  private isTall = false

  constructor(
    private readonly desk: Desk,
    private readonly windows: PhoneWindows,
    private readonly newLog: () => PhoneLog,
  ) {}

  /** Looks at the phones that are on. */
  read(): void {
    const aheadMs = this.desk.books.clock?.aheadMs ?? 0
    for (const openid of this.desk.on) {
      const log = this.logs.get(openid) ?? this.newLog()
      this.logs.set(openid, log)
      log.read(this.windows.handle(openid), aheadMs)
    }
  }

  get tall(): boolean {
    return this.isTall
  }

  private entries(): Entry[] {
    const { selected, books } = this.desk
    const titleOf = (templateId: string) => this.desk.titleOf(templateId)
    const log = this.logs.get(selected)
    return newestFirst([
      ...(log?.calls ?? []).map((call) => wxEntry(selected, call)),
      ...(log?.errors ?? []).map((error) => errorEntry(selected, error)),
      ...books.known.calls.map(({ id, record }) => serverEntry(record, id, titleOf)),
      ...books.known.pushes.map(({ id, record }) => pushEntry(record, id, titleOf)),
    ])
  }

  private shown(): Entry[] {
    const all = this.still ?? this.entries()
    return all.filter((entry) => !this.cleared.has(entry.id) && matches(entry, this.filter))
  }

  private whyEmpty(): string {
    const { source, text } = this.filter
    const isFiltered = source !== wholeLog.source || text.trim() !== ''
    return isFiltered ? '没有符合的记录。' : '还没有。点一点手机，小程序和服务器的调用会出现在这里。'
  }

  private change(filter: Partial<LogFilter>): void {
    this.desk.update(() => (this.filter = { ...this.filter, ...filter }))
  }

  private turnPause(): void {
    this.desk.update(() => (this.still = this.still ? undefined : this.entries()))
  }

  private clear(): void {
    this.desk.update(() => {
      this.cleared = new Set(this.entries().map(({ id }) => id))
      this.still = undefined
    })
  }

  private unfold(id: string): void {
    this.desk.update(() => {
      if (!this.unfolded.delete(id)) this.unfolded.add(id)
    })
  }

  view(): View {
    const entries = this.shown()
    const text = () => logAsText([...entries].reverse())
    const tools = html`<div class="log-tools">
      ${button(this.still ? '继续' : '暂停', () => this.turnPause(), { kind: 'link' })}
      ${button('清空', () => this.clear(), { kind: 'link', label: '清空记录' })}
      ${button('复制', () => void this.desk.act(() => copyText(text()), `已复制 ${entries.length} 条记录`), {
        kind: 'link',
        label: '复制记录',
      })}
      ${button('保存', () => saveText('leadbell-log.txt', text()), { kind: 'link', label: '保存记录' })}
      <span class="log-height"
        >${button(this.isTall ? '收起' : '展开', () => this.desk.update(() => (this.isTall = !this.isTall)), {
          kind: 'link',
          label: this.isTall ? '收起记录' : '展开记录',
        })}</span
      >
    </div>`
    return html`<section class="log" aria-label="记录">
      <header>
        <h2>记录</h2>
        ${this.still ? html`<b class="mark calm">已暂停</b>` : nothing}${tools}
      </header>
      <div class="log-filters">
        ${segments({
          label: '只看',
          values: filters,
          value: this.filter.source,
          choose: (source) => this.change({ source }),
          bare: true,
        })}
        <div class="log-search">
          <input
            type="search"
            placeholder="搜索记录"
            aria-label="搜索记录"
            @input=${(event: Event) => this.change({ text: (event.target as HTMLInputElement).value })}
          />
          ${toggle('琐碎的也看', this.filter.quiet, (quiet) => this.change({ quiet }))}
        </div>
      </div>
      <ol class="entries" data-test="log" tabindex="0" aria-label="记录列表">
        ${
          entries.length === 0
            ? html`<li class="empty">${this.whyEmpty()}</li>`
            : repeat(
                entries.slice(0, MOST_SHOWN),
                ({ id }) => id,
                (entry) => this.row(entry),
              )
        }
        ${
          entries.length > MOST_SHOWN
            ? html`<li class="empty">
                只显示最近 ${MOST_SHOWN} 条，共 ${entries.length} 条；保存的文件里有全部。
              </li>`
            : nothing
        }
      </ol>
    </section>`
  }

  private row(entry: Entry): View {
    const { id, at, source, name, about, marks, advice, parts, isBad, openid } = entry
    const isUnfolded = this.unfolded.has(id)
    const isOther = openid !== undefined && openid !== this.desk.selected
    return html`<li class="entry ${isBad ? 'is-bad' : ''}" data-source=${source}>
      <button
        type="button"
        class="entry-line"
        aria-expanded=${String(isUnfolded)}
        @click=${() => this.unfold(id)}
      >
        <time>${clockOf(at)}</time>
        <i class="source">${sources[source]}</i>
        <code>${name}</code>
        <span class="about">${about}</span>
        ${isOther ? html`<span class="who">${this.desk.nameOf(openid)}</span>` : nothing}
        ${marks.map(({ word, tone }) => html`<b class="mark ${tone}">${word}</b>`)}
      </button>
      ${advice === undefined ? nothing : html`<p class="advice">${advice}</p>`}
      ${
        isUnfolded
          ? html`<dl>
              ${parts.map(
                ({ title, value }) =>
                  html`<dt>${title}</dt>
                    <dd>
                      ${
                        typeof value === 'string'
                          ? html`<span class="plain">${value}</span>`
                          : html`<pre>${JSON.stringify(value, null, 2)}</pre>`
                      }
                    </dd>`,
              )}
            </dl>`
          : nothing
      }
    </li>`
  }
}

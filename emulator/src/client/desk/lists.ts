import { h } from '../shell/dom.ts'

export interface CallLine {
  /** Milliseconds since 1970. */
  at: number
  text: string
  mark: string
  bad: boolean
}

const clock = (at: number) => new Date(at).toLocaleTimeString('zh-CN', { hour12: false })

/** Newest first. */
export function callList(list: HTMLElement, lines: readonly CallLine[]): void {
  list.replaceChildren(
    ...(lines.length > 0
      ? lines.map(({ at, text, mark, bad }) =>
          h(
            'li',
            {},
            h('time', {}, clock(at)),
            h('code', {}, text),
            mark ? h('b', { class: bad ? 'bad' : 'good' }, mark) : null,
          ),
        )
      : [h('li', { class: 'empty' }, '还没有')]),
  )
}

export function quotaList(list: HTMLElement, left: Readonly<Record<string, number>>): void {
  const entries = Object.entries(left)
  list.replaceChildren(
    ...(entries.length > 0
      ? entries.map(([template, count]) =>
          h(
            'p',
            { title: template },
            h('strong', {}, String(count)),
            h('span', {}, `条 · …${template.slice(-8)}`),
          ),
        )
      : [h('p', { class: 'empty' }, '还没有允许过')]),
  )
}

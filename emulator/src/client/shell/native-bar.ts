import { h, icon } from './dom.ts'

/** The bar of a page that is WeChat's own; `test` is the data-test of its 返回. */
export const nativeBar = (title: string | HTMLElement, test: string, back: () => void): HTMLElement =>
  h(
    'header',
    { class: 'we-native-bar' },
    h('button', { type: 'button', 'aria-label': '返回', 'data-test': test, onclick: back }, icon('back')),
    typeof title === 'string' ? h('h1', {}, title) : title,
  )

// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { watchScroller } from './page-scroll.ts'

/** A page of `content` px in a window of 600, whose heights the test sets: jsdom has no layout. */
function scroller(content: number, pull = true) {
  const element = document.createElement('div')
  document.body.replaceChildren(element)
  const size = { content }
  Object.defineProperty(element, 'clientHeight', { value: 600 })
  Object.defineProperty(element, 'scrollHeight', { get: () => Math.max(600, size.content) })
  const log: string[] = []
  const { refreshing } = watchScroller(element, 50, {
    onScroll: () => undefined,
    onReachBottom: () => void log.push('bottom'),
    ...(pull ? { onPull: () => void log.push('pull') } : {}),
  })
  const scrollTo = (top: number) => {
    element.scrollTop = top
    element.dispatchEvent(new Event('scroll'))
  }
  return { element, size, log, refreshing, scrollTo }
}

/** A finger from one height to another. */
function drag(element: HTMLElement, from: number, to: number): void {
  const touch = (type: string, clientY: number) =>
    element.dispatchEvent(Object.assign(new Event(type), { touches: [{ clientY }] }))
  touch('touchstart', from)
  touch('touchmove', to)
  element.dispatchEvent(Object.assign(new Event('touchend'), { touches: [] }))
}

test('the end is told once each time it is come to', () => {
  const { log, scrollTo } = scroller(2000)
  scrollTo(1340)
  expect(log).toEqual([])
  scrollTo(1350)
  scrollTo(1400)
  expect(log).toEqual(['bottom'])
  scrollTo(100)
  scrollTo(1400)
  expect(log).toEqual(['bottom', 'bottom'])
})

test('a page that has grown has a new end, even when one jump leads from the old to the new', () => {
  const { size, log, scrollTo } = scroller(1000)
  scrollTo(400)
  size.content = 3000
  scrollTo(2400)
  expect(log).toEqual(['bottom', 'bottom'])
  scrollTo(2390)
  expect(log).toEqual(['bottom', 'bottom'])
})

test('a short page tells its end when the user drags it up, not by itself and not on a press', () => {
  const { element, log } = scroller(300)
  expect(log).toEqual([])
  drag(element, 300, 296)
  expect(log).toEqual([])
  drag(element, 300, 200)
  expect(log).toEqual(['bottom'])
})

test('an upward drag on a long page is the scroller’s matter', () => {
  const { element, log } = scroller(2000)
  drag(element, 300, 200)
  expect(log).toEqual([])
})

test('a pull begins at the top only, and far enough', () => {
  const { element, log, scrollTo } = scroller(2000)
  drag(element, 100, 190)
  expect(log).toEqual([])
  expect(element.style.translate).toBe('')
  drag(element, 100, 260)
  expect(log).toEqual(['pull'])
  scrollTo(200)
  drag(element, 100, 260)
  expect(log).toEqual(['pull'])
})

test('without pull-down refresh a pull moves nothing', () => {
  const { element, log } = scroller(2000, false)
  drag(element, 100, 260)
  expect([log, element.style.translate]).toEqual([[], ''])
})

test('the page stays down while it refreshes', () => {
  const { element, refreshing } = scroller(2000)
  refreshing(true)
  expect(element.style.translate).toBe('0 60px')
  refreshing(false)
  expect(element.style.translate).toBe('')
})

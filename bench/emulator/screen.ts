import type { Page } from 'playwright-core'

/** What the bench keeps in a page. Times are milliseconds of `performance.now()`. */
interface Watch {
  /** When the next drawn frame holds an element of `selector` with this text. */
  drawn(selector: string, text?: string): Promise<number>
  /** The last end of a press, as the window heard it before anybody else. */
  press: number
  /** When the host call that is waited for was entered. */
  call: number
  /** Milliseconds since 1970 of `performance.now() === 0`. */
  origin: number
}

declare global {
  interface Window {
    watch: Watch
    __phone?: { readonly calls: readonly { name: string }[] }
  }
}

/** Before the page's own code: how it will be told what is on its screen. */
export async function watchScreen(page: Page): Promise<void> {
  // tsx marks functions with a helper that the page has not
  await page.addInitScript('globalThis.__name = (named) => named')
  await page.addInitScript(install)
}

function install(): void {
  const isShown = (element: Element, text: string) => {
    const { width, height } = element.getBoundingClientRect()
    return width > 0 && height > 0 && (element.textContent ?? '').includes(text)
  }
  window.watch = {
    press: 0,
    call: 0,
    origin: performance.timeOrigin,
    drawn: (selector, text = '') =>
      new Promise((resolve) => {
        const look = () => {
          if (![...document.querySelectorAll(selector)].some((element) => isShown(element, text))) return
          observer.disconnect()
          // a task after the frame's callbacks comes when the frame was handed on to be drawn
          requestAnimationFrame(() => setTimeout(() => resolve(performance.now())))
        }
        const observer = new MutationObserver(look)
        observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true })
        look()
      }),
  }
  for (const type of ['touchend', 'mouseup'])
    window.addEventListener(type, () => (window.watch.press = performance.now()), { capture: true })
}

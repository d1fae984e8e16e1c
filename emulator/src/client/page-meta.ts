import { browserLengths, PAGE_REM } from './lengths.ts'

/** What `<page-meta>` says of its page's look; '' where it says nothing. */
export interface PageMeta {
  /** What 1rem is: a CSS length, or 'system' for the phone's font size. */
  rootFontSize: string
  /** The page's own font size, in the same words. */
  pageFontSize: string
  /** CSS for the page node. */
  pageStyle: string
  rootBackgroundColor: string
}

/**
 * Draws `meta` on a page, where `systemFontSize` is in px. Without a root font size 1rem stays a twentieth of
 * the screen's width. Returns a line for each value that is no length.
 */
export function drawPageMeta(page: Element, meta: PageMeta, systemFontSize: number): string[] {
  const problems: string[] = []
  const length = (name: string, value: string): string => {
    if (value === '') return ''
    const css = value === 'system' ? `${systemFontSize}px` : browserLengths(value)
    if (isFontSize(css)) return css
    problems.push(`<page-meta ${name}="${value}"> is neither a length nor system`)
    return ''
  }
  const root = length('root-font-size', meta.rootFontSize)
  const own = length('page-font-size', meta.pageFontSize)

  const window = page.closest<HTMLElement>('.we-page')
  window?.style.setProperty(PAGE_REM, root)
  const scroller = page.closest<HTMLElement>('.we-page-scroll')
  if (scroller) scroller.style.backgroundColor = meta.rootBackgroundColor
  const style = [browserLengths(meta.pageStyle), own && `font-size:${own}`].filter(Boolean).join(';')
  if (style) page.setAttribute('style', style)
  else page.removeAttribute('style')
  return problems
}

function isFontSize(css: string): boolean {
  const probe = document.createElement('i')
  probe.style.fontSize = css
  return probe.style.fontSize !== ''
}

/** The custom property that holds what 1rem is for a page: the pages of a phone share one document here. */
export const PAGE_REM = '--we-rem'

const literalOrLength = /(url\([^)]*\)|"[^"]*"|'[^']*')|(?<![\w.#])(-?(?:\d+\.?\d*|\.\d+))(rpx|rem)\b/g

/** WeChat's lengths as the browser's, wherever they stand in CSS text: 750rpx is the screen's width, 1rem the page's own. */
export const browserLengths = (css: string): string =>
  css.replace(literalOrLength, (whole, literal: string | undefined, count: string, unit: string) => {
    if (literal !== undefined) return whole
    if (unit === 'rem') return `calc(${count} * var(${PAGE_REM}))`
    return `${inVw(Number(count))}vw`
  })

/** The last digit is rounded away from zero: a browser cuts lengths to 1/64 px, and 100rpx of 375 px would not be 50. */
function inVw(rpx: number): number {
  const digits = Number(((Math.abs(rpx) * 1e7) / 750).toFixed(3))
  return (Math.sign(rpx) * Math.ceil(digits)) / 1e5
}

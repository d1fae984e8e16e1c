/** WeChat's WXS is not JavaScript; these are the differences that programs rely on (developers.weixin.qq.com, WXS 语法参考). */

/** `value.constructor` is a name there: `[].constructor === 'Array'`. */
export const wxsSource = (source: string): string =>
  source.replace(/\.constructor\b(?!\s*\.)/g, '.constructor.name')

/** The same for `<wxs>` that stands in a template. */
export const withInlineScripts = (wxml: string): string =>
  wxml.replace(
    /(<wxs\b[^>]*>)([\s\S]*?)(<\/wxs>)/g,
    (_, open: string, source: string, close: string) => open + wxsSource(source) + close,
  )

/** `require('./tools.wxs')` names the file with its extension, where the template compiler has none. */
export const aliasOf = (path: string): { path: string; source: string } => ({
  path: `${path}.wxs`,
  source: `module.exports = require('/${path}')`,
})

/** `new` is not part of WXS: a date and an expression come from functions. */
export const withWxsGlobals = (expression: string): string =>
  `((getDate, getRegExp) => ${expression})((...given) => new Date(...given), (pattern, flags) => new RegExp(pattern, flags))`

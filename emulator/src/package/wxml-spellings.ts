import { withInlineScripts } from './wxs.ts'

/**
 * A template as the template compiler reads it. What WeChat's compiler takes and this one drops: `wx:for-items`, the
 * old name of `wx:for`, and a condition on `wx:else`, which counts for nothing. Columns of the rest of a line stay.
 */
export const asWritten = (wxml: string): string =>
  withInlineScripts(wxml)
    .replace(/(?<=\s)wx:for-items(?=\s*=)/g, '      wx:for')
    .replace(/(?<=\swx:else)\s*=\s*("[^"]*"|'[^']*')/g, (condition) => condition.replace(/./g, ' '))

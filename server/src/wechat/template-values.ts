/**
 * The values a subscribe-message template takes, each within its limit (wechat-platform.md §6.1). A value outside is
 * refused with 47003 and the message is lost, so everything is brought inside here.
 */

const THING_MAX = 20
const PLACEHOLDER = '无'

/** `thing`: 1 to 20 characters of anything printable. Longer text ends in `...`; nothing left becomes 无. */
export function thing(text: string): string {
  const clean = printable(text)
  if (clean === '') return PLACEHOLDER
  if (clean.length <= THING_MAX) return clean
  const cut = takeUnits(clean, THING_MAX - 3).trimEnd()
  return `${cut}...`
}

/** `time`: a moment as the wall clock of mainland China shows it, `2026-11-23 09:42`. */
export function time(moment: Date): string {
  const part = Object.fromEntries(shanghai.formatToParts(moment).map(({ type, value }) => [type, value]))
  return `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute}`
}

const shanghai = new Intl.DateTimeFormat('en-US', {
  timeZone: 'Asia/Shanghai',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
})

// how WeChat counts an emoji is not documented, and control characters are refused
const UNWANTED =
  /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\p{Variation_Selector}\u20E3\p{C}]/gu

/** Line breaks become blanks; control characters, emoji and lone surrogates go. */
function printable(text: string): string {
  return text
    .replace(/[\s\p{Z}]+/gu, ' ')
    .replace(UNWANTED, '')
    .replace(/ {2,}/g, ' ')
    .trim()
}

/** At most `max` UTF-16 units, the strictest way to count, and never half a character. */
function takeUnits(text: string, max: number): string {
  let taken = ''
  for (const character of text) {
    if (taken.length + character.length > max) break
    taken += character
  }
  return taken
}

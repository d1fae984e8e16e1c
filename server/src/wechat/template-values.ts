/**
 * The values a subscribe-message template takes, each within its limit (wechat-platform.md §6.1). A value outside is
 * refused with 47003 and the message is lost, so everything is brought inside here, by the strictest reading where
 * the limit is vague, and nothing is ever empty.
 */

const NOTHING = '无'

/**
 * `thing`: 1 to 20 characters of anything printable. Longer text ends in `...`; nothing left becomes 无. `ending` is
 * kept whole, whatever the text: 等3条.
 */
export function thing(text: string, ending = ''): string {
  const clean = printable(text) || NOTHING
  const room = 20 - ending.length
  return (clean.length <= room ? clean : `${takeUnits(clean, room - 3).trimEnd()}...`) + ending
}

/** `number`: up to 32 digits, a point among them. */
export function number(text: string): string {
  const [found] = /\d+(?:\.\d+)?/.exec(halfWidth(text).replaceAll(',', '')) ?? []
  return found?.slice(0, 32).replace(/\.$/, '') ?? '0'
}

/** `letter`: up to 32 letters. */
export const letter = (text: string) => takeUnits(halfWidth(text).replace(/[^A-Za-z]/g, ''), 32) || 'NA'

/** `symbol`: up to 5 symbols. */
export const symbol = (text: string) => takeUnits(printable(text).replace(/[^\p{P}\p{S}]/gu, ''), 5) || '-'

/** `character_string`: up to 32 digits, letters or symbols; a blank is none of them. */
const characterString = (text: string) => takeUnits(halfWidth(text).replace(/[^\x21-\x7e]/g, ''), 32) || '-'

/** `time`: a moment as the wall clock of mainland China shows it, `2026-11-23 09:42`. Text is kept if it is a time. */
export const time = (value: Date | string) =>
  typeof value === 'string' ? keep(TIME, value, '00:00') : keep(TIME, wallClock(value), '00:00')

/** `date`: the day of a moment in mainland China, `2026-11-23`. Text is kept if it is a date. */
export const date = (value: Date | string) =>
  keep(DATE, typeof value === 'string' ? value : wallClock(value).slice(0, 10), '1970-01-01')

/** `amount`: a currency sign, up to 10 digits with a point among them, 元; all but the digits may be missing. */
export function amount(text: string): string {
  const plain = halfWidth(text).replace(/[,\s]/g, '')
  const [, sign = '', whole, decimals = '', yuan = ''] = /(\p{Sc})?(\d+)(\.\d+)?(元)?/u.exec(plain) ?? []
  if (whole === undefined) return '0'
  if (whole.length > 10) return `${sign}9999999999${yuan}`
  return sign + (whole.length + decimals.length - 1 <= 10 ? whole + decimals : whole) + yuan
}

/** `phone_number`: up to 17 digits and symbols, at least one digit. */
export function phoneNumber(text: string): string {
  const kept = takeUnits(halfWidth(text).replace(/[^\d!-/:;=#*]/g, ''), 17)
  return /\d/.test(kept) ? kept : '0'
}

/** `car_number`: up to 8 letters and digits; the first and the last may be 汉字. */
function carNumber(text: string): string {
  const kept = [...halfWidth(text).replace(/[^\u4e00-\u9fffA-Za-z0-9]/g, '')]
  const fitting = kept.filter((c, at) => at === 0 || at === kept.length - 1 || c < '\u4e00').slice(0, 8)
  return fitting.length > 1 ? fitting.join('') : '0000000'
}

/** `name`: up to 10 汉字 and nothing else, or up to 20 letters and symbols. */
export function name(text: string): string {
  const chinese = onlyHan(text)
  if (chinese !== '') return takeUnits(chinese, 10)
  const foreign = halfWidth(printable(text))
    .replaceAll(' ', '.')
    .replace(/[^!-/:-~]/g, '')
  return /[A-Za-z]/.test(foreign) ? takeUnits(foreign, 20) : NOTHING
}

/** `phrase`: up to 5 汉字 and nothing else. */
export const phrase = (text: string) => takeUnits(onlyHan(text), 5) || NOTHING

/** `enum` and `const`: what the template's owner wrote; a list of WeChat's decides, so nothing is cut. */
export const fixed = (text: string) => printable(text) || NOTHING

/** How a value of each key type is brought within its limit. */
export const withinLimit = {
  thing: (value) => thing(textOf(value)),
  number: (value) => number(textOf(value)),
  letter: (value) => letter(textOf(value)),
  symbol: (value) => symbol(textOf(value)),
  character_string: (value) => characterString(textOf(value)),
  time,
  date,
  amount: (value) => amount(textOf(value)),
  phone_number: (value) => phoneNumber(textOf(value)),
  car_number: (value) => carNumber(textOf(value)),
  name: (value) => name(textOf(value)),
  phrase: (value) => phrase(textOf(value)),
  enum: (value) => fixed(textOf(value)),
  const: (value) => fixed(textOf(value)),
} satisfies Record<string, (value: Date | string) => string>

export type KeyType = keyof typeof withinLimit

/** The type of a template's key: `thing` of thing1, `enum` of enum_string2. Undefined: not of §6.1. */
export function keyTypeOf(key: string): KeyType | undefined {
  const [, type = ''] = /^([a-z_]+?)\d+$/.exec(key) ?? []
  if (/^enum(_[a-z]+)?$/.test(type)) return 'enum'
  return isKeyType(type) ? type : undefined
}

const isKeyType = (type: string): type is KeyType => Object.hasOwn(withinLimit, type)

/**
 * A phone number that is enough to recognise and not enough to call, `138****1024`: a message lies on the lock screen
 * for anybody to read (PIPL: no more than the purpose needs). Of several numbers the first one; '' when there is none.
 */
export function maskPhone(text: string): string {
  const runs = halfWidth(text).match(/\+?\d[\d\s\-()]*/g) ?? []
  const digitsOf = runs.map((run) => run.replace(/\D/g, ''))
  const digits = (digitsOf.find((run) => run.length >= 7) ?? digitsOf[0] ?? '').replace(
    /^(?:00)?86(?=1\d{10})/,
    '',
  )
  const phone = /^1\d{10}/.exec(digits)?.[0] ?? digits
  // hotlines and extensions name nobody
  if (phone.length <= 4) return phone
  const head = phone.length >= 11 ? phone.slice(0, 3) : ''
  return `${head}****${phone.slice(Math.max(4, phone.length - 4))}`
}

const textOf = (value: Date | string) => (typeof value === 'string' ? value : time(value))

const clock = String.raw`(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?`
const month = String.raw`(?:1[0-2]|0?[1-9])`
const dayOfMonth = String.raw`(?:3[01]|[12]\d|0?[1-9])`
const day = [
  `\\d{4}年${month}月${dayOfMonth}日`,
  ...['-', '/', '\\.'].map((between) => `\\d{4}${between}${month}${between}${dayOfMonth}`),
].join('|')
const TIME = range(`(?:(?:${day}) )?${clock}`)
const DATE = range(`(?:${day}|\\d{4}年${month}月|${month}月${dayOfMonth}日)(?: ${clock})?`)

function range(pattern: string): RegExp {
  return new RegExp(`^(?:${pattern})(?:~(?:${pattern}))?$`)
}

const keep = (pattern: RegExp, text: string, otherwise: string) => (pattern.test(text) ? text : otherwise)

const shanghai = new Intl.DateTimeFormat('en-US', {
  timeZone: 'Asia/Shanghai',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
})

/** '' for a date that is none. */
function wallClock(moment: Date): string {
  if (Number.isNaN(moment.getTime())) return ''
  const part = Object.fromEntries(shanghai.formatToParts(moment).map(({ type, value }) => [type, value]))
  return `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute}`
}

// how WeChat counts an emoji is not documented, control characters are refused, and what shows nothing may be trimmed
const UNWANTED =
  /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\p{Default_Ignorable_Code_Point}\u20E3\u2800\p{C}]/gu

/** Line breaks become blanks; control characters, emoji, lone surrogates and what is invisible go. */
function printable(text: string): string {
  return text
    .replace(/[\s\p{Z}]+/gu, ' ')
    .replace(UNWANTED, '')
    .replace(/ {2,}/g, ' ')
    .trim()
}

/** １３８ as 138: what a Chinese keyboard writes is meant as the plain character. */
const halfWidth = (text: string) =>
  text.replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))

// whether WeChat takes a rare 汉字 beyond the basic block is not documented
const onlyHan = (text: string) => text.replace(/[^\u4e00-\u9fff]/g, '')

/** At most `max` UTF-16 units, the strictest way to count, and never half a character. */
function takeUnits(text: string, max: number): string {
  let taken = ''
  for (const character of text) {
    if (taken.length + character.length > max) break
    taken += character
  }
  return taken
}

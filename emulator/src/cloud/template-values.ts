/** Why `send` refuses a value; WeChat's own words follow `data.<key>.value`. */
export type ValueProblem = 'invalid' | 'is empty'

const length = (text: string) => [...text].length
const fits = (pattern: RegExp) => (text: string) => pattern.test(text)
const upTo = (max: number, pattern: RegExp) => (text: string) => length(text) <= max && pattern.test(text)

const control = /\p{Cc}/u
/** What a decoder makes of bytes in GBK. */
const NOT_UTF8 = '\uFFFD'
const noHan = /^[^\p{Script=Han}]+$/u

const clock = String.raw`(?:[01]?\d|2[0-3])[:：][0-5]\d(?:[:：][0-5]\d)?`
const day = String.raw`(?:\d{4}年(?:1[0-2]|0?[1-9])月(?:(?:3[01]|[12]\d|0?[1-9])日)?|(?:1[0-2]|0?[1-9])月(?:3[01]|[12]\d|0?[1-9])日|\d{4}([-/.])(?:1[0-2]|0?[1-9])\SEP(?:3[01]|[12]\d|0?[1-9]))`
let groups = 0
/** Every use has a separator group of its own, so that 2026-11/23 is refused. */
const aDay = () => day.replace('SEP', String(++groups))

function range(part: () => string): RegExp {
  groups = 0
  return new RegExp(`^${part()}(?:\\s*~\\s*${part()})?$`)
}
const time = range(() => `(?:${aDay()}\\s*)?${clock}`)
const date = range(() => `${aDay()}(?:\\s*${clock})?`)

interface Rule {
  takes: (text: string) => boolean
  /** The same for a person. */
  words: string
}
const rule = (words: string, takes: Rule['takes']): Rule => ({ words, takes })

/**
 * The limits of wechat-platform.md §6.1, one rule a key type. Lengths are in characters. `enum_string` is
 * checked for emptiness only: the list of its values is not part of our templates.
 */
const rules: Record<string, Rule> = {
  thing: rule('要 20 个以内字符', upTo(20, /./su)),
  number: rule('要 32 位以内数字', upTo(32, /^[+-]?\d+(?:\.\d+)?$/)),
  letter: rule('要 32 位以内字母', upTo(32, /^[A-Za-z]+$/)),
  symbol: rule('要 5 位以内符号', upTo(5, /^[\p{P}\p{S}]+$/u)),
  character_string: rule('要 32 位以内数字、字母或符号，没有汉字', upTo(32, noHan)),
  time: rule('要 24 小时制时间，如 15:01、2026-11-23 15:01', fits(time)),
  date: rule('要年月日，如 2026年11月23日、2026-11-23 15:01', fits(date)),
  amount: rule('要 10 位以内数字，可带币种符号、小数和“元”', fits(/^\p{Sc}?\d{1,10}(?:\.\d+)?元?$/u)),
  phone_number: rule('要 17 位以内数字、符号', upTo(17, /^[\d\p{P}\p{S} ]+$/u)),
  car_number: rule(
    '要 8 位以内，只有首尾可以是汉字',
    upTo(8, /^[\p{Script=Han}A-Za-z0-9][A-Za-z0-9]*[\p{Script=Han}A-Za-z0-9]$/u),
  ),
  name: rule('要 10 个以内汉字，或 20 个以内字母、符号，没有数字', (text) =>
    noHan.test(text) ? /^[^\d]{1,20}$/u.test(text) : /^[^\d]{1,10}$/u.test(text),
  ),
  phrase: rule('要 5 个以内汉字，没有别的', upTo(5, /^\p{Script=Han}+$/u)),
}
const ruleOf = (type: string) => (Object.hasOwn(rules, type) ? rules[type] : undefined)

/** Checks one `data.<key>.value`. Undefined: WeChat takes it. */
export function valueProblem(type: string, value: unknown): ValueProblem | undefined {
  if (value === undefined || value === null || value === '') return 'is empty'
  if (typeof value !== 'string') return 'invalid'
  if (value.trim() === '') return 'is empty'
  if (control.test(value) || value.includes(NOT_UTF8)) return 'invalid'
  return ruleOf(type)?.takes(value) === false ? 'invalid' : undefined
}

/** What a value that has a problem should be, for the log. */
export function valueHint(type: string, value: unknown): string {
  if (typeof value !== 'string') return '的 value 要文字'
  if (value.trim() === '') return '不能是空的'
  if (control.test(value)) return '不能有换行等控制字符'
  if (value.includes(NOT_UTF8)) return '不是 UTF-8'
  return `${ruleOf(type)?.words ?? '不合规格'}（${length(value)} 个字符）`
}

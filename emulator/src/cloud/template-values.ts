/** Why `send` refuses a value; WeChat's own words follow `data.<key>.value`. */
export type ValueProblem = 'invalid' | 'is empty'

const length = (text: string) => [...text].length
const fits = (pattern: RegExp) => (text: string) => pattern.test(text)
const upTo = (max: number, pattern: RegExp) => (text: string) => length(text) <= max && pattern.test(text)

const control = /\p{Cc}/u
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

/**
 * The limits of wechat-platform.md §6.1, one rule a key type. Lengths are in characters. `enum_string` is
 * checked for emptiness only: the list of its values is not part of our templates.
 */
const rules: Record<string, (text: string) => boolean> = {
  thing: upTo(20, /./su),
  number: upTo(32, /^[+-]?\d+(?:\.\d+)?$/),
  letter: upTo(32, /^[A-Za-z]+$/),
  symbol: upTo(5, /^[\p{P}\p{S}]+$/u),
  character_string: upTo(32, noHan),
  time: fits(time),
  date: fits(date),
  amount: fits(/^\p{Sc}?\d{1,10}(?:\.\d+)?元?$/u),
  phone_number: upTo(17, /^[\d\p{P}\p{S} ]+$/u),
  car_number: upTo(8, /^[\p{Script=Han}A-Za-z0-9][A-Za-z0-9]*[\p{Script=Han}A-Za-z0-9]$/u),
  name: (text) => (noHan.test(text) ? /^[^\d]{1,20}$/u.test(text) : /^[^\d]{1,10}$/u.test(text)),
  phrase: upTo(5, /^\p{Script=Han}+$/u),
}

/** Checks one `data.<key>.value`. Undefined: WeChat takes it. */
export function valueProblem(type: string, value: unknown): ValueProblem | undefined {
  if (value === undefined || value === null || value === '') return 'is empty'
  if (typeof value !== 'string') return 'invalid'
  if (value.trim() === '') return 'is empty'
  if (control.test(value)) return 'invalid'
  const rule = Object.hasOwn(rules, type) ? rules[type] : undefined
  return !rule || rule(value) ? undefined : 'invalid'
}

import type { Template, TemplatePurpose } from '@leadbell/contract'
import * as v from 'valibot'
import { keyTypeOf, withinLimit, type KeyType } from './template-values.ts'

const facts = ['title', 'customerName', 'assignedAt', 'status', 'phone', 'remark', 'assigner'] as const
type NamedFact = (typeof facts)[number]

/** What a key of a template is filled with: something about the lead, or always the same words. */
export type Fact = NamedFact | `text:${string}`

/** A template of the customer's, with a fact for each of its keys: `{ thing10: 'title', date3: 'assignedAt' }`. */
export interface MessageTemplate extends Template {
  purpose: TemplatePurpose
  values: Record<string, Fact>
}

/** How the keys are filled when the configuration does not say. */
export const defaultValues: Record<TemplatePurpose, Record<string, Fact>> = {
  'clue-assigned': { thing1: 'title', time2: 'assignedAt', phrase3: 'status' },
}

const CONSTANT = 'text:'

export const isFact = (text: string): text is Fact =>
  text.startsWith(CONSTANT) || facts.some((fact) => fact === text)

/** The words of a constant; undefined for a fact about the lead. */
export const constantOf = (fact: string): string | undefined =>
  fact.startsWith(CONSTANT) ? fact.slice(CONSTANT.length) : undefined

/** Facts that lose nothing that matters when brought into the type; the others take a constant only. */
const fillable: Record<KeyType, readonly NamedFact[]> = {
  thing: facts,
  number: [],
  letter: [],
  symbol: [],
  character_string: ['phone'],
  time: ['assignedAt'],
  date: ['assignedAt'],
  amount: [],
  phone_number: ['phone'],
  car_number: [],
  name: ['customerName', 'assigner'],
  phrase: ['status'],
  enum: [],
  const: [],
}

/** What is wrong with a mapping from the configuration; one line for each wrong key, which begins with its name. */
export function templateProblems(values: Record<string, string>): string[] {
  const entries = Object.entries(values)
  if (entries.length === 0) return ['values: 一个参数都没有，微信的模板至少有一个 (no key at all)']
  return entries.flatMap(([key, fact]) => {
    const problem = entryProblem(key, fact)
    return problem === undefined ? [] : [`${key}: ${problem}`]
  })
}

function entryProblem(key: string, fact: string): string | undefined {
  const type = keyTypeOf(key)
  if (!type) return '不认识的参数，要像 thing1、date3 那样，类型加编号 (unknown key type)'
  if (!isFact(fact)) return `没有 ${fact} 这一项，可用 ${facts.join('、')} 或 text:固定文字 (no such fact)`
  const constant = constantOf(fact)
  if (constant !== undefined) {
    const fitting = withinLimit[type](constant)
    return fitting === constant
      ? undefined
      : `固定文字“${constant}”不合 ${type} 的要求，例如“${fitting}”才行 (the constant does not fit ${type})`
  }
  if (fillable[type].some((one) => one === fact)) return undefined
  const others = [...fillable[type], 'text:固定文字'].join('、')
  return `${fact} 填不进 ${type}，可用 ${others} (${fact} cannot fill ${type})`
}

/** A template as `gettemplate` lists it (wechat-platform.md §7.1). */
export const PrivateTemplate = v.object({
  priTmplId: v.string(),
  title: v.string(),
  /** `线索名称:{{thing1.DATA}}\n…` */
  content: v.string(),
  /** 2 一次性, 3 长期. */
  type: v.number(),
  keywordEnumValueList: v.nullish(
    v.array(v.object({ keywordCode: v.string(), enumValueList: v.array(v.string()) })),
  ),
})
export type PrivateTemplate = v.InferOutput<typeof PrivateTemplate>

export interface TemplateMismatch {
  templateId: string
  kind:
    'missing' | 'wrongType' | 'titleDiffers' | 'titleTwice' | 'keyUnmapped' | 'keyUnknown' | 'valueNotListed'
  /** What is wrong and what to do, in Chinese and in English. */
  sentence: string
}

const ONE_TIME = 2

/** Where the configuration and WeChat's own list of templates differ. Empty: every message can be sent. */
export function compareTemplates(
  configured: readonly MessageTemplate[],
  actual: readonly PrivateTemplate[],
): TemplateMismatch[] {
  const pairs = configured.map((ours) => ({
    ours,
    theirs: actual.find(({ priTmplId }) => priTmplId === ours.templateId),
  }))
  const titles = pairs.flatMap(({ theirs }) => (theirs ? [theirs.title] : []))
  return pairs.flatMap(({ ours, theirs }) => {
    if (!theirs) return [mismatch.missing(ours)]
    const twice = titles.filter((title) => title === theirs.title).length > 1
    return [
      ...(theirs.type === ONE_TIME ? [] : [mismatch.wrongType(ours, theirs)]),
      ...(theirs.title === ours.title ? [] : [mismatch.titleDiffers(ours, theirs)]),
      ...(twice ? [mismatch.titleTwice(ours, theirs)] : []),
      ...compareKeys(ours, theirs),
    ]
  })
}

function compareKeys(ours: MessageTemplate, theirs: PrivateTemplate): TemplateMismatch[] {
  const mapped = Object.keys(ours.values)
  const keys = new Set([...theirs.content.matchAll(/\{\{(\w+?)\.DATA\}\}/g)].map(([, key = '']) => key))
  return [
    ...[...keys].filter((key) => !mapped.includes(key)).map((key) => mismatch.keyUnmapped(ours, key)),
    ...mapped.filter((key) => !keys.has(key)).map((key) => mismatch.keyUnknown(ours, key)),
    ...Object.entries(ours.values).flatMap(([key, fact]) => {
      const listed = listedValues(theirs, key)
      const value = constantOf(fact)
      const fits = listed === undefined || (value !== undefined && listed.includes(value))
      return fits ? [] : [mismatch.valueNotListed(ours, key, listed)]
    }),
  ]
}

/** The values WeChat takes for an enum key, which it calls `enum_string2.DATA`. */
const listedValues = ({ keywordEnumValueList }: PrivateTemplate, key: string) =>
  keywordEnumValueList?.find(({ keywordCode }) => keywordCode.replace(/\.DATA$/, '') === key)?.enumValueList

const wording =
  <Rest extends unknown[]>(
    kind: TemplateMismatch['kind'],
    word: (ours: MessageTemplate, ...rest: Rest) => string,
  ) =>
  (ours: MessageTemplate, ...rest: Rest): TemplateMismatch => ({
    templateId: ours.templateId,
    kind,
    sentence: word(ours, ...rest),
  })

const mismatch = {
  missing: wording(
    'missing',
    ({ templateId }) =>
      `微信里没有模板 ${templateId}，请在小程序后台「订阅消息 → 我的模板」核对编号和 AppID，再改 WECHAT_TEMPLATES (this account has no such template: correct the id)`,
  ),
  wrongType: wording(
    'wrongType',
    ({ title }, theirs: PrivateTemplate) =>
      `模板「${title}」不是一次性订阅（微信的类型是 ${theirs.type}），请换一个一次性的模板 (not a one-time template: choose one of type 2)`,
  ),
  titleDiffers: wording(
    'titleDiffers',
    ({ title }, theirs: PrivateTemplate) =>
      `模板的标题写的是「${title}」，微信里是「${theirs.title}」，请核对编号，或把标题改成微信的 (the title differs from WeChat's: check the id or copy the title)`,
  ),
  titleTwice: wording(
    'titleTwice',
    (_ours, theirs: PrivateTemplate) =>
      `有两个模板都叫「${theirs.title}」，微信一次只问其中一个，请换掉一个 (two templates share a title and WeChat filters one out: replace one)`,
  ),
  keyUnmapped: wording(
    'keyUnmapped',
    ({ title }, key: string) =>
      `模板「${title}」有参数 ${key}，配置里没有，消息会被微信拒收，请在 WECHAT_TEMPLATES 的 values 里补上 (the template has ${key}, the mapping lacks it: add it)`,
  ),
  keyUnknown: wording(
    'keyUnknown',
    ({ title }, key: string) =>
      `模板「${title}」没有参数 ${key}，请从 WECHAT_TEMPLATES 的 values 里去掉或改名 (the template has no ${key}: remove or rename it)`,
  ),
  valueNotListed: wording(
    'valueNotListed',
    ({ title }, key: string, listed: readonly string[] = []) =>
      `模板「${title}」的参数 ${key} 只能是${listed.map((one) => `“${one}”`).join('、')}，请改成其中一个，写作 text:${listed[0] ?? ''} (${key} takes one of WeChat's listed values only: use one as a constant)`,
  ),
}

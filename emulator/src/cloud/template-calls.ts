import { randomBytes } from 'node:crypto'
import type { PrivateTemplate, TemplateChange } from '../protocol.ts'
import { okay, refusal, type ApiAnswer } from './answer.ts'
import { findTemplate, privateTemplates, type Context } from './context.ts'
import { categories, library, type PublicKeyword } from './template-library.ts'

// The management calls of wechat-platform.md §7.1. What they refuse comes in WeChat's numbers; most of the words are
// those that developers report.

/** 个人模版数上限. */
const MOST_TEMPLATES = 25
const MOST_SCENE = 15
const MOST_TITLES = 30

/** `GET gettemplate`. */
export const listTemplates = (ctx: Context): ApiAnswer =>
  okay({
    data: privateTemplates(ctx).map(({ priTmplId, title, content, example, type }) => ({
      priTmplId,
      title,
      content,
      example,
      type,
    })),
  })

export interface NewTemplate {
  tid?: unknown
  kidList?: unknown
  sceneDesc?: unknown
}

/** `POST addtemplate`: a private template out of a public one; phones can be asked for it from now on. */
export function addTemplate(ctx: Context, { tid, kidList, sceneDesc }: NewTemplate): ApiAnswer {
  const now = ctx.now()
  if (ctx.profile.banned) return refusal(now, 200011, 'account is banned')
  if (tid === undefined || tid === '') return refusal(now, 200014, 'missing parameter tid')
  const source = library.find((one) => String(one.tid) === String(tid))
  if (!source) return refusal(now, 200014, 'tid does not exist')
  const chosen = chosenKeywords(source.keywords, kidList)
  if (!chosen) return refusal(now, 200020, 'invalid keywords')
  if (sceneDesc !== undefined && (typeof sceneDesc !== 'string' || [...sceneDesc].length > MOST_SCENE))
    return refusal(now, 200021, 'invalid sceneDesc')
  const own = privateTemplates(ctx)
  if (own.length >= MOST_TEMPLATES) return refusal(now, 200012, 'templates count out of limit')
  const lines = (write: (keyword: PublicKeyword) => string) =>
    chosen.map((keyword) => `${keyword.name}:${write(keyword)}\n`).join('')
  const content = lines(({ rule, kid }) => `{{${rule}${kid}.DATA}}`)
  if (own.some((one) => one.title === source.title && one.content === content))
    return refusal(now, 200022, 'template with the same title and keywords exists')
  const template: PrivateTemplate = {
    priTmplId: randomBytes(32).toString('base64url'),
    ...{ title: source.title, content, type: source.type },
    example: lines(({ example }) => example),
  }
  ctx.state.templates.added.push(template)
  return okay({ priTmplId: template.priTmplId })
}

/** Two to five different ones, in the order of the list. */
function chosenKeywords(known: readonly PublicKeyword[], kidList: unknown): PublicKeyword[] | undefined {
  if (!Array.isArray(kidList) || kidList.length < 2 || kidList.length > 5) return undefined
  const kids = new Set(kidList.map(Number))
  const chosen = [...kids].flatMap((kid) => known.find((one) => one.kid === kid) ?? [])
  return chosen.length === kidList.length ? chosen : undefined
}

/** `POST deltemplate`: sends answer 40037 from now on, and panels 20001. */
export function deleteTemplate(ctx: Context, { priTmplId }: { priTmplId?: unknown }): ApiAnswer {
  const now = ctx.now()
  if (typeof priTmplId !== 'string' || priTmplId === '')
    return refusal(now, 20002, 'invalid parameter priTmplId')
  if (!findTemplate(ctx, priTmplId)) return refusal(now, 20001, 'template does not exist')
  const { templates } = ctx.state
  const added = templates.added.filter((one) => one.priTmplId !== priTmplId)
  if (added.length < templates.added.length) templates.added = added
  else templates.deleted.push(priTmplId)
  templates.changed = Object.fromEntries(Object.entries(templates.changed).filter(([id]) => id !== priTmplId))
  return okay()
}

/** `GET getcategory`. */
export const listCategories = (): ApiAnswer => okay({ data: categories })

export interface TitlesQuery {
  ids?: unknown
  start?: unknown
  limit?: unknown
}

/** `GET getpubtemplatetitles`: a page of the titles in some of the app's categories. */
export function listTitles(ctx: Context, { ids, start, limit }: TitlesQuery): ApiAnswer {
  const now = ctx.now()
  const from = numberIn(start)
  const most = numberIn(limit)
  if (typeof ids !== 'string' || ids === '') return refusal(now, 200018, 'missing parameter ids')
  const wanted = ids.split(',').map((id) => id.trim())
  if (!wanted.every((id) => categories.some((one) => String(one.id) === id)))
    return refusal(now, 200019, 'invalid parameter ids')
  if (from === undefined || from < 0) return refusal(now, 200016, 'invalid parameter start')
  if (most === undefined || most < 1 || most > MOST_TITLES)
    return refusal(now, 200017, 'invalid parameter limit')
  const titles = library.filter(({ categoryId }) => wanted.includes(categoryId))
  const data = titles
    .slice(from, from + most)
    .map(({ tid, title, type, categoryId }) => ({ tid, title, type, categoryId }))
  return okay({ count: titles.length, data })
}

/** `GET getpubtemplatekeywords`. */
export function listKeywords(ctx: Context, { tid }: { tid?: unknown }): ApiAnswer {
  const source = library.find((one) => String(one.tid) === tid)
  if (!source) return refusal(ctx.now(), 200014, tid ? 'tid does not exist' : 'missing parameter tid')
  return okay({ count: source.keywords.length, data: source.keywords })
}

function numberIn(text: unknown): number | undefined {
  return typeof text === 'string' && /^\d+$/.test(text) ? Number(text) : undefined
}

/** What Tencent does to a template. Undefined: there is none with this id. */
export function changeTemplate(
  ctx: Context,
  id: string,
  change: TemplateChange,
): PrivateTemplate | undefined {
  const template = findTemplate(ctx, id)
  if (!template) return undefined
  const { banned = template.banned ?? false, acceptedAs = template.acceptedAs ?? null } = change
  ctx.state.templates.changed[id] = { banned, acceptedAs }
  return findTemplate(ctx, id)
}

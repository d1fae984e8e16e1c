import type { ClueStatus } from '@leadbell/contract'
import { keyTypeOf, maskPhone, thing, withinLimit } from '../wechat/template-values.ts'
import { constantOf, type Fact, type MessageTemplate } from '../wechat/templates.ts'

/** Data of a subscribe message: every key of the template (wechat-platform.md §6). */
export type MessageData = Record<string, { value: string }>

export interface ClueAssigned {
  clueId: string
  title: string
  customerName: string
  phone: string
  remark: string
  status: ClueStatus
  assignedAt: Date
  /** Who assigned it; '' when that is not known. */
  assigner: string
}

/**
 * The message about an assigned lead, by a template whose mapping `templateProblems` found nothing against. `others`
 * is how many further waiting leads it stands for; with any it opens the list.
 */
export function buildMessage(
  template: MessageTemplate,
  facts: ClueAssigned & { others: number },
): { page: string; data: MessageData } {
  const entries = Object.entries(template.values).map(([key, fact]) => {
    const type = keyTypeOf(key)
    if (!type) throw new Error(`the template key ${key}, which the configuration refuses`)
    return [key, { value: withinLimit[type](valueOf(fact, facts)) }] as const
  })
  return {
    page: facts.others > 0 ? 'pages/clue/clue' : `pages/clue/detail?id=${encodeURIComponent(facts.clueId)}`,
    data: Object.fromEntries(entries),
  }
}

function valueOf(fact: Fact, facts: ClueAssigned & { others: number }): Date | string {
  switch (fact) {
    case 'title':
      return facts.others > 0 ? thing(facts.title, `等${countOf(facts.others + 1)}条`) : facts.title
    case 'status':
      return statusPhrase[facts.status]
    case 'phone':
      return maskPhone(facts.phone)
    case 'customerName':
    case 'remark':
    case 'assigner':
    case 'assignedAt':
      return facts[fact]
    default:
      return constantOf(fact) ?? ''
  }
}

// a longer count would leave the title no room
const countOf = (leads: number) => (leads > 999 ? '999+' : String(leads))

// `phrase` takes up to five 汉字 and nothing else
const statusPhrase: Record<ClueStatus, string> = {
  pending: '待跟进',
  following: '跟进中',
  won: '已成交',
  invalid: '无效',
}

import type { ClueStatus, TemplatePurpose } from '@leadbell/contract'
import { thing, time } from '../wechat/template-values.ts'

/** Data of a subscribe message: every key of the template (wechat-platform.md §6). */
export type MessageData = Record<string, { value: string }>

export interface ClueAssigned {
  clueId: string
  title: string
  assignedAt: Date
  status: ClueStatus
}

/** What each purpose needs, and how its template's keys are filled. */
export const buildMessage = {
  /** 线索名称 thing1 · 分配时间 time2 · 线索状态 phrase3 */
  'clue-assigned': ({ clueId, title, assignedAt, status }: ClueAssigned) => ({
    page: `pages/clue/detail?id=${encodeURIComponent(clueId)}`,
    data: {
      thing1: { value: thing(title) },
      time2: { value: time(assignedAt) },
      phrase3: { value: statusPhrase[status] },
    },
  }),
} satisfies Record<TemplatePurpose, (facts: never) => { page: string; data: MessageData }>

// `phrase` takes up to five 汉字 and nothing else
const statusPhrase: Record<ClueStatus, string> = {
  pending: '待跟进',
  following: '跟进中',
  won: '已成交',
  invalid: '无效',
}

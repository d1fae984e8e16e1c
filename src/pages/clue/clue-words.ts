import type { Clue, ClueStatus } from '@leadbell/contract'

const statusWords: Record<ClueStatus, string> = {
  pending: '待跟进',
  following: '跟进中',
  won: '已成交',
  invalid: '无效',
}

export const statusWord = (status: ClueStatus) => statusWords[status]

/** 11月23日 09:42, in the phone's own time zone; a year is shown when it is not this one. */
export function assignedWhen({ assignedAt }: Clue, now = new Date()): string {
  if (!assignedAt) return ''
  const at = new Date(assignedAt)
  const two = (n: number) => String(n).padStart(2, '0')
  const year = at.getFullYear() === now.getFullYear() ? '' : `${at.getFullYear()}年`
  return `${year}${at.getMonth() + 1}月${at.getDate()}日 ${two(at.getHours())}:${two(at.getMinutes())}`
}

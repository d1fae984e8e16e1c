import type { Clue, ClueStatus } from '@leadbell/contract'

export const statuses: { value: ClueStatus; word: string }[] = [
  { value: 'pending', word: '待跟进' },
  { value: 'following', word: '跟进中' },
  { value: 'won', word: '已成交' },
  { value: 'invalid', word: '无效' },
]

export const statusWord = (status: ClueStatus) => statuses.find(({ value }) => value === status)?.word ?? ''

/** 11月23日 09:42, in the phone's own time zone; a year is shown when it is not this one. */
export function when(time: string | number, now = new Date()): string {
  const at = new Date(time)
  const two = (n: number) => String(n).padStart(2, '0')
  const year = at.getFullYear() === now.getFullYear() ? '' : `${at.getFullYear()}年`
  return `${year}${at.getMonth() + 1}月${at.getDate()}日 ${two(at.getHours())}:${two(at.getMinutes())}`
}

export const assignedWhen = ({ assignedAt }: Clue) => (assignedAt ? when(assignedAt) : '')

import type { AdminClue, StaffMember } from '@leadbell/contract'
import { ringOf, whatToAsk } from '../../../ring.ts'
import { assignerName, clockText, timeText } from '../../../words.ts'
import type { Share } from './distribution.ts'

type PlannedShare = Share<AdminClue, StaffMember>

/** 林可 10 条：3 条会马上提醒，7 条等再次允许后提醒 */
export function shareText({ member, clues, rings }: PlannedShare): string {
  const later = clues.length - rings
  const why = ringOf(member).kind === 'unbound' ? '等绑定微信后提醒' : '等再次允许后提醒'
  const parts = [rings > 0 && `${rings} 条会马上提醒`, later > 0 && `${later} 条${why}`].filter(Boolean)
  return parts.length > 0
    ? `${member.realname} ${clues.length} 条：${parts.join('，')}`
    : `${member.realname} 0 条：线索比人少，这次分不到`
}

/** Whom to ask for what, so that the leads that would wait ring too. */
export function requests(shares: readonly PlannedShare[]): { names: string; text: string }[] {
  const byText = new Map<string, string[]>()
  for (const { member, clues, rings } of shares) {
    if (clues.length <= rings) continue
    const ring = ringOf(member)
    // somebody who has some left but not enough does the same as somebody who has none
    const text = whatToAsk(ring.kind === 'rings' ? { kind: 'unpaid' } : ring)
    if (text) byText.set(text, [...(byText.get(text) ?? []), member.realname])
  }
  return [...byText].map(([text, names]) => ({ names: names.join('、'), text }))
}

const JUST_NOW_MS = 10 * 60_000

/** 王主管 刚刚（10:32）已分配给 林可. `seen` is the lead as this clerk saw it, `present` as it is now. */
export function conflictText(seen: AdminClue, present: AdminClue, now = new Date()): string {
  if (!present.assignee) return seen.assignee ? '刚刚被收回，现在没有负责人' : '刚刚被修改过，还没有负责人'
  const sameTurn = seen.assignee?.id === present.assignee.id && seen.assignedAt === present.assignedAt
  if (sameTurn) return `刚刚被修改过，仍由 ${present.assignee.realname} 负责`
  return `${assignerName(present.assignedBy)} ${whenText(present.assignedAt, now)}已分配给 ${present.assignee.realname}`
}

function whenText(at: string | null, now: Date): string {
  if (at === null) return ''
  const isJustNow = now.getTime() - Date.parse(at) < JUST_NOW_MS
  return isJustNow ? `刚刚（${clockText(at)}）` : `${timeText(at, now)} `
}

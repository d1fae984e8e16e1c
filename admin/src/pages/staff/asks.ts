import type { StaffMember } from '@leadbell/contract'
import { quotaLeft, ringOf, ringText, ringTone, whatToAsk, type Ring, type Ringable } from '../../ring.ts'

/** So few that they will be gone before the day is over. */
export const FEW = 2

type Rung = Ringable & Pick<StaffMember, 'role'>

/** Who sits at a desk and has no phone bound is rung by nobody and asked nothing. */
const isDeskOnly = ({ role, bound, disabled }: Rung) => role !== 'staff' && !bound && !disabled

/** Whether the bell reaches this person, as a tag says it. */
export function reach(member: Rung): { text: string; tone: ReturnType<typeof ringTone> } {
  if (isDeskOnly(member)) return { text: '后台账号，不接提醒', tone: 'info' }
  const ring = ringOf(member)
  return {
    text: ringText(ring),
    tone: ring.kind === 'rings' && ring.left <= FEW ? 'warning' : ringTone(ring),
  }
}

/** What this person should do now, or soon; null when nothing. */
export function askOf(member: Rung): string | null {
  if (isDeskOnly(member)) return null
  const ring = ringOf(member)
  const soon: Ring = ring.kind === 'rings' && ring.left <= FEW ? { kind: 'unpaid' } : ring
  return whatToAsk(soon)
}

/** Messages that may still be sent, with a word when they are few. */
export function quotaText(member: Rung): string {
  const left = quotaLeft(member)
  if (!member.bound) return `${left}（未绑定）`
  if (left === 0) return '0（已用完）'
  return left <= FEW ? `${left}（快用完）` : String(left)
}

type Named = Rung & Pick<StaffMember, 'realname' | 'username'>

/** One text for the group chat: who should do what. */
export function askAll(members: readonly Named[]): { people: number; text: string } {
  const lines = members.flatMap((member) => {
    const what = askOf(member)
    return what === null ? [] : [`${member.realname}（${member.username}）：${what}`]
  })
  return { people: lines.length, text: ['请以下同事操作一次，以免错过新线索提醒：', ...lines].join('\n') }
}

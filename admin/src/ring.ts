import type { StaffMember } from '@leadbell/contract'

/** Whether a person's WeChat rings now. One grant pays for one message, so `left` is also how many will. */
export type Ring =
  | { kind: 'rings'; left: number }
  /** Bound, but nothing is left to send. */
  | { kind: 'unpaid' }
  /** No WeChat is bound to the account: whoever logs in there binds it. */
  | { kind: 'unbound' }
  | { kind: 'disabled' }

/** What tells whether somebody can be rung. */
export type Ringable = Pick<StaffMember, 'bound' | 'disabled' | 'quota'>

/** Messages that may still be sent, of all templates together. */
export const quotaLeft = ({ quota }: Pick<StaffMember, 'quota'>): number =>
  Object.values(quota).reduce((sum, count) => sum + count, 0)

/** Disabled counts before unbound, and unbound before unpaid: each makes the next one pointless. */
export function ringOf(member: Ringable): Ring {
  if (member.disabled) return { kind: 'disabled' }
  if (!member.bound) return { kind: 'unbound' }
  const left = quotaLeft(member)
  return left > 0 ? { kind: 'rings', left } : { kind: 'unpaid' }
}

/** One line beside the name. */
export function ringText(ring: Ring): string {
  switch (ring.kind) {
    case 'rings':
      return `能收到，还剩 ${ring.left} 条`
    case 'unpaid':
      return '订阅次数已用完，提醒会等待'
    case 'unbound':
      return '未绑定微信，提醒会等待'
    case 'disabled':
      return '账号已停用'
  }
}

/** What the clerk asks the person to do, as a sentence that can be sent on as it is. */
export function whatToAsk(ring: Ring): string | null {
  switch (ring.kind) {
    case 'rings':
      return null
    case 'unpaid':
      return '请打开「线索铃」小程序，在线索列表点「再允许一次」，再点「允许」，就能继续收到新线索提醒。'
    case 'unbound':
      return '请用微信打开「线索铃」小程序，用自己的账号登录一次，并在弹窗里点「允许」。'
    case 'disabled':
      return null
  }
}

/** The tone of its tag. */
export const ringTone = (ring: Ring) =>
  ring.kind === 'rings' ? 'success' : ring.kind === 'disabled' ? 'info' : 'warning'

import { Role, type StaffQuery } from '@leadbell/contract'
import * as v from 'valibot'
import { FEW } from './asks.ts'

/** The filters of the address, named as the backend's. */
export const filterKeys = ['q', 'role', 'bound', 'maxQuota'] as const
type StaffFilter = Partial<Record<(typeof filterKeys)[number], string>>

type Reachability = 'everybody' | 'unreachable' | 'few' | 'unbound'

export const reachabilities: readonly { value: Reachability; text: string }[] = [
  { value: 'everybody', text: '全部' },
  { value: 'unreachable', text: '收不到提醒的' },
  { value: 'few', text: `快用完的（剩 ${FEW} 次以内）` },
  { value: 'unbound', text: '未绑定微信' },
]

export function reachabilityOf({ bound, maxQuota }: StaffFilter): Reachability {
  if (maxQuota === '0') return 'unreachable'
  if (maxQuota !== undefined) return 'few'
  return bound === '0' ? 'unbound' : 'everybody'
}

/** Nobody whose WeChat is unbound has messages left, so that `maxQuota=0` names them too. */
export function filterOf(reachability: Reachability): Record<'bound' | 'maxQuota', string | undefined> {
  switch (reachability) {
    case 'everybody':
      return { bound: undefined, maxQuota: undefined }
    case 'unreachable':
      return { bound: undefined, maxQuota: '0' }
    case 'few':
      return { bound: '1', maxQuota: String(FEW) }
    case 'unbound':
      return { bound: '0', maxQuota: undefined }
  }
}

/** What the backend understands of an address that somebody may have typed. */
export function queryOf({ q, role, bound, maxQuota }: StaffFilter): v.InferInput<typeof StaffQuery> {
  return {
    ...(q && { q: q.slice(0, 64) }),
    ...(v.is(Role, role) && { role }),
    ...((bound === '0' || bound === '1') && { bound }),
    ...(maxQuota && /^\d{1,6}$/.test(maxQuota) && { maxQuota }),
  }
}

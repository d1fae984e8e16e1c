import type { NewestEntry } from '../db/staff.ts'

type Entry = Pick<NewestEntry, 'kind' | 'source' | 'delta'>

/** Where a line of the book comes from, for the clerk. One that changed nothing says why it is there all the same. */
export function wordEntry({ kind, source, delta }: Entry): string {
  const unchanged = delta === 0
  switch (kind) {
    case 'grant': {
      const from = source === 'event' ? '微信事件确认授权' : '手机上报授权'
      return unchanged ? `${from}，此前已计入，不重复计数` : from
    }
    case 'spend':
      return unchanged ? '发送一条提醒，账上当时已没有次数' : '发送一条提醒'
    case 'zero': {
      const from = source === 'event' ? '员工在微信里拒收' : '微信答复没有剩余次数'
      return unchanged ? from : `${from}，次数清零`
    }
  }
}

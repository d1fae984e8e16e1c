import type { AdminDelivery, DeliveryState } from '@leadbell/contract'
import { deliveryStateWords } from '../../words.ts'

/** Ids of leads that were assigned, each with its newest delivery as it was seen last; null: none was seen yet. */
export type Followed = ReadonlyMap<string, AdminDelivery | null>

interface DeliveryGroup {
  state: DeliveryState
  deliveries: AdminDelivery[]
}

const order: readonly DeliveryState[] = ['sent', 'leased', 'ready', 'in_doubt', 'waiting', 'refused', 'dead']
const needingSomebody: readonly DeliveryState[] = ['waiting', 'refused', 'dead', 'in_doubt']
const unsettled: readonly DeliveryState[] = ['ready', 'leased', 'in_doubt']
const NAMED = 6

/** With the leads of one more assignment. What was seen of an earlier assignment of the same lead is not its news. */
export const follow = (followed: Followed, ids: readonly string[]): Followed =>
  new Map([...followed, ...ids.map((id) => [id, null] as const)])

/** After a reading: `deliveries` are newest first, and the first one of each followed lead counts. */
export function seen(followed: Followed, deliveries: readonly AdminDelivery[]): Followed {
  const newest = new Map<string, AdminDelivery>()
  for (const delivery of deliveries)
    if (followed.has(delivery.clueId) && !newest.has(delivery.clueId)) newest.set(delivery.clueId, delivery)
  return new Map([...followed, ...newest])
}

/** Ids of the leads that a reading looks for: what has rung has rung. */
export const notSent = (followed: Followed): string[] =>
  [...followed].flatMap(([id, delivery]) => (delivery?.state === 'sent' ? [] : [id]))

/** Whether it may go on by itself; a waiting one does when its person allows a message again. */
export const mayChange = (followed: Followed): boolean =>
  !isAtRest(followed) || values(followed).some(({ state }) => state === 'waiting')

/** Whether everything has come out one way or another for now. */
export const isAtRest = (followed: Followed): boolean =>
  [...followed.values()].every((delivery) => delivery !== null && !unsettled.includes(delivery.state))

/** What was seen, by state; only states that occur. */
export const groupsOf = (followed: Followed): DeliveryGroup[] =>
  order
    .map((state) => ({ state, deliveries: values(followed).filter((one) => one.state === state) }))
    .filter(({ deliveries }) => deliveries.length > 0)

/** Those of the groups about which somebody has to do, or to know, something. */
export const groupsNeedingSomebody = (followed: Followed): DeliveryGroup[] => {
  const groups = groupsOf(followed)
  return needingSomebody.flatMap((state) => groups.filter((group) => group.state === state))
}

export const sentCount = (followed: Followed): number => followed.size - notSent(followed).length

/** 刚分配的 50 条：已送达 37，正在发送 10，等待中 3 */
export function summaryOf(followed: Followed): string {
  const groups = groupsOf(followed)
  const counts = groups.map(
    ({ state, deliveries }) => `${deliveryStateWords[state].text} ${deliveries.length}`,
  )
  const unseen = followed.size - values(followed).length
  if (unseen > 0) counts.push(`还没有查到 ${unseen}`)
  return `刚分配的 ${followed.size} 条：${counts.join('，')}`
}

/** What a screen reader says; nothing before anything was seen. */
export function announcementOf(followed: Followed): string {
  if (values(followed).length === 0) return ''
  return sentCount(followed) === followed.size ? `${followed.size} 条全部送达` : summaryOf(followed)
}

/** 林可、王芳（订阅次数已用完）；赵六（未绑定微信）: who is concerned, by reason. */
export function peopleText({ deliveries }: DeliveryGroup): string {
  const byReason = new Map<string, Map<string, string>>()
  for (const { reason, assignee } of deliveries) {
    const people = byReason.get(reason ?? '') ?? new Map<string, string>()
    byReason.set(reason ?? '', people.set(assignee.id, assignee.realname))
  }
  return [...byReason]
    .map(([reason, people]) => {
      const names = [...people.values()].slice(0, NAMED).join('、')
      const who = people.size > NAMED ? `${names}等 ${people.size} 人` : names
      return reason ? `${who}（${reason}）` : who
    })
    .join('；')
}

const values = (followed: Followed) => [...followed.values()].filter((delivery) => delivery !== null)

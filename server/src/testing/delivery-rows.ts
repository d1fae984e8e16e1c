import { eq } from 'drizzle-orm'
import type { Queryable } from '../db/database.ts'
import type { DeliveryState } from '../db/deliveries.ts'
import { accounts, assignments, clues, deliveries } from '../db/schema.ts'

const at = new Date('2026-11-23T01:42:00Z')
let people = 0

export interface MadeDelivery {
  id: number
  clueId: number
  accountId: number
  username: string
}

/** A delivery as rows, with everything it hangs on, in whatever state a test wants it. */
export async function makeDelivery(
  db: Queryable,
  it: { state: DeliveryState; reason?: string | null; externalId?: string | null },
): Promise<MadeDelivery> {
  const username = `rows${++people}`
  const [account] = await db
    .insert(accounts)
    .values({ username, realname: '陈小舟', createdAt: at })
    .returning({ id: accounts.id })
  const accountId = account?.id ?? 0
  const words = { title: '恒泰建材', customerName: '王建国', phone: '13800001024', remark: '' }
  const [clue] = await db
    .insert(clues)
    .values({ ...words, status: 'pending', version: 2, externalId: it.externalId ?? null, createdAt: at })
    .returning({ id: clues.id })
  const clueId = clue?.id ?? 0
  const [assignment] = await db
    .insert(assignments)
    .values({ clueId, assigneeId: accountId, clueVersion: 2, assignedAt: at })
    .returning({ id: assignments.id })
  const [delivery] = await db
    .insert(deliveries)
    .values({
      assignmentId: assignment?.id ?? 0,
      clueId,
      accountId,
      templateId: 'TPL_CLUE_ASSIGNED',
      state: it.state,
      reason: it.reason ?? null,
      runAt: at,
      createdAt: at,
    })
    .returning({ id: deliveries.id })
  return { id: delivery?.id ?? 0, clueId, accountId, username }
}

export async function setDeliveryState(
  db: Queryable,
  id: number,
  state: DeliveryState,
  reason: string | null = null,
): Promise<void> {
  await db.update(deliveries).set({ state, reason }).where(eq(deliveries.id, id))
}

import type { Changes, Named } from '../../cloud/changes.ts'
import type { PushRecord } from '../../cloud/push/record.ts'
import type { CallRecord } from '../../protocol.ts'

/** The calls and pushes that are known, oldest first, and up to where. */
export interface Known {
  mark: string
  calls: readonly Named<CallRecord>[]
  pushes: readonly Named<PushRecord>[]
}

export const nothingKnown: Known = { mark: '', calls: [], pushes: [] }

/** As many as the emulator tells of. */
const MOST = 1000

/** Takes it in: what changed takes the place it had. */
export const withChanges = (before: Known, { mark, isAfresh, calls, pushes }: Changes): Known =>
  isAfresh
    ? { mark, calls, pushes }
    : { mark, calls: taken(before.calls, calls), pushes: taken(before.pushes, pushes) }

function taken<T>(before: readonly Named<T>[], changed: readonly Named<T>[]): readonly Named<T>[] {
  if (changed.length === 0) return before
  const all = new Map([...before, ...changed].map((one) => [one.id, one]))
  return [...all.values()].slice(-MOST)
}

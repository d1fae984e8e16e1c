import { randomBytes } from 'node:crypto'
import type { CallRecord } from '../protocol.ts'
import type { PushRecord } from './push/record.ts'

/** How many of each kind can be asked for. */
const MOST = 1000

export interface Named<T> {
  /** Stays the same when the record changes; no other record has it, in no other run of the emulator either. */
  id: string
  record: T
}

/** The calls and pushes that are new or changed, oldest first. */
export interface Changes {
  /** What to ask with the next time. */
  mark: string
  /** What was known before is forgotten: the emulator began anew, or this is the first question. */
  isAfresh: boolean
  calls: Named<CallRecord>[]
  pushes: Named<PushRecord>[]
}

/** Numbers calls and pushes by their last change, so that who looks on gets what is new and no more. */
export interface ChangeBook {
  /** To be told of a record as it comes, and each time it has changed. */
  call(record: CallRecord): void
  push(record: PushRecord): void
  /** `mark` is that of the answer before; undefined, or one of another run: everything. */
  after(mark: string | undefined): Changes
  forget(): void
}

interface Entry<T> {
  id: string
  record: T
  changed: number
}

export function newChangeBook(): ChangeBook {
  let run = ''
  let last = 0
  const calls = recent<CallRecord>()
  const pushes = recent<PushRecord>()

  function recent<T extends object>() {
    // it outlives `forget`: what changes after it was forgotten does not come back
    const known = new WeakMap<T, Entry<T>>()
    let entries: Entry<T>[] = []
    return {
      note(record: T): void {
        const changed = ++last
        const old = known.get(record)
        if (old) return void (old.changed = changed)
        const entry = { id: `${run}.${changed}`, record, changed }
        known.set(record, entry)
        entries.push(entry)
        // now and then rather than each time
        if (entries.length >= 2 * MOST) entries = entries.slice(-MOST)
      },
      after: (n: number): Named<T>[] =>
        entries
          .slice(-MOST)
          .filter(({ changed }) => changed > n)
          .map(({ id, record }) => ({ id, record })),
      clear: () => void (entries = []),
    }
  }

  const book: ChangeBook = {
    call: (record) => calls.note(record),
    push: (record) => pushes.note(record),
    after(mark = '') {
      const [theirs, number] = mark.split('.')
      const isAfresh = theirs !== run
      const n = isAfresh ? 0 : Number(number) || 0
      return { mark: `${run}.${last}`, isAfresh, calls: calls.after(n), pushes: pushes.after(n) }
    },
    forget() {
      run = randomBytes(4).toString('hex')
      calls.clear()
      pushes.clear()
    },
  }
  book.forget()
  return book
}

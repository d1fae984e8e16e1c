import type { AnyFault, Fault, FaultEntry, PhoneCall, PhoneFault } from '../protocol.ts'
import type { PushFault } from './push/faults.ts'

/** What is broken at the moment, in the order in which it was broken. */
export interface FaultBook {
  add(fault: AnyFault): FaultEntry
  list(): FaultEntry[]
  /** Whether there was one. */
  remove(id: string): boolean
  clear(): void
  /**
   * The first fault that is meant, is for this user (undefined: the occasion names none), and whose chance comes now.
   * It is used up by one time.
   */
  fire<F extends AnyFault>(
    openid: string | undefined,
    isMeant: (fault: AnyFault) => fault is F,
  ): F | undefined
}

export const isCallFault = (fault: AnyFault): fault is Fault => 'call' in fault
export const isPhoneFault = (fault: AnyFault): fault is PhoneFault => 'phone' in fault
export const isPushFault = (fault: AnyFault): fault is PushFault =>
  !isCallFault(fault) && !isPhoneFault(fault)

/** `random` is in 0–1, as Math.random gives it. */
export function newFaultBook(random: () => number): FaultBook {
  let entries: FaultEntry[] = []
  let made = 0
  return {
    add(fault) {
      const entry: FaultEntry = {
        id: String(++made),
        fault: { ...fault },
        fired: 0,
        left: fault.times ?? null,
      }
      entries.push(entry)
      return { ...entry }
    },
    list: () => entries.map((entry) => ({ ...entry })),
    remove(id) {
      const before = entries.length
      entries = entries.filter((entry) => entry.id !== id)
      return entries.length < before
    },
    clear: () => {
      entries = []
    },
    fire(openid, isMeant) {
      for (const entry of entries) {
        const { fault } = entry
        if (!isMeant(fault)) continue
        if (fault.openid !== undefined && fault.openid !== openid) continue
        if (fault.probability !== undefined && random() >= fault.probability) continue
        entry.fired += 1
        if (entry.left !== null && --entry.left <= 0) entries = entries.filter((one) => one !== entry)
        return fault
      }
      return undefined
    },
  }
}

export const firePhone = (book: FaultBook, openid: string, phone: PhoneCall): PhoneFault | undefined =>
  book.fire(openid, (fault): fault is PhoneFault => isPhoneFault(fault) && fault.phone === phone)

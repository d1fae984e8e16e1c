import type { Clue, Template } from '@leadbell/contract'
import { describe, expectTypeOf, it } from 'vitest'
import type { useClueList } from '@/stores/clue-list.ts'
import type { Remedy } from '@/stores/remedies.ts'
import type { useReminders } from '@/stores/reminders.ts'
import type { useSession } from '@/stores/session.ts'
import type { useSubscription } from '@/stores/subscription.ts'

type Session = ReturnType<typeof useSession>
type Subscription = ReturnType<typeof useSubscription>
type Reminders = ReturnType<typeof useReminders>
type ClueList = ReturnType<typeof useClueList>

// Held by the type check: some versions of Pinia make `any` of every computed property, silently.
describe('what a page reads of a store has its type', () => {
  it('session', () => {
    expectTypeOf<Session['loggedIn']>().toEqualTypeOf<boolean>()
    expectTypeOf<Session['signedOut']>().toEqualTypeOf<'bound' | 'unbound' | null>()
  })

  it('subscription', () => {
    expectTypeOf<Subscription['remaining']>().toEqualTypeOf<number | null>()
    expectTypeOf<Subscription['templates']>().toEqualTypeOf<Template[]>()
  })

  it('reminders', () => {
    expectTypeOf<Reminders['remedy']>().toEqualTypeOf<Remedy>()
    expectTypeOf<Reminders['remainingWords']>().toEqualTypeOf<string>()
    expectTypeOf<Reminders['problem']>().not.toBeAny()
  })

  it('the list', () => {
    expectTypeOf<ClueList['isFiltered']>().toEqualTypeOf<boolean>()
    expectTypeOf<ClueList['items']>().toEqualTypeOf<readonly Clue[]>()
  })
})

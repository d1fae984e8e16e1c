import type { Firing } from '../fire.ts'
import type { PushKind, SendResult } from './event.ts'

/** What a test breaks about the pushes. The first fault that is meant and fires holds for an event. */
export type PushFault = Firing &
  (
    | ({ push?: PushKind } & (
        | { kind: 'lose' }
        /** Delivered once more, though it was accepted. */
        | { kind: 'repeat' }
        /** On top of the target's latency. */
        | { kind: 'late'; ms: number }
      ))
    /** The send is answered with 0 and spends the grant; the card never arrives, and the sent event says so. */
    | ({ kind: 'failSend' } & Partial<SendResult>)
  )

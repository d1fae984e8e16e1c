import { attempt, fail, type Outcome } from './api.ts'
import type { WxHost } from './host.ts'

/** wechat-platform.md §9.2, §14 H47. */
const MOST_IN_FLIGHT = 10
const BACKGROUND_GRACE = 5_000
const interrupted = fail('interrupted', { errno: 600003 })

interface Flight {
  end(outcome: Outcome): void
}

/** The calls over the network that are under way: request, uploadFile and downloadFile share ten places. */
export class Flights {
  private readonly flights = new Set<Flight>()
  private graceTimer: number | undefined

  constructor(private readonly host: WxHost) {
    host.lifecycle.listen('hide', () => {
      this.graceTimer = window.setTimeout(() => {
        for (const flight of [...this.flights]) flight.end(interrupted)
      }, BACKGROUND_GRACE)
    })
    host.lifecycle.listen('show', () => window.clearTimeout(this.graceTimer))
    host.atEnd(() => window.clearTimeout(this.graceTimer))
  }

  /** `settle` gets one outcome; what still comes after an abort is dropped. */
  start(
    perform: (signal: AbortSignal) => Promise<Outcome>,
    settle: (outcome: Outcome) => void,
  ): { abort(): void } {
    if (this.flights.size >= MOST_IN_FLIGHT) {
      settle(fail('network exceed max task count', { errno: 600007 }))
      return { abort: () => undefined }
    }
    const cancel = new AbortController()
    const flight: Flight = {
      end: (outcome) => {
        if (!this.flights.delete(flight)) return
        settle(outcome)
        cancel.abort()
      },
    }
    this.flights.add(flight)
    attempt(
      () => (this.isTooLongHidden ? interrupted : perform(cancel.signal)),
      (outcome) => flight.end(outcome),
    )
    return { abort: () => flight.end(fail('abort')) }
  }

  private get isTooLongHidden(): boolean {
    const { hiddenSince } = this.host.lifecycle
    return hiddenSince !== undefined && Date.now() - hiddenSince > BACKGROUND_GRACE
  }
}

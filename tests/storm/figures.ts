import { appendFileSync } from 'node:fs'

/** What one storm came to, as `npm run bench:server` tells it. */
export interface StormFigures {
  storm: 'kill' | 'token'
  engine: string
  backends: number
  /** As a share of WeChat's events. */
  eventsLost: number
  inDoubt: 'give-up' | 'resend'
  messages: number
  kills: number
  /** Messages that WeChat took twice. */
  duplicates: number
  /** Messages that WeChat never took. */
  lost: number
  /** Refreshes of the access token after the first. */
  refreshes?: number
}

/** A line of JSON for whoever asked by LEADBELL_STORM_FIGURES; nothing else. */
export function tellFigures(figures: StormFigures): void {
  const file = process.env.LEADBELL_STORM_FIGURES
  if (file) appendFileSync(file, `${JSON.stringify(figures)}\n`)
}

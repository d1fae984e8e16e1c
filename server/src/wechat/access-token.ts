import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { TokenOutcome } from './client.ts'

/** An access token and which one it is in the row of all processes. */
export interface AccessToken {
  token: string
  generation: number
}

export type AccessTokenOutcome =
  { kind: 'token'; access: AccessToken } | Exclude<TokenOutcome, { kind: 'token' }>

/** Where the token of an appid lives: one row that all processes share. */
export interface TokenShelf {
  read(): Promise<{
    token: string | null
    generation: number
    expiresAt: Date | null
    lastForcedAt: Date | null
  }>
  /** True for the one process that may fetch the successor of `generation`, until `until`. */
  lease(lease: { generation: number; refresher: string; now: Date; until: Date }): Promise<boolean>
  save(saved: { refresher: string; token: string; expiresAt: Date; forcedAt: Date | null }): Promise<void>
  release(refresher: string): Promise<void>
}

export interface AccessTokensOptions {
  shelf: TokenShelf
  fetchToken: (forceRefresh: boolean) => Promise<TokenOutcome>
  now: () => Date
  /** How long before its end a token counts as over; WeChat renews five minutes early. @default 120000 */
  marginMs?: number
  /** How long others wait for a process that fetches, which may have died over it. @default 6000 */
  leaseMs?: number
  /** WeChat allows a forced refresh every 30 seconds, twenty a day (wechat-platform.md §5). @default 30000 */
  forceGapMs?: number
}

export interface AccessTokens {
  /** A token that should be good. */
  get(): Promise<AccessTokenOutcome>
  /** The one this process knows already, if it should be good: costs nothing. */
  atHand(): AccessToken | undefined
  /** The token after `rejected`, to which WeChat answered 40001, 40014 or 42001. A late complaint costs nothing. */
  replace(rejected: AccessToken): Promise<AccessTokenOutcome>
}

const POLL_MS = 50

/** The one access token: a single flight in this process, one fetch at a time for all processes. */
export function createAccessTokens(options: AccessTokensOptions): AccessTokens {
  const { shelf, fetchToken, now, marginMs = 120_000, leaseMs = 6000, forceGapMs = 30_000 } = options
  const flights = new Map<number, Promise<AccessTokenOutcome>>()
  let known: { access: AccessToken; expiresAt: Date } | undefined

  const isAlive = (expiresAt: Date) => expiresAt.getTime() - now().getTime() > marginMs

  function remember(access: AccessToken, expiresAt: Date): AccessTokenOutcome {
    if (!known || known.access.generation < access.generation) known = { access, expiresAt }
    return { kind: 'token', access }
  }

  /** Waits for, or becomes, the process that fetches; `rejected` is the generation that is no good any more. */
  async function obtain(rejected: number): Promise<AccessTokenOutcome> {
    const giveUpAt = Date.now() + leaseMs + POLL_MS * 4
    for (;;) {
      const row = await shelf.read()
      const { token, generation, expiresAt } = row
      if (token !== null && expiresAt && isAlive(expiresAt) && generation > rejected)
        return remember({ token, generation }, expiresAt)
      const refresher = randomUUID()
      const until = new Date(now().getTime() + leaseMs)
      if (await shelf.lease({ generation: row.generation, refresher, now: now(), until }))
        return fetchAndSave(row, refresher, row.generation <= rejected)
      if (Date.now() > giveUpAt)
        return { kind: 'retryLater', errcode: null, errmsg: 'another process is fetching the access token' }
      await wait(POLL_MS)
    }
  }

  async function fetchAndSave(
    row: Awaited<ReturnType<TokenShelf['read']>>,
    refresher: string,
    wasRejected: boolean,
  ): Promise<AccessTokenOutcome> {
    try {
      let forcedAt: Date | null = null
      let fetched = await fetchToken(false)
      // WeChat still holds the token it just refused: only a forced refresh changes that
      if (fetched.kind === 'token' && wasRejected && fetched.token === row.token) {
        const lately = row.lastForcedAt !== null && now().getTime() - row.lastForcedAt.getTime() < forceGapMs
        if (lately)
          return {
            kind: 'retryLater',
            errcode: null,
            errmsg: 'the access token was refreshed by force just now',
          }
        forcedAt = now()
        fetched = await fetchToken(true)
      }
      if (fetched.kind !== 'token') return fetched
      const { token, expiresInSeconds } = fetched
      const expiresAt = new Date(now().getTime() + expiresInSeconds * 1000)
      await shelf.save({ refresher, token, expiresAt, forcedAt })
      return remember({ token, generation: row.generation + 1 }, expiresAt)
    } finally {
      await shelf.release(refresher)
    }
  }

  function singleFlight(rejected: number): Promise<AccessTokenOutcome> {
    const running = flights.get(rejected)
    if (running) return running
    const flight = obtain(rejected).finally(() => flights.delete(rejected))
    flights.set(rejected, flight)
    return flight
  }

  const atHand = () => (known && isAlive(known.expiresAt) ? known.access : undefined)

  return {
    atHand,
    get: async () => {
      const access = atHand()
      return access ? { kind: 'token', access } : singleFlight(-1)
    },
    replace: ({ generation }) => {
      if (known && known.access.generation <= generation) known = undefined
      return singleFlight(generation)
    },
  }
}

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import { COUNT_AT_MOST, type Backlog } from './db/backlog.ts'

/** The numbers of this process, for Prometheus. */
export interface Metrics {
  /** One request was answered. `endpoint` is a route, never a path with ids in it. */
  request(endpoint: string, status: number, seconds: number): void
  /** A delivery is over: `seconds` after its assignment. Only `sent` counts as latency. */
  settled(outcome: string, seconds: number): void
  /** WeChat answered `call` with `code`; 0 is success. */
  wechatCode(call: string, code: number): void
  /** Something that a person must look at, by its name in the log. */
  alarmed(kind: string): void
  /** The access token was fetched anew; `forced` when WeChat had refused the present one. */
  tokenRefreshed(forced: boolean): void
  /** An event push was worked off. */
  pushHandled(kind: string): void
  /** So many back offices are open to live updates now. */
  adminStreams(open: number): void
  /** The text of a scrape. */
  expose(backlog: Backlog): Promise<string>
  contentType: string
}

const REQUEST_SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const RING_SECONDS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 3600, 6 * 3600, 24 * 3600]

/**
 * A registry of its own, so that two servers in one process share nothing. `process` adds CPU, memory and event loop:
 * for the program, once.
 */
export function createMetrics({ process = false } = {}): Metrics {
  const registry = new Registry()
  const registers = [registry]
  if (process) collectDefaultMetrics({ register: registry })

  const requests = new Histogram({
    name: 'leadbell_http_request_seconds',
    help: 'Time to answer a request, by endpoint and HTTP status.',
    labelNames: ['endpoint', 'status'] as const,
    buckets: REQUEST_SECONDS,
    registers,
  })
  const settled = new Counter({
    name: 'leadbell_deliveries_settled_total',
    help: 'Deliveries that are over, by outcome.',
    labelNames: ['outcome'] as const,
    registers,
  })
  const latency = new Histogram({
    name: 'leadbell_delivery_latency_seconds',
    help: 'From the assignment to WeChat taking the message.',
    buckets: RING_SECONDS,
    registers,
  })
  const wechatCodes = new Counter({
    name: 'leadbell_wechat_answers_total',
    help: 'Answers of WeChat, by call and errcode; 0 is success.',
    labelNames: ['call', 'errcode'] as const,
    registers,
  })
  const alarms = new Counter({
    name: 'leadbell_alarms_total',
    help: 'What a person must look at, by kind; the log says more.',
    labelNames: ['alarm'] as const,
    registers,
  })
  const tokens = new Counter({
    name: 'leadbell_token_refreshes_total',
    help: 'Access tokens fetched; forced: WeChat had refused the one before.',
    labelNames: ['forced'] as const,
    registers,
  })
  const pushes = new Counter({
    name: 'leadbell_pushes_handled_total',
    help: 'Event pushes of WeChat worked off, by event.',
    labelNames: ['event'] as const,
    registers,
  })

  const gauge = (name: string, help: string) => new Gauge({ name: `leadbell_${name}`, help, registers })
  const deliveries = new Gauge({
    name: 'leadbell_deliveries',
    help: `Deliveries that were not sent, by state, in the whole database; counted up to ${COUNT_AT_MOST}.`,
    labelNames: ['state'] as const,
    registers,
  })
  const oldestDue = gauge(
    'oldest_due_delivery_seconds',
    'How long the oldest delivery that is due has been due.',
  )
  const pushesOpen = gauge('pushes_unprocessed', 'Event pushes taken in and not worked off yet.')
  const webhookCalls = gauge('webhook_calls_due', 'Webhook calls that should have gone out by now.')

  const adminStreams = gauge(
    'admin_streams',
    'Back offices that this process tells of changes at this moment.',
  )

  return {
    request: (endpoint, status, seconds) => requests.observe({ endpoint, status: String(status) }, seconds),
    settled: (outcome, seconds) => {
      settled.inc({ outcome })
      if (outcome === 'sent') latency.observe(seconds)
    },
    wechatCode: (call, code) => wechatCodes.inc({ call, errcode: String(code) }),
    alarmed: (alarm) => alarms.inc({ alarm }),
    tokenRefreshed: (forced) => tokens.inc({ forced: String(forced) }),
    pushHandled: (event) => pushes.inc({ event }),
    adminStreams: (open) => adminStreams.set(open),
    expose: (backlog) => {
      for (const [state, count] of Object.entries(backlog.deliveries)) deliveries.set({ state }, count)
      oldestDue.set(backlog.oldestDueSeconds)
      pushesOpen.set(backlog.pushes)
      webhookCalls.set(backlog.webhookCalls)
      return registry.metrics()
    },
    contentType: registry.contentType,
  }
}

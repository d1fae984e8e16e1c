import { createApp } from '../../server/src/http/app.ts'
import { DELIVERIES_CHANNEL } from '../../server/src/db/deliveries.ts'
import { PUSHES_CHANNEL } from '../../server/src/db/wechat-pushes.ts'
import { createServices, type Services } from '../../server/src/domain/services.ts'
import { openDatabase, type Database } from '../../server/src/db/database.ts'
import { migrate } from '../../server/src/db/migrate.ts'
import { listen } from '../../server/src/listen.ts'
import { createLog } from '../../server/src/log.ts'
import { createMetrics, type Metrics } from '../../server/src/metrics.ts'
import { defaultValues } from '../../server/src/wechat/templates.ts'
import { APPID, SECRET, TEMPLATE } from './emulated-wechat.ts'

export const ADMIN_TOKEN = 'bench-admin-token-0123456789'
/** The program's own default. */
export const IN_AIR = 64

export interface BenchServer extends Services {
  database: Database
  /** Resolves when `count` deliveries more than now are over. */
  settled(count: number): Promise<void>
  /** Resolves when `count` pushes more than now are worked off. */
  pushesHandled(count: number): Promise<void>
  /** Its HTTP face on a real socket. */
  serve(): Promise<{ url: string; close(): Promise<void> }>
  close(): Promise<void>
}

export const push = { token: 'benchToken', aesKey: 'benchEncodingAESKey000000000000000000000001' }

/** One process of the backend on `url`, nothing started yet; WeChat is at `wechatUrl`. */
export async function openServer(
  url: string,
  wechatUrl: string,
  { concurrency = IN_AIR, pollMs = 1000 } = {},
): Promise<BenchServer> {
  const database = await openDatabase({ url })
  await migrate(database)
  const [settled, pushesHandled] = [createCounter(), createCounter()]
  const own = createMetrics()
  const metrics: Metrics = {
    ...own,
    settled: (outcome, seconds) => {
      own.settled(outcome, seconds)
      settled.count()
    },
    pushHandled: (kind) => {
      own.pushHandled(kind)
      pushesHandled.count()
    },
  }
  const services = createServices({
    database,
    log: createLog('error'),
    config: {
      baseUrl: wechatUrl,
      appid: APPID,
      secret: SECRET,
      templates: [
        {
          templateId: TEMPLATE,
          title: '新线索提醒',
          purpose: 'clue-assigned',
          values: defaultValues['clue-assigned'],
          inDoubt: 'give-up',
          waiting: 'each',
        },
      ],
      miniprogramState: 'formal',
    },
    delivery: { inDoubtGraceMs: 120_000, leaseMs: 45_000, concurrency, pollMs },
    metrics,
  })
  const { ctx, worker, pushWorker } = services
  await database.listen(DELIVERIES_CHANNEL, worker.wake)
  await database.listen(PUSHES_CHANNEL, pushWorker.wake)
  return {
    ...services,
    database,
    settled: settled.reached,
    pushesHandled: pushesHandled.reached,
    serve: async () => {
      const app = createApp({
        ctx,
        adminToken: ADMIN_TOKEN,
        trial: false,
        addressOf: () => '127.0.0.1',
        push: { ...push, appid: APPID },
      })
      const { port, close } = await listen(app.fetch, { host: '127.0.0.1', port: 0 })
      return { url: `http://127.0.0.1:${port}`, close }
    },
    close: database.close,
  }
}

function createCounter() {
  let counted = 0
  let waiting: { until: number; resolve: () => void } | undefined
  return {
    count() {
      counted++
      if (waiting && counted >= waiting.until) waiting.resolve()
    },
    reached: (more: number) =>
      new Promise<void>((resolve) => {
        waiting = { until: counted + more, resolve }
      }),
  }
}

/** People whose WeChat is bound, `openidOf(1)` and on, and `grants` grants each in the book. */
export async function hireStaff(database: Database, count: number, grants: number): Promise<void> {
  await database.pool.query(
    `insert into accounts (username, realname, created_at) select 'staff' || n, '员工' || n, now() from generate_series(1, $1::int) n`,
    [count],
  )
  await database.pool.query(
    `insert into wechat_bindings (openid, account_id, bound_at)
     select 'oLeadbellPhone' || lpad(id::text, 14, '0'), id, now() from accounts`,
  )
  await database.pool.query(
    `insert into ledger (kind, source, openid, template_id, delta, key, at, booked_at)
     select 'grant', 'report', openid, $1, 1, openid || ':' || g, now(), now()
     from wechat_bindings, generate_series(1, $2::int) g`,
    [TEMPLATE, grants],
  )
  await database.pool.query(
    `insert into quotas (openid, template_id, quota, latest_at) select openid, $1, $2, now() from wechat_bindings`,
    [TEMPLATE, grants],
  )
  await database.pool.query('vacuum analyze')
}

/** As the emulator calls its users and `hireStaff` ours. */
export const openidOf = (accountId: number): string => `oLeadbellPhone${String(accountId).padStart(14, '0')}`

/**
 * Leads that nobody has, the first of them `firstLead`. Behind them lies a history of sent messages, known to the
 * planner: what a statement costs in a database of ten rows says nothing.
 */
export async function enterLeads(database: Database, count: number): Promise<{ firstLead: number }> {
  const { rows } = await database.pool.query<{ id: number }>(`${insertLeads} returning id`, [HISTORY])
  const last = Math.max(...rows.map(({ id }) => id))
  await database.pool.query(
    `${assignInTurn} insert into deliveries
       (assignment_id, clue_id, account_id, template_id, state, run_at, created_at, settled_at)
     select id, clue_id, assignee_id, $2, 'sent', now(), now(), now() from assigned order by clue_id`,
    [last, TEMPLATE],
  )
  await database.pool.query(insertLeads, [count])
  await database.pool.query('vacuum analyze')
  return { firstLead: last + 1 }
}

const HISTORY = 20_000

const insertLeads = `
  insert into clues (title, customer_name, phone, remark, status, version, created_at)
  select '线索 ' || n, '客户' || n, '1380000' || lpad(n::text, 4, '0'), '', 'pending', 1, now()
  from generate_series(1, $1::int) n`

/** Every lead up to $1 that was never assigned, to everybody in turn. */
const assignInTurn = `
  with assigned as (
    insert into assignments (clue_id, assignee_id, clue_version, assigned_at)
    select c.id, 1 + (c.id - 1) % (select count(*) from accounts), 2, now() from clues c
    where c.id <= $1 and not exists (select 1 from assignments a where a.clue_id = c.id)
    returning id, clue_id, assignee_id
  )`

/** Messages to everybody in turn, ready but not due before `makeDue`: written without the domain, which is faster. */
export async function queueDeliveries(database: Database, count: number): Promise<void> {
  const { firstLead } = await enterLeads(database, count)
  await database.pool.query(
    `${assignInTurn} insert into deliveries
       (assignment_id, clue_id, account_id, template_id, state, run_at, created_at)
     select id, clue_id, assignee_id, $2, 'ready', now() + interval '1 day', now() from assigned order by clue_id`,
    [firstLead + count, TEMPLATE],
  )
  await database.pool.query('vacuum analyze')
}

/** The next `count` of what was queued. */
export async function makeDue(database: Database, count: number): Promise<void> {
  await database.pool.query(
    `update deliveries set run_at = now() where id in (
       select id from deliveries where state = 'ready' and run_at > now() order by id limit $1)`,
    [count],
  )
}

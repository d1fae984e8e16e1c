import { Agent, request } from 'node:http'
import pg from 'pg'
import type { BatchAssignResult } from '@leadbell/contract'
import { DELIVERIES_CHANNEL } from '../../server/src/db/deliveries.ts'
import { assignClue } from '../../server/src/domain/assignment.ts'
import { TEMPLATE } from './emulated-wechat.ts'
import { alternate, perSecond } from './rounds.ts'
import { ADMIN_TOKEN, enterLeads, hireStaff, openServer } from './world.ts'

const STAFF = 300
/** Assignments under way at once. */
const WIDTH = 8
const POOL = 10
const BATCH = 100
const WAYS = 5

/** Assignments a second, no worker running, beside the same rows by hand with as many connections. */
export async function measureAssignments(url: string, { rounds, each }: { rounds: number; each: number }) {
  // nothing is sent
  const server = await openServer(url, 'http://127.0.0.1:1')
  const face = await server.serve()
  const pool = new pg.Pool({ connectionString: url, max: POOL })
  const agent = new Agent({ keepAlive: true })
  try {
    await hireStaff(server.database, STAFF, 1 + Math.ceil((WAYS * each * (rounds + 1)) / STAFF))
    const { firstLead } = await enterLeads(server.database, WAYS * each * (rounds + 1))
    let lead = firstLead - 1
    const next = () => {
      const id = ++lead
      return { clueId: String(id), assigneeId: String(1 + (id % STAFF)), version: 1 }
    }
    const ways = {
      ours: () =>
        perSecond(each, WIDTH, async () => {
          const { clueId, ...order } = next()
          const outcome = await assignClue(server.ctx, '管理员', clueId, order)
          if (!outcome.ok || outcome.value.delivery.state !== 'ready')
            throw new Error('an assignment was refused')
        }),
      byHand: () => perSecond(each, WIDTH, () => assignByHand(pool, next(), { prepared: false })),
      byHandPrepared: () => perSecond(each, WIDTH, () => assignByHand(pool, next(), { prepared: true })),
      overHttp: () =>
        perSecond(each, WIDTH, async () => {
          const { clueId, ...order } = next()
          await post(agent, `${face.url}/admin/clues/${clueId}/assign`, order)
        }),
      inBatches: async () =>
        BATCH *
        (await perSecond(each / BATCH, WIDTH, async () => {
          const body = { items: Array.from({ length: BATCH }, next) }
          const { assigned } = await post<BatchAssignResult>(agent, `${face.url}/admin/assignments`, body)
          if (assigned !== BATCH) throw new Error('some of a batch were refused')
        })),
    }
    for (const warm of Object.values(ways)) await warm()
    return await alternate(rounds, ways)
  } finally {
    agent.destroy()
    await pool.end()
    await face.close()
    await server.close()
  }
}

/** The rows of an assignment and nothing else: no lock, no quota, no look at who had it before. */
async function assignByHand(
  pool: pg.Pool,
  { clueId, assigneeId }: { clueId: string; assigneeId: string },
  { prepared }: { prepared: boolean },
): Promise<void> {
  const client = await pool.connect()
  const query = <R extends pg.QueryResultRow>(name: string, text: string, values: unknown[]) =>
    client.query<R>({ text, values, ...(prepared && { name }) })
  try {
    await client.query('begin')
    await query(
      'hand_clue',
      `update clues set assignee_id = $2, assigned_at = now(), read_at = null, version = version + 1
       where id = $1 and version = 1`,
      [clueId, assigneeId],
    )
    const { rows } = await query<{ id: number }>(
      'hand_assignment',
      `insert into assignments (clue_id, assignee_id, clue_version, assigned_by, assigned_at)
       values ($1, $2, 2, '管理员', now()) returning id`,
      [clueId, assigneeId],
    )
    await query(
      'hand_delivery',
      `insert into deliveries (assignment_id, clue_id, account_id, template_id, state, run_at, created_at)
       values ($1, $2, $3, $4, 'ready', now(), now())`,
      [rows[0]?.id, clueId, assigneeId, TEMPLATE],
    )
    await query('hand_notify', `select pg_notify($1, '')`, [DELIVERIES_CHANNEL])
    await client.query('commit')
  } finally {
    client.release()
  }
}

function post<T>(agent: Agent, url: string, body: object): Promise<T> {
  const payload = JSON.stringify(body)
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(payload),
    authorization: `Bearer ${ADMIN_TOKEN}`,
  }
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent, headers }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        const envelope = JSON.parse(text) as { code: number; result: T }
        if (envelope.code === 200) resolve(envelope.result)
        else reject(new Error(`POST ${url}: ${text}`))
      })
    })
    sent.on('error', reject)
    sent.end(payload)
  })
}

import { createHmac, randomUUID } from 'node:crypto'
import { setTimeout as pass } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/*
 * docs/integration.zh-CN.md, from their system to ours. It needs nothing but Node, so that it can be copied:
 *   LEADBELL_URL=http://127.0.0.1:5301 INTEGRATION_SECRET=… npx tsx server/examples/assign-from-crm.ts CRM-1001 chen
 */

export interface Leadbell {
  /** Without a slash at the end. */
  url: string
  secret: string
}

export interface Lead {
  /** What your system calls the lead. */
  externalId: string
  /** The username the person has in Leadbell. */
  assignee: string
  title: string
  customerName: string
  phone: string
  remark?: string
}

export interface Assigned {
  clueId: string
  externalId: string
  delivery: { id: string; state: string; reason: string | null }
}

/** Seconds before each try. When these are not enough, keep lead and key, and go on later. */
const PAUSES = [0, 1, 3, 10]

/**
 * Assigns a lead. The key belongs to this assignment: every try has the same key and the same body, so that it
 * happens once, however many tries arrive. Throws with the server's words when it is refused.
 */
export async function assignLead(
  leadbell: Leadbell,
  lead: Lead,
  key: string = randomUUID(),
): Promise<Assigned> {
  const body = JSON.stringify(lead)
  let failure = ''
  for (const seconds of PAUSES) {
    await pass(seconds * 1000)
    try {
      const { status, envelope } = await post(leadbell, body, key)
      if (envelope.code === 200) return envelope.result as Assigned
      failure = `${status} ${envelope.message}`
      if (!isWorthAnotherTry(status)) break
    } catch (error) {
      // no answer, or not one of Leadbell's: whether it arrived is unknown, and the key makes that harmless
      failure = String(error)
    }
  }
  throw new Error(failure)
}

// 409: the first try may still be at work
const isWorthAnotherTry = (status: number) => status === 409 || status === 429 || status >= 500

async function post({ url, secret }: Leadbell, body: string, key: string) {
  // signed anew for every try: the signature is good for five minutes
  const timestamp = String(Math.floor(Date.now() / 1000))
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
  const response = await fetch(`${url}/integration/assignments`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': key,
      'x-leadbell-timestamp': timestamp,
      'x-leadbell-signature': `v1=${signature}`,
    },
    body,
    signal: AbortSignal.timeout(10_000),
  })
  const envelope = (await response.json()) as { code: number; message: string; result: unknown }
  return { status: response.status, envelope }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , externalId = '', assignee = ''] = process.argv
  const { LEADBELL_URL: url = 'http://127.0.0.1:5301', INTEGRATION_SECRET: secret = '' } = process.env
  const lead = { title: '恒泰建材 采购咨询', customerName: '王建国', phone: '138-0000-1024' }
  try {
    const { clueId, delivery } = await assignLead({ url, secret }, { ...lead, externalId, assignee })
    process.stdout.write(
      `已分配：${externalId} → 线索 ${clueId}，提醒 ${delivery.id} ${delivery.state} ${delivery.reason ?? ''}\n`,
    )
  } catch (error) {
    process.stderr.write(`没有分配成功：${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}

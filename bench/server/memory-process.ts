import { assignClue } from '../../server/src/domain/assignment.ts'
import { perSecond } from './rounds.ts'
import { enterLeads, hireStaff, openServer } from './world.ts'

export interface MemoryOrder {
  url: string
  wechatUrl: string
  staff: number
  count: number
  samples: number
}

export interface MemorySample {
  heapUsed: number
  rss: number
}

const WARM_UP = 2000

// The process whose memory is looked at: assigns, sends, and says at rest what it holds.
const { url, wechatUrl, staff, count, samples } = JSON.parse(process.argv[2] ?? '') as MemoryOrder
const collect = globalThis.gc
if (!collect) throw new Error('start it with --expose-gc')

const server = await openServer(url, wechatUrl)
await hireStaff(server.database, staff, 1 + Math.ceil((count + WARM_UP) / staff))
const { firstLead } = await enterLeads(server.database, count + WARM_UP)
server.worker.start()

let lead = firstLead - 1
async function work(messages: number): Promise<void> {
  const settled = server.settled(messages)
  await perSecond(messages, 8, async () => {
    const id = ++lead
    const order = { assigneeId: String(1 + (id % staff)), version: 1 }
    const outcome = await assignClue(server.ctx, '管理员', String(id), order)
    if (!outcome.ok) throw new Error(`refused: ${outcome.refusal}`)
  })
  await settled
}

await work(WARM_UP)
for (let n = 0; n < samples; n++) {
  await work(count / samples)
  collect()
  const { heapUsed, rss } = process.memoryUsage()
  process.send?.({ heapUsed, rss } satisfies MemorySample)
}
await server.worker.stop()
await server.close()
process.disconnect()

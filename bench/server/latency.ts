import { assignClue } from '../../server/src/domain/assignment.ts'
import { startWeChat } from './emulated-wechat.ts'
import { median, quantile } from './rounds.ts'
import { enterLeads, hireStaff, openServer } from './world.ts'

const STAFF = 500
const WECHAT_ANSWERS_AFTER_MS = 20

export interface Latency {
  count: number
  p50: number
  p99: number
  /** From WeChat's side: how long one bare send takes until it is in its book. */
  bareP50: number
}

/** From the call that assigns to WeChat having the message, in milliseconds, at a steady rate. */
export async function measureLatency(
  url: string,
  { aSecond, seconds }: { aSecond: number; seconds: number },
): Promise<Latency> {
  const count = aSecond * seconds
  const wechat = await startWeChat({
    accounts: STAFF,
    grants: count,
    latencyMs: WECHAT_ANSWERS_AFTER_MS,
    keepSends: true,
  })
  const server = await openServer(url, wechat.url)
  try {
    await hireStaff(server.database, STAFF, 2 + Math.ceil((2 * count) / STAFF))
    const { firstLead } = await enterLeads(server.database, count + aSecond)
    server.worker.start()
    const startedAt = new Map<string, number>()
    const assign = async (lead: number) => {
      startedAt.set(`pages/clue/detail?id=${lead}`, Date.now())
      const order = { assigneeId: String(1 + (lead % STAFF)), version: 1 }
      const outcome = await assignClue(server.ctx, '管理员', String(lead), order)
      if (!outcome.ok) throw new Error(`refused: ${outcome.refusal}`)
    }
    // a second's worth to warm up
    await steadily(aSecond, aSecond, (n) => assign(firstLead + n), server.settled)
    const before = (await wechat.sends()).length
    await steadily(count, aSecond, (n) => assign(firstLead + aSecond + n), server.settled)

    const sends = await wechat.sends(before)
    const took = sends.map(({ page = '', at }) => at - (startedAt.get(page) ?? NaN))
    if (took.length !== count || took.some(Number.isNaN)) throw new Error('WeChat has not what was assigned')
    return {
      count,
      p50: median(took),
      p99: quantile(took, 0.99),
      bareP50: await bareSends(server, wechat),
    }
  } finally {
    await server.worker.stop()
    await server.close()
    await wechat.stop()
  }
}

/** Starts one every 1/`aSecond` s whatever becomes of those before, and waits until all are settled. */
async function steadily(
  count: number,
  aSecond: number,
  start: (n: number) => Promise<void>,
  settled: (count: number) => Promise<void>,
): Promise<void> {
  const all = settled(count)
  const begun = performance.now()
  const running: Promise<void>[] = []
  for (let n = 0; n < count; n++) {
    const due = begun + (n * 1000) / aSecond
    await new Promise((later) => setTimeout(later, Math.max(0, due - performance.now())))
    running.push(start(n))
  }
  await Promise.all(running)
  await all
}

async function bareSends(
  server: Awaited<ReturnType<typeof openServer>>,
  wechat: Awaited<ReturnType<typeof startWeChat>>,
): Promise<number> {
  const token = await server.tokens.get()
  const [like] = await wechat.sends()
  if (token.kind !== 'token' || !like) throw new Error('nothing to send again')
  const took: number[] = []
  for (let n = 0; n < 100; n++) {
    const before = (await wechat.sends()).length
    const started = Date.now()
    await server.ctx.wechat.send(token.access.token, {
      touser: like.openid,
      template_id: like.templateId,
      page: like.page ?? '',
      miniprogram_state: 'formal',
      lang: 'zh_CN',
      data: Object.fromEntries(Object.entries(like.data).map(([key, value]) => [key, { value }])),
    })
    const [sent] = await wechat.sends(before)
    if (!sent) throw new Error('a bare send failed')
    took.push(sent.at - started)
  }
  return median(took)
}

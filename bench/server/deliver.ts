import type { SubscribeMessage } from '../../server/src/wechat/client.ts'
import { startWeChat, TEMPLATE } from './emulated-wechat.ts'
import { startBoss } from './pg-boss.ts'
import { alternate } from './rounds.ts'
import {
  hireStaff,
  IN_AIR,
  makeDue,
  openidOf,
  openServer,
  push,
  queueDeliveries,
  type BenchServer,
} from './world.ts'

const STAFF = 600
/** The faster of the two settings tried here: `boss.work` fetches no more often than twice a second, so each fetch takes much. */
const WORK = { workers: 2, batchSize: 250, inAir: IN_AIR }
/** One worker with a batch of all that may be in the air: the first thing one would write. */
const ONE_BATCH = { workers: 1, batchSize: IN_AIR, inAir: IN_AIR }
const EVENTS_AFTER_MS: [number, number] = [50, 500]
const LOOPS = { loops: 4, batchSize: IN_AIR / 4 }

/** Messages a second that WeChat took and we wrote down, beside pg-boss with as many in the air. */
export async function measureDeliveries(url: string, { rounds, each }: { rounds: number; each: number }) {
  const total = each * (rounds + 1)
  const wechat = await startWeChat({ accounts: STAFF, grants: 3 * total })
  const server = await openServer(url, wechat.url)
  try {
    await hireStaff(server.database, STAFF, Math.ceil(total / STAFF) + 1)
    await queueDeliveries(server.database, total)
    const token = await server.tokens.get()
    if (token.kind !== 'token') throw new Error('the emulated WeChat gave no token')
    const send = async (message: SubscribeMessage) =>
      (await server.ctx.wechat.send(token.access.token, message)).kind === 'sent'
    const boss = await startBoss(url, send)
    server.worker.start()

    const timed = async (work: () => Promise<void>) => {
      const started = performance.now()
      await work()
      return (each / (performance.now() - started)) * 1000
    }
    const ways = {
      ours: async () => {
        await makeDue(server.database, each)
        return timed(async () => {
          const settled = server.settled(each)
          server.worker.wake()
          await settled
        })
      },
      bossWork: async () => {
        await boss.enqueue(messages(each))
        return timed(() => boss.work(each, WORK))
      },
      bossOneBatch: async () => {
        await boss.enqueue(messages(each))
        return timed(() => boss.work(each, ONE_BATCH))
      },
      bossLoop: async () => {
        await boss.enqueue(messages(each))
        return timed(() => boss.drain(LOOPS))
      },
      sendsOnly: () =>
        timed(async () => {
          const all = messages(each)
          await Promise.all(
            Array.from({ length: IN_AIR }, async () => {
              for (let one = all.pop(); one; one = all.pop())
                if (!(await send(one))) throw new Error('a bare send failed')
            }),
          )
        }),
    }
    await ways.ours()
    await ways.bossLoop()
    const figures = await alternate(rounds, ways)
    await server.worker.stop()
    await boss.stop()
    return figures
  } finally {
    await server.close()
    await wechat.stop()
  }
}

/** The same while WeChat pushes an event about each, encrypted; the next round begins when all are worked off. */
export async function measureWithEvents(url: string, { rounds, each }: { rounds: number; each: number }) {
  const total = each * (rounds + 1)
  const wechat = await startWeChat({ accounts: STAFF, grants: total })
  const server = await openServer(url, wechat.url)
  const face = await server.serve()
  try {
    await hireStaff(server.database, STAFF, Math.ceil(total / STAFF) + 1)
    await queueDeliveries(server.database, total)
    const target = {
      url: `${face.url}/wechat/events`,
      ...push,
      mode: 'encrypted',
      format: 'json',
      latencyMs: EVENTS_AFTER_MS,
    } as const
    await wechat.pushTo(target)
    server.worker.start()
    server.pushWorker.start()
    await round(server, each)
    const figures: number[] = []
    for (let n = 0; n < rounds; n++) figures.push(await round(server, each))
    return figures
  } finally {
    await server.worker.stop()
    await server.pushWorker.stop()
    await face.close()
    await server.close()
    await wechat.stop()
  }
}

async function round(server: BenchServer, each: number): Promise<number> {
  await makeDue(server.database, each)
  const [settled, events] = [server.settled(each), server.pushesHandled(each)]
  const started = performance.now()
  server.worker.wake()
  await settled
  const rate = (each / (performance.now() - started)) * 1000
  await events
  return rate
}

const messages = (count: number): SubscribeMessage[] =>
  Array.from({ length: count }, (_, n) => ({
    touser: openidOf(1 + (n % STAFF)),
    template_id: TEMPLATE,
    page: `pages/clue/detail?id=${n}`,
    miniprogram_state: 'formal',
    lang: 'zh_CN',
    data: {
      thing1: { value: `线索 ${n}` },
      time2: { value: '2026-11-23 09:42' },
      phrase3: { value: '待跟进' },
    },
  }))

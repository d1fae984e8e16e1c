import PgBoss from 'pg-boss'
import type { SubscribeMessage } from '../../server/src/wechat/client.ts'

const QUEUE = 'messages'

export interface Boss {
  enqueue(messages: SubscribeMessage[]): Promise<void>
  /** `boss.work` as the documentation shows it; resolves when `count` jobs are completed. */
  work(count: number, settings: { workers: number; batchSize: number; inAir: number }): Promise<void>
  /** Loops of `fetch`, all its sends at once, `complete`; resolves when nothing is left. */
  drain(settings: { loops: number; batchSize: number }): Promise<void>
  stop(): Promise<void>
}

/** A job is a message, and is done when `send` was; what WeChat answered is kept nowhere. */
export async function startBoss(
  url: string,
  send: (message: SubscribeMessage) => Promise<boolean>,
): Promise<Boss> {
  const boss = new PgBoss({ connectionString: url, max: 10, supervise: false, schedule: false })
  const failures: unknown[] = []
  boss.on('error', (error) => failures.push(error))
  await boss.start()
  await boss.createQueue(QUEUE)

  async function perform({ data }: PgBoss.Job<SubscribeMessage>): Promise<void> {
    if (!(await send(data))) throw new Error('WeChat did not take a message of pg-boss')
  }

  return {
    enqueue: async (messages) => {
      await boss.insert(messages.map((data) => ({ name: QUEUE, data })))
    },
    async work(count, { workers, batchSize, inAir }) {
      let left = count
      await new Promise<void>((done, failed) => {
        const handle = async (jobs: PgBoss.Job<SubscribeMessage>[]) => {
          await inParallel(jobs, Math.ceil(inAir / workers), perform).catch(failed)
          left -= jobs.length
          if (left === 0) done()
        }
        for (let n = 0; n < workers; n++)
          boss.work<SubscribeMessage>(QUEUE, { batchSize, pollingIntervalSeconds: 0.5 }, handle).catch(failed)
      })
      // it does not wait for its own completions
      while ((await boss.getQueueSize(QUEUE, { before: 'completed' })) > 0) await nextTick()
      await boss.offWork(QUEUE)
      if (failures.length > 0) throw failures[0]
    },
    async drain({ loops, batchSize }) {
      const loop = async () => {
        for (;;) {
          const jobs = await boss.fetch<SubscribeMessage>(QUEUE, { batchSize })
          if (jobs.length === 0) return
          await Promise.all(jobs.map(perform))
          await boss.complete(
            QUEUE,
            jobs.map(({ id }) => id),
          )
        }
      }
      await Promise.all(Array.from({ length: loops }, loop))
    },
    stop: () => boss.stop({ graceful: false }),
  }
}

const nextTick = () => new Promise((next) => setTimeout(next, 2))

async function inParallel<T>(items: T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let item = items[next++]; item; item = items[next++]) await work(item)
    }),
  )
}

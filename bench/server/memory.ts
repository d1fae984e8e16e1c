import { fork } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { startWeChat } from './emulated-wechat.ts'
import { median } from './rounds.ts'
import type { MemoryOrder, MemorySample } from './memory-process.ts'

const STAFF = 1000

export interface Memory {
  count: number
  seconds: number
  /** Bytes, medians of the first and of the last quarter; the heap after a collection. */
  heap: [first: number, last: number]
  rss: [first: number, last: number]
}

/** Assigns and sends `count` messages in one process of their own, and looks at its memory on the way. */
export async function measureMemory(url: string, count: number): Promise<Memory> {
  const wechat = await startWeChat({ accounts: STAFF, grants: count })
  const order: MemoryOrder = { url, wechatUrl: wechat.url, staff: STAFF, count, samples: 40 }
  const child = fork(resolve(import.meta.dirname, 'memory-process.ts'), [JSON.stringify(order)], {
    execArgv: ['--expose-gc', '--import', import.meta.resolve('tsx')],
  })
  const samples: MemorySample[] = []
  child.on('message', (sample: MemorySample) => samples.push(sample))
  try {
    const started = performance.now()
    const [code] = (await once(child, 'exit')) as [number | null]
    if (code !== 0 || samples.length < order.samples) throw new Error('the measured process ended early')
    const quarter = order.samples / 4
    const both = (of: (sample: MemorySample) => number): [number, number] => [
      median(samples.slice(0, quarter).map(of)),
      median(samples.slice(-quarter).map(of)),
    ]
    return {
      count,
      seconds: (performance.now() - started) / 1000,
      heap: both(({ heapUsed }) => heapUsed),
      rss: both(({ rss }) => rss),
    }
  } finally {
    child.kill()
    await wechat.stop()
  }
}

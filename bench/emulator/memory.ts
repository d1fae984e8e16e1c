import { fork } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import type { Browser } from 'playwright-core'
import { accountsOf } from '../../tests/story/people.ts'
import { browserUse } from './processes.ts'

/** Of so many phones that stand in one page, each on its login page; bytes, beyond what there is without a phone. */
export interface Memory {
  phones: number
  /** JavaScript's, after a collection. */
  heap: number
  /** The browser's processes, where it can be told. */
  browser: number | undefined
  /** The heap of the emulator's own process. */
  node: number
}

export async function measureMemory(
  launch: () => Promise<Browser>,
  dist: string,
  counts: readonly number[],
): Promise<Memory[]> {
  const host = fork(resolve(import.meta.dirname, 'host.ts'), [dist, String(Math.max(...counts))], {
    execArgv: ['--expose-gc', '--import', 'tsx'],
  })
  const ask = async <T>(question: string): Promise<T> => {
    const answer = once(host, 'message')
    host.send(question)
    return (await answer)[0] as T
  }
  const look = async (url: string, phones: number): Promise<Memory> => {
    // a new one each time: what others left would be counted
    const browser = await launch()
    const context = await browser.newContext({ viewport: { width: 1600, height: 900 } })
    const page = await context.newPage()
    const frames = accountsOf(phones).map(({ openid }) => `<iframe src="/phone?openid=${openid}"></iframe>`)
    const body = `<!doctype html>${frames.join('')}`
    await page.route('**/many', (route) => route.fulfill({ contentType: 'text/html', body }))
    await page.goto(`${url}/many`)
    const opened = page.frames().filter((frame) => frame !== page.mainFrame())
    await Promise.all(opened.map((frame) => frame.locator('[exparser\\:info-attr-id="login"]').waitFor()))
    const cdp = await context.newCDPSession(page)
    for (let n = 0; n < 2; n++) await cdp.send('HeapProfiler.collectGarbage')
    await cdp.send('Performance.enable')
    const { metrics } = await cdp.send('Performance.getMetrics')
    const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? NaN
    const found = { phones, heap, browser: browserUse()?.memory, node: await ask<number>('heap') }
    await browser.close()
    return found
  }
  try {
    const url = await ask<string>('url')
    // once for what the emulator keeps anyway
    await look(url, 1)
    const none = await look(url, 0)
    const found: Memory[] = []
    for (const count of counts) {
      const { heap, browser, node } = await look(url, count)
      const more = browser === undefined || none.browser === undefined ? undefined : browser - none.browser
      found.push({ phones: count, heap: heap - none.heap, browser: more, node: node - none.node })
    }
    return found
  } finally {
    host.kill()
    await once(host, 'exit')
  }
}

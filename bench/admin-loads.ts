import type { Browser, Page } from 'playwright-core'

/** How far away the backend is and how fast the machine, put before Chromium by its own developer tools. */
export interface Circumstances {
  name: string
  mbits: number
  /** From a request to the first byte of its answer. */
  latencyMs: number
  /** So many times slower than the machine that measures. */
  cpu: number
}

export const desktop: Circumstances = { name: 'desktop, 10 Mbit/s, 40 ms', mbits: 10, latencyMs: 40, cpu: 1 }
export const slow4g: Circumstances = {
  name: 'slow 4G, 1.6 Mbit/s, 150 ms, CPU ÷ 4',
  mbits: 1.6,
  latencyMs: 150,
  cpu: 4,
}

/** What one address gave: the body as the network carried it, and as it is without compression. */
export interface LoadedFile {
  name: string
  sent: number
  raw: number
}

export interface Load {
  /** The page, its scripts, styles and pictures, in the order of their requests. */
  files: LoadedFile[]
  /** All requests, with the calls of the API and the stream of events. */
  requests: number
  /** Milliseconds since the navigation began. */
  firstPaint: number
  largestPaint: number
  usable: number
  /** Beyond the first 50 ms of each task that was longer, after the first paint: Lighthouse's total blocking time. */
  blocked: number
  /** Cumulative layout shift; no unit. */
  shift: number
}

export interface Scene {
  name: string
  address: string
  /** Kept in localStorage before the page begins. */
  storage: Record<string, string>
  /** Of what the clerk waits for. */
  selector: string
}

interface Marks {
  usable?: number
  largestPaint: number
  shift: number
  tasks: { start: number; duration: number }[]
}
declare global {
  interface Window {
    marks: Marks
  }
}

/** Opens a scene once with nothing in the cache. */
export async function load(browser: Browser, scene: Scene, it: Circumstances): Promise<Load> {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: { width: 1280, height: 800 } })
  context.setDefaultTimeout(30_000)
  try {
    const page = await context.newPage()
    const network = await watchNetwork(page, it)
    await page.addInitScript(observe, scene)
    await page.goto(scene.address)
    await page.waitForFunction(() => window.marks.usable !== undefined, undefined, { polling: 100 })
    // what came late counts, too; a stream that stays open is never idle
    await network.quiet(1000)
    const marks = await page.evaluate(() => window.marks)
    const firstPaint = await page.evaluate(
      () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
    )
    return {
      files: network.files(),
      requests: network.requests(),
      firstPaint,
      largestPaint: marks.largestPaint,
      usable: marks.usable ?? NaN,
      blocked: marks.tasks
        .filter(({ start, duration }) => start + duration > firstPaint)
        .reduce((sum, { duration }) => sum + Math.max(0, duration - 50), 0),
      shift: marks.shift,
    }
  } finally {
    await context.close()
  }
}

/** Runs in the page, before anything of the page does. No function in it has a name: tsx would call a helper to keep it. */
function observe({ storage, selector }: Scene): void {
  for (const [key, value] of Object.entries(storage)) localStorage.setItem(key, value)
  const marks: Marks = { largestPaint: NaN, shift: 0, tasks: [] }
  window.marks = marks
  for (const type of ['largest-contentful-paint', 'layout-shift', 'longtask'])
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { startTime, duration } = entry
        if (type === 'largest-contentful-paint') marks.largestPaint = startTime
        else if (type === 'longtask') marks.tasks.push({ start: startTime, duration })
        else if ('value' in entry && !('hadRecentInput' in entry && entry.hadRecentInput))
          marks.shift += Number(entry.value)
      }
    }).observe({ type, buffered: true })
  new MutationObserver((_changes, observer) => {
    if (!document.querySelector(selector)) return
    observer.disconnect()
    // on screen with the frame that is drawn next
    requestAnimationFrame(() => requestAnimationFrame((now) => (marks.usable = now)))
  }).observe(document, { childList: true, subtree: true })
}

/** Slows the network down and writes down what comes over it. */
async function watchNetwork(page: Page, { mbits, latencyMs, cpu }: Circumstances) {
  const session = await page.context().newCDPSession(page)
  const asked = new Map<
    string,
    { name: string; isFile: boolean; headers: number; raw: number; sent?: number }
  >()
  let lastHeard = Date.now()

  session.on('Network.requestWillBeSent', ({ requestId, request, type }) => {
    lastHeard = Date.now()
    const { pathname } = new URL(request.url)
    const isFile = type !== 'Fetch' && type !== 'XHR' && !request.url.startsWith('data:')
    asked.set(requestId, { name: pathname.split('/').at(-1) || 'index.html', isFile, headers: 0, raw: 0 })
  })
  session.on('Network.responseReceived', ({ requestId, response }) => {
    const entry = asked.get(requestId)
    if (entry) entry.headers = response.encodedDataLength
  })
  session.on('Network.dataReceived', ({ requestId, dataLength }) => {
    const entry = asked.get(requestId)
    if (entry) entry.raw += dataLength
  })
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    lastHeard = Date.now()
    const entry = asked.get(requestId)
    if (entry) entry.sent = encodedDataLength - entry.headers
  })
  await session.send('Network.enable')
  const bytesPerSecond = (mbits * 1_000_000) / 8
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: latencyMs,
    downloadThroughput: bytesPerSecond,
    uploadThroughput: bytesPerSecond,
  })
  await session.send('Emulation.setCPUThrottlingRate', { rate: cpu })

  return {
    quiet: async (ms: number) => {
      while (Date.now() - lastHeard < ms) await page.waitForTimeout(ms / 4)
    },
    files: (): LoadedFile[] =>
      [...asked.values()].flatMap(({ name, isFile, raw, sent }) =>
        isFile && sent !== undefined ? [{ name, sent, raw }] : [],
      ),
    requests: () => [...asked.values()].length,
  }
}

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import type { Browser } from 'playwright-core'
import { watchScreen } from './screen.ts'

/** Milliseconds. */
export interface Start {
  /** From the command to its line with the address. */
  listening: number
  /** From the command to the login page's drawn button, in a browser that is open already. */
  firstPage: number
  /** From a reload to the same. */
  reload: number
}

const program = resolve(import.meta.dirname, '../../emulator/bin/leadbell-emulator.mjs')
const BUTTON = '[exparser\\:info-attr-id="login"]'

/** One cold start of the command line, and the page opened twice. */
export async function start(browser: Browser, dist: string): Promise<Start> {
  const began = Date.now()
  const child = spawn(process.execPath, [program, dist, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const url = await addressOf(child)
    const listening = Date.now() - began
    const context = await browser.newContext({ viewport: { width: 375, height: 667 } })
    const page = await context.newPage()
    await watchScreen(page)
    await page.goto(`${url}/phone`)
    const drawn = () =>
      page.evaluate(async (button) => {
        const at = await window.watch.drawn(button)
        return { at, since1970: window.watch.origin + at }
      }, BUTTON)
    const first = await drawn()
    await page.reload()
    const again = await drawn()
    await context.close()
    return { listening, firstPage: first.since1970 - began, reload: again.at }
  } finally {
    child.kill()
    await once(child, 'exit')
  }
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let said = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0]
      if (url) found(url)
    })
    child.once('exit', () => failed(new Error(`leadbell-emulator ended: ${said}`)))
  })
}

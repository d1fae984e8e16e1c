import { setTimeout as sleep } from 'node:timers/promises'
import { accountsOf, hearOfTheLead, hire, logIn } from '../../tests/story/people.ts'
import { startWorld } from '../../tests/story/world.ts'
import { browserUse } from './processes.ts'

export interface Twenty {
  phones: number
  /** Milliseconds, of all of them at once, on the real backend. */
  opened: number
  loggedIn: number
  heard: number
  /** Of one core, while nobody does anything: the browser with all its phones, and this process with the emulator. */
  idle: { browser: number | undefined; node: number }
}

const IDLE_MS = 10_000

export async function measureTwenty(dist: string, phones = 20): Promise<Twenty> {
  const world = await startWorld({ dist, accounts: accountsOf(phones) })
  try {
    let since = Date.now()
    const lap = () => {
      const took = Date.now() - since
      since = Date.now()
      return took
    }
    const people = await hire(world, phones)
    const opened = lap()
    await Promise.all(people.map((person) => logIn(world, person)))
    const loggedIn = lap()
    await Promise.all(people.map((person) => hearOfTheLead(world, person)))
    const heard = lap()
    const errors = (await Promise.all(people.map(({ phone }) => phone.errors()))).flat()
    if (errors.length > 0) throw new Error(errors.join('\n'))
    await sleep(2000)
    return { phones, opened, loggedIn, heard, idle: await idle() }
  } finally {
    await world.close()
  }
}

async function idle(): Promise<Twenty['idle']> {
  const [browser, node] = [browserUse()?.cpu, process.cpuUsage()]
  await sleep(IDLE_MS)
  const { user, system } = process.cpuUsage(node)
  const used = browserUse()?.cpu
  return {
    browser: browser === undefined || used === undefined ? undefined : (used - browser) / IDLE_MS,
    node: (user + system) / 1000 / IDLE_MS,
  }
}

import { once } from 'node:events'
import type { Clue } from '@leadbell/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { engine } from './testing/database.ts'
import { EventStream } from './testing/event-stream.ts'
import {
  ADMIN_TOKEN,
  call,
  ownPlace,
  runCommand,
  setUpProcesses,
  startServer,
  type Running,
} from './testing/server-process.ts'

setUpProcesses()

let place: Awaited<ReturnType<typeof ownPlace>>
beforeEach(async () => {
  place = await ownPlace()
})
afterEach(() => place.drop())

async function watch({ url }: Running): Promise<EventStream> {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` }
  const stream = new EventStream(await fetch(`${url}/admin/events`, { headers }))
  expect(await stream.next()).toMatchObject({ event: 'hello' })
  return stream
}

const enter = (server: Running) =>
  call<Clue>(server, 'POST', '/admin/clues', {
    admin: true,
    body: { title: '恒泰建材', customerName: '王', phone: '13800001024' },
  })

describe('live updates', { timeout: 60_000 }, () => {
  it('end at once when the server stops, which does not wait for them', async () => {
    const server = await startServer(place.env)
    const streams = [await watch(server), await watch(server)]
    await enter(server)
    for (const stream of streams) await stream.heard(['clues'])
    const ended = once(server.child, 'close')
    server.child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
    for (const stream of streams)
      expect((await stream.rest()).filter((name) => name !== 'change')).toEqual([])
    expect(server.output()).toMatch(/"msg":"stopped"/)
    expect(server.output()).not.toMatch(/"level":(50|60)/)
  })

  if (engine === 'postgres') {
    it('tell of what changes in another process, also when its notices were cut off for a while', async () => {
      const [here, there] = [await startServer(place.env), await startServer(place.env)]
      const stream = await watch(here)
      // what they said about themselves when they started
      await enter(there)
      await stream.heard(['clues'])

      const database = await place.open()
      const { rows } = await database.pool.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query ilike 'listen%'",
      )
      expect(rows).toHaveLength(2)
      await database.close()
      await stream.heard(['clues', 'deliveries', 'staff'])
      await call(there, 'POST', '/admin/staff', {
        admin: true,
        body: { username: 'zhou', realname: '周也', password: 'a good password' },
      })
      await stream.heard(['staff'])
      await stream.close()
    })

    it('tell of a new process, as the one before may have died with something to say', async () => {
      const here = await startServer(place.env)
      const stream = await watch(here)
      await startServer(place.env)
      await stream.heard(['clues', 'deliveries', 'staff'])
      await stream.close()
    })

    it('tell of an account that was made on the server', async () => {
      const here = await startServer(place.env)
      const stream = await watch(here)
      const added = await runCommand('add-account', {
        args: ['lin', '林可'],
        env: place.env,
        input: 'a good password\n',
      })
      expect(added.code).toBe(0)
      await stream.heard(['staff'])
      await stream.close()
    })
  }
})

import { endpoints, type EndpointName } from '@leadbell/contract'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accounts } from '../db/schema.ts'
import { enterAs } from '../testing/back-office.ts'
import { Harness, type Person } from '../testing/harness.ts'

type Worker = Person & { token: string }

let server: Harness
let staff: Worker
let clerk: Worker
let admin: Worker
beforeAll(async () => {
  server = await Harness.start()
  staff = await enterAs(server, 'staff')
  clerk = await enterAs(server, 'clerk')
  admin = await enterAs(server, 'admin')
})
afterAll(() => server.stop())

const methods = ['GET', 'POST', 'PUT', 'DELETE'] as const

/** Calls it with an id that nobody has and nothing in the body: what matters is who is let that far. */
function call(
  name: EndpointName,
  who: { token?: string; admin?: boolean; headers?: Record<string, string> },
) {
  const [verb, path = ''] = name.split(' ')
  const method = methods.find((known) => known === verb) ?? 'GET'
  return server.call(method, path.replace(/\{\w+\}/g, '999999'), {
    ...who,
    ...(method !== 'GET' && { body: {} }),
  })
}

const guarded = (Object.keys(endpoints) as EndpointName[]).flatMap((name) => {
  const { access } = endpoints[name]
  return access === 'clerk' || access === 'admin' ? [{ name, access }] : []
})

describe.each(guarded)('$name, for $access', ({ name, access }) => {
  it('lets the server’s token in', async () => {
    const { status } = await call(name, { admin: true })
    expect([200, 400, 404]).toContain(status)
  })

  it('lets an account with the role in, and no other', async () => {
    const refused = { status: 403, code: 403, message: '您的账号没有后台权限，请联系管理员', result: null }
    expect(await call(name, staff)).toMatchObject(refused)
    expect([200, 400, 404]).toContain((await call(name, admin)).status)
    if (access === 'admin') expect(await call(name, clerk)).toMatchObject(refused)
    else expect([200, 400, 404]).toContain((await call(name, clerk)).status)
  })

  it('lets nobody in without either, nor with a session that is none', async () => {
    expect(await call(name, {})).toMatchObject({ status: 401, code: 401 })
    expect(await call(name, { token: 'made-up' })).toMatchObject({
      status: 401,
      code: 401,
      message: '登录已失效，请重新登录',
    })
  })
})

describe('a session', () => {
  it('opens what is for phones to every role', async () => {
    for (const { token } of [staff, clerk, admin])
      expect(await server.call('GET', '/clues', { token })).toMatchObject({ code: 200 })
  })

  it('tells the role at login', async () => {
    expect((await server.login(clerk)).result.userInfo).toMatchObject({ role: 'clerk' })
  })

  it('loses the back office with the role, at once', async () => {
    const person = await enterAs(server, 'clerk')
    const list = () => server.call('GET', '/admin/clues', { token: person.token })
    expect(await list()).toMatchObject({ status: 200 })
    await change(person, { role: 'staff' })
    expect(await list()).toMatchObject({ status: 403 })
  })

  it('of a disabled account is none, and is one again when it is enabled', async () => {
    const person = await enterAs(server, 'clerk')
    const { token } = person
    await change(person, { disabledAt: server.now() })
    for (const path of ['/clues', '/admin/clues'])
      expect(await server.call('GET', path, { token })).toMatchObject({ status: 401 })
    await change(person, { disabledAt: null })
    expect(await server.call('GET', '/admin/clues', { token })).toMatchObject({ status: 200 })
  })
})

describe('when a person was last seen', () => {
  it('is written at most once in five minutes', async () => {
    const person = await enterAs(server, 'staff')
    const visit = async () => {
      await server.call('GET', '/notify/quota', { token: person.token })
      return seenAt(person)
    }
    const first = server.now()
    expect(await visit()).toEqual(first)
    server.advance(299_999)
    expect(await visit()).toEqual(first)
    server.advance(1)
    expect(await visit()).toEqual(server.now())
  })

  it('is not of a request that was turned away', async () => {
    const person = await enterAs(server, 'staff')
    await change(person, { disabledAt: server.now() })
    await server.call('GET', '/clues', { token: person.token })
    expect(await seenAt(person)).toBeNull()
  })
})

const one = (person: Person) => eq(accounts.id, Number(person.id))

async function change(person: Person, to: Partial<typeof accounts.$inferInsert>): Promise<void> {
  await server.db.database.db.update(accounts).set(to).where(one(person))
}

async function seenAt(person: Person): Promise<Date | null | undefined> {
  const [row] = await server.db.database.db.select().from(accounts).where(one(person))
  return row?.lastSeenAt
}

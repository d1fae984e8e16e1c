import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { upsertAccount } from '../db/accounts.ts'
import { accounts } from '../db/schema.ts'
import { Harness, type Person } from '../testing/harness.ts'

let server: Harness
beforeAll(async () => {
  server = await Harness.start()
})
afterAll(() => server.stop())

const wrong = { status: 200, code: 500, message: '用户名或密码错误' }

async function disable(person: Person): Promise<void> {
  const { db } = server.db.database
  await db
    .update(accounts)
    .set({ disabledAt: server.now() })
    .where(eq(accounts.id, Number(person.id)))
}

describe('passwords of our own', () => {
  it('an account without one lets nobody in, whatever is typed', async () => {
    const account = { username: 'from-jeecgboot', realname: '林可', createdAt: server.now() }
    const { id } = await upsertAccount(server.db.database.db, account)
    const person = { id: String(id), username: account.username, openid: 'openid-of-lin' }
    for (const password of ['null', 'undefined', ' ', '$argon2id$'])
      expect(await server.login(person, { password })).toMatchObject(wrong)
  })

  it('a disabled account is told so, after the right password only', async () => {
    const person = await server.hire()
    await disable(person)
    expect(await server.login(person, { password: 'a wrong one' })).toMatchObject(wrong)
    expect(await server.login(person)).toMatchObject({
      status: 200,
      code: 500,
      message: '账号已停用，请联系管理员',
      result: null,
    })
  })

  it('a disabled account binds no WeChat', async () => {
    const [gone, colleague] = [await server.hire(), await server.hire()]
    await disable(gone)
    await server.login(gone)
    expect(await server.login({ ...colleague, openid: gone.openid })).toMatchObject({
      code: 200,
      result: { wechat: { bound: true } },
    })
  })
})

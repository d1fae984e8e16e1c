import { randomUUID } from 'node:crypto'
import type { StaffDetail, StaffMember, StaffPage } from '@leadbell/contract'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createMember } from '../domain/staff.ts'
import { Harness, PASSWORD, TEMPLATE, type Person } from '../testing/harness.ts'

let server: Harness
beforeAll(async () => {
  server = await Harness.start()
})
afterAll(() => server.stop())

const list = async (query = '') =>
  (await server.call<StaffPage>('GET', `/admin/staff?limit=50${query}`, { admin: true })).result
const detail = async (id: string) =>
  (await server.call<StaffDetail>('GET', `/admin/staff/${id}`, { admin: true })).result
const create = (body: Record<string, unknown>) =>
  server.call<StaffMember>('POST', '/admin/staff', { admin: true, body })
const change = (id: string, body: Record<string, unknown>) =>
  server.call<StaffMember>('PUT', `/admin/staff/${id}`, { admin: true, body })
const setDisabled = async ({ id }: { id: string }, disabled: boolean) =>
  change(id, { version: (await detail(id)).version, disabled })

let names = 0
const newName = () => `member-${++names}`
const hireAs = async (role: StaffMember['role'], realname = '沈清') =>
  (await create({ username: newName(), realname, role, password: PASSWORD })).result
/** Somebody whose WeChat is bound. */
async function hireBound(realname?: string): Promise<Person & { token: string }> {
  const person = await server.hire(realname)
  return { ...person, token: await server.tokenOf(person) }
}
const isIn = (token: string) => server.call('GET', '/notify/quota', { token })

describe('the list of staff', () => {
  it('says of everybody what may still be sent to their WeChat and what waits for it', async () => {
    const paid = await hireBound('严一')
    const broke = await hireBound('严二')
    const away = await server.hire('严三')
    await server.accept(paid, paid.token)
    await server.accept(paid, paid.token)
    await server.assign(broke)
    await server.assign(away)
    await server.assign(away)
    const { items } = await list('&q=严')
    const seen = items.map(({ id, bound, quota, waiting }) => ({ id, bound, quota, waiting }))
    expect(seen).toEqual([
      { id: paid.id, bound: true, quota: { [TEMPLATE]: 2 }, waiting: 0 },
      { id: broke.id, bound: true, quota: { [TEMPLATE]: 0 }, waiting: 1 },
      { id: away.id, bound: false, quota: { [TEMPLATE]: 0 }, waiting: 2 },
    ])
    expect(await list('&q=严&maxQuota=0')).toMatchObject({ items: [{ id: broke.id }, { id: away.id }] })
    expect((await list('&q=严&maxQuota=2')).items).toHaveLength(3)
    expect((await list('&q=严&bound=1')).items.map(({ id }) => id)).toEqual([paid.id, broke.id])
    expect((await list('&q=严&bound=0')).items.map(({ id }) => id)).toEqual([away.id])
  })

  it('names as hard to reach neither who works in the back office nor who is disabled', async () => {
    const [clerk, gone, here] = [
      await hireAs('clerk', '尤'),
      await hireAs('staff', '尤'),
      await hireAs('staff', '尤'),
    ]
    await setDisabled(gone, true)
    expect((await list('&q=尤')).items.map(({ id }) => id)).toEqual([clerk.id, gone.id, here.id])
    expect((await list('&q=尤&maxQuota=0')).items.map(({ id }) => id)).toEqual([here.id])
    expect((await list('&q=尤&role=clerk')).items.map(({ id }) => id)).toEqual([clerk.id])
  })

  it('is cut into pages that nothing falls between, whatever changes meanwhile', async () => {
    const people: string[] = []
    for (let n = 0; n < 5; n++) people.push((await hireAs('staff', `页${n}`)).id)
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: StaffPage = (
        await server.call<StaffPage>('GET', `/admin/staff?limit=2&q=页${cursor && `&cursor=${cursor}`}`, {
          admin: true,
        })
      ).result
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.nextCursor
      await hireAs('staff', '别人')
    }
    expect(seen).toEqual(people)
  })

  it('refuses a cursor that it did not make', async () => {
    expect(await server.call('GET', '/admin/staff?cursor=bm8', { admin: true })).toMatchObject({
      status: 400,
    })
  })

  it('finds a username too, and takes no letter for a wildcard', async () => {
    const { id, username } = await hireAs('staff', '百分')
    expect((await list(`&q=${username.toUpperCase()}`)).items.map((one) => one.id)).toContain(id)
    expect((await list('&q=%25')).items).toEqual([])
  })

  it('costs one statement, however many are on the page', async () => {
    const query = vi.spyOn(server.ctx.database.pool, 'query')
    expect((await list()).items.length).toBeGreaterThan(5)
    expect(query).toHaveBeenCalledTimes(1)
    query.mockRestore()
  })
})

describe('a new account', () => {
  it('can log in with its password', async () => {
    const username = newName()
    const made = await create({ username, realname: '鲁迟', password: PASSWORD })
    expect(made).toMatchObject({
      code: 200,
      result: {
        username,
        realname: '鲁迟',
        role: 'staff',
        version: 1,
        disabled: false,
        bound: false,
        waiting: 0,
      },
    })
    const person = { id: made.result.id, username, openid: `openid-${username}` }
    expect(await server.login(person)).toMatchObject({ code: 200 })
    expect(await detail(person.id)).toMatchObject({ bound: true })
  })

  it('is refused under a name that is taken', async () => {
    const { username } = await hireAs('staff')
    expect(await create({ username, realname: '另一人', password: PASSWORD })).toMatchObject({
      status: 409,
      message: `用户名 ${username} 已存在，请换一个`,
    })
  })

  it('is refused without a password where this server checks passwords', async () => {
    expect(await create({ username: newName(), realname: '无密' })).toMatchObject({
      status: 400,
      success: false,
    })
  })

  it('needs none where another system checks them', async () => {
    const made = await createMember(
      server.ctx,
      { username: newName(), realname: '外来', role: 'staff' },
      { passwordNeeded: false },
    )
    expect(made).toMatchObject({ ok: true, value: { realname: '外来', version: 1 } })
  })

  it('is made by admins only', async () => {
    const clerk = await hireAs('clerk')
    const token = await server.tokenOf({ ...clerk, openid: `openid-${clerk.username}` })
    const body = { username: newName(), realname: '越权', password: PASSWORD }
    expect(await server.call('POST', '/admin/staff', { token, body })).toMatchObject({ status: 403 })
    expect(await server.call('GET', '/admin/staff', { token })).toMatchObject({ status: 200 })
  })
})

describe('changing an account', () => {
  it('is one edit; on a stale version it does nothing and is answered with the present one', async () => {
    const { id, version } = await hireAs('staff', '旧名')
    const changed = await change(id, { version, realname: '新名', role: 'clerk' })
    expect(changed).toMatchObject({
      code: 200,
      result: { realname: '新名', role: 'clerk', version: version + 1 },
    })
    expect(await change(id, { version, realname: '别名' })).toMatchObject({
      status: 409,
      code: 409,
      result: changed.result,
    })
    expect(await detail(id)).toMatchObject({ realname: '新名' })
  })

  it('to what it is already is no edit', async () => {
    const { id, version, realname } = await hireAs('staff')
    for (let n = 0; n < 2; n++)
      expect(await change(id, { version, realname, disabled: false })).toMatchObject({ result: { version } })
  })

  it('of nobody is 404', async () => {
    for (const id of ['999999', '0', 'abc', '9'.repeat(40)])
      expect(await change(id, { version: 1 })).toMatchObject({ status: 404 })
  })

  it('takes a version that no column could hold for a stale one', async () => {
    const { id } = await hireAs('staff')
    expect(await change(id, { version: 1e15, realname: '大' })).toMatchObject({ status: 409 })
  })

  it('by two at once: one wins and the other is told', async () => {
    const { id, version } = await hireAs('staff')
    const both = await Promise.all(['甲', '乙'].map((realname) => change(id, { version, realname })))
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  it('with a new password logs out everywhere, and the new one works at once after wrong guesses', async () => {
    const person = await hireBound()
    for (let n = 0; n < 6; n++) await server.login(person, { password: 'a wrong password' })
    expect(await server.login(person)).toMatchObject({ status: 429 })
    const { version } = await detail(person.id)
    expect(await change(person.id, { version, password: 'another password' })).toMatchObject({
      result: { version: version + 1 },
    })
    expect(await isIn(person.token)).toMatchObject({ status: 401 })
    expect(await server.login(person)).toMatchObject({ code: 500 })
    expect(await server.login(person, { password: 'another password' })).toMatchObject({ code: 200 })
  })
})

describe('a disabled account', () => {
  it('is out at once, and cannot come back by password or by WeChat until it is enabled', async () => {
    const person = await hireBound()
    expect(await setDisabled(person, true)).toMatchObject({ result: { disabled: true } })
    expect(await isIn(person.token)).toMatchObject({ status: 401 })
    expect(await server.login(person)).toMatchObject({ success: false })
    const silently = () =>
      server.call('POST', '/notify/login', { body: { code: `code-of-${person.openid}#${randomUUID()}` } })
    expect(await silently()).toMatchObject({ success: false })
    await setDisabled(person, false)
    expect(await silently()).toMatchObject({ success: true })
  })

  it('is not rung; what was queued waits and goes out when it is enabled again', async () => {
    const person = await hireBound()
    await server.accept(person, person.token)
    const { delivery } = await server.assign(person)
    expect(delivery.state).toBe('ready')
    await setDisabled(person, true)
    await server.worker.round()
    expect(await server.delivery(delivery.id)).toMatchObject({ state: 'waiting' })
    expect(await detail(person.id)).toMatchObject({ waiting: 1, quota: { [TEMPLATE]: 1 } })
    await setDisabled(person, false)
    await server.worker.round()
    expect(await server.delivery(delivery.id)).toMatchObject({ state: 'sent' })
    expect(await detail(person.id)).toMatchObject({ waiting: 0, quota: { [TEMPLATE]: 0 } })
  })
})

describe('the last admin', () => {
  it('can be neither disabled nor demoted, and two cannot go at the same time', async () => {
    const [one, two] = [await hireAs('admin'), await hireAs('admin')]
    const demote = ({ id, version }: StaffMember) => change(id, { version, role: 'clerk' })
    const both = await Promise.all([demote(one), demote(two)])
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
    const [left] = (await list('&role=admin')).items
    if (!left) throw new Error('no admin is left')
    for (const body of [{ disabled: true }, { role: 'staff' }])
      expect(await change(left.id, { version: left.version, ...body })).toMatchObject({
        status: 409,
        message: '这是最后一个管理员，不能停用或改为其他角色，请先设置另一个管理员',
      })
    // a disabled admin is none
    const gone = await hireAs('admin')
    await setDisabled(gone, true)
    expect(await setDisabled(left, true)).toMatchObject({ status: 409 })
    expect(await change(left.id, { version: left.version, realname: '留守' })).toMatchObject({ code: 200 })
  })
})

describe('ending sessions and unbinding', () => {
  it('logs the person out on every device', async () => {
    const person = await hireBound()
    const other = await server.tokenOf(person)
    const ended = await server.call('DELETE', `/admin/staff/${person.id}/sessions`, { admin: true })
    expect(ended).toMatchObject({ code: 200, result: null })
    for (const token of [person.token, other]) expect(await isIn(token)).toMatchObject({ status: 401 })
  })

  it('takes the WeChat away: messages wait for the next one, which may be another account’s', async () => {
    const [person, next] = [await hireBound(), await server.hire()]
    await server.accept(person, person.token)
    const { delivery } = await server.assign(person)
    expect(await server.call('DELETE', `/admin/staff/${person.id}/binding`, { admin: true })).toMatchObject({
      code: 200,
    })
    expect(await server.delivery(delivery.id)).toMatchObject({ state: 'waiting' })
    expect(await detail(person.id)).toMatchObject({ bound: false, quota: { [TEMPLATE]: 0 }, ledger: [] })
    expect(await isIn(person.token)).toMatchObject({ status: 200 })
    const bound = await server.login({ ...next, openid: person.openid })
    expect(bound).toMatchObject({ code: 200, result: { wechat: { bound: true } } })
  })

  it.each(['sessions', 'binding'])('of nobody is 404: %s', async (what) => {
    expect(await server.call('DELETE', `/admin/staff/999999/${what}`, { admin: true })).toMatchObject({
      status: 404,
    })
  })
})

describe('one person', () => {
  it('comes with the book of their WeChat, newest first, in Chinese', async () => {
    const person = await hireBound()
    await server.accept(person, person.token)
    server.advance(1000)
    await server.assign(person)
    await server.worker.round()
    server.advance(1000)
    await server.report(person.token, randomUUID(), 'accept')
    server.advance(1000)
    // our book has one, WeChat has none
    await server.assign(person)
    await server.worker.round()
    const { ledger } = await detail(person.id)
    expect(ledger.map(({ kind, delta, what }) => ({ kind, delta, what }))).toEqual([
      { kind: 'zero', delta: -1, what: '微信答复没有剩余次数，次数清零' },
      { kind: 'grant', delta: 1, what: '手机上报授权' },
      { kind: 'spend', delta: -1, what: '发送一条提醒' },
      { kind: 'grant', delta: 1, what: '手机上报授权' },
    ])
    expect(ledger.every(({ templateId }) => templateId === TEMPLATE)).toBe(true)
  })

  it('who is nobody is 404', async () => {
    expect(await server.call('GET', '/admin/staff/999999', { admin: true })).toMatchObject({ status: 404 })
  })
})

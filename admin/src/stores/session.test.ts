import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { call } from '../api/call.ts'
import { Backend, Refusal } from '../testing/backend.ts'
import { useSession } from './session.ts'

const KEY = 'leadbell.admin.session'
const clerk = { id: '2', username: 'lin', realname: '林文员', role: 'clerk' as const }
const answers = { username: 'lin', password: 'secret-password', captcha: 'abcd', checkKey: 'key' }
let backend: Backend

beforeEach(() => {
  setActivePinia(createPinia())
  backend = new Backend()
    .on('POST /sys/login', () => ({ token: 'token-1', userInfo: clerk }))
    .on('POST /sys/logout', () => null)
})

/** Another tab wrote; the browser tells this one. */
function inAnotherTab(kept: string | null, key: string | null = KEY): void {
  if (kept === null) localStorage.removeItem(KEY)
  else localStorage.setItem(KEY, kept)
  dispatchEvent(new StorageEvent('storage', { key, newValue: kept }))
}

describe('logging in', () => {
  it('is kept over a reload', async () => {
    expect(await useSession().login(answers)).toMatchObject({ ok: true })
    setActivePinia(createPinia())
    expect(useSession()).toMatchObject({ token: 'token-1', user: clerk, isAdmin: false })
  })

  it('keeps nothing of the password', async () => {
    await useSession().login(answers)
    expect(JSON.stringify({ ...localStorage })).not.toContain('secret-password')
  })

  it('as field staff is refused, and the token is given back', async () => {
    backend.on('POST /sys/login', () => ({ token: 'phone-token', userInfo: { ...clerk, role: 'staff' } }))
    const session = useSession()
    expect(await session.login(answers)).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('外勤账号') },
    })
    expect(session.user).toBeNull()
    expect(localStorage.getItem(KEY)).toBeNull()
    expect(backend.of('POST /sys/logout')[0]?.headers.get('x-access-token')).toBe('phone-token')
  })

  it('that is refused leaves nobody logged in', async () => {
    backend.on('POST /sys/login', () => new Refusal(500, '用户名或密码错误'))
    const session = useSession()
    expect(await session.login(answers)).toMatchObject({ error: { message: '用户名或密码错误' } })
    expect(session.user).toBeNull()
  })
})

describe('logging out', () => {
  it('ends the session here at once and there, with the token it had', async () => {
    const session = useSession()
    await session.login(answers)
    const leaving = session.logout()
    expect(session.user).toBeNull()
    expect(localStorage.getItem(KEY)).toBeNull()
    await leaving
    expect(backend.of('POST /sys/logout')[0]?.headers.get('x-access-token')).toBe('token-1')
    expect(session.endedBecause).toBe('')
  })

  it('needs no network', async () => {
    const session = useSession()
    await session.login(answers)
    backend.offline = true
    await session.logout()
    expect(session.user).toBeNull()
  })
})

describe('a session that is over', () => {
  const readStaff = (token?: string) =>
    call('GET /admin/staff', { query: { limit: 20 }, ...(token && { token }) } as never)

  it('ends here, and says why', async () => {
    const session = useSession()
    await session.login(answers)
    backend.on('GET /admin/staff', () => new Refusal(401, '账号已在别处停用'))
    await readStaff()
    expect(session).toMatchObject({ user: null, token: '', endedBecause: '账号已在别处停用' })
  })

  it('that was an earlier one does not end this one', async () => {
    const session = useSession()
    await session.login(answers)
    backend.on('GET /admin/staff', () => new Refusal(401, '登录已失效'))
    await readStaff('token-0')
    expect(session).toMatchObject({ user: clerk, endedBecause: '' })
  })

  it('is forgotten with the next login', async () => {
    const session = useSession()
    session.end('登录已失效，请重新登录')
    await session.login(answers)
    expect(session.endedBecause).toBe('')
  })
})

describe('another tab', () => {
  it.each([
    ['logs out', KEY],
    ['clears everything', null],
  ])('that %s logs this one out, too', async (_what, key) => {
    const session = useSession()
    await session.login(answers)
    inAnotherTab(null, key)
    expect(session).toMatchObject({ user: null, endedBecause: '已在另一个标签页退出登录' })
  })

  it('that logs in as somebody else makes this one the same clerk', async () => {
    const session = useSession()
    await session.login(answers)
    const boss = { ...clerk, id: '1', realname: '王经理', role: 'admin' as const }
    inAnotherTab(JSON.stringify({ token: 'token-2', user: boss }))
    expect(session).toMatchObject({ token: 'token-2', isAdmin: true, user: { realname: '王经理' } })
  })

  it('that keeps something else changes nothing', async () => {
    const session = useSession()
    await session.login(answers)
    inAnotherTab(null, 'leadbell.admin.theme')
    expect(session.user).toEqual(clerk)
  })

  it('tells nobody who was not logged in that he logged out', () => {
    const session = useSession()
    inAnotherTab(null)
    expect(session.endedBecause).toBe('')
  })
})

it.each([
  '',
  'not JSON',
  'null',
  '[]',
  '{"token":1,"user":{"id":"2"}}',
  '{"token":"t"}',
  '{"token":"t","user":{}}',
])('what is kept as %j is nobody', (kept) => {
  localStorage.setItem(KEY, kept)
  expect(useSession()).toMatchObject({ user: null, token: '', isAdmin: false })
})

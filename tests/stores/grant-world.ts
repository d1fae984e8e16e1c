/**
 * The world around the grant queue: two WeChats, each with a disk of its own, and a backend that books each attempt
 * of a WeChat once. It counts what WeChat gave, so that a test can compare that with the backend's book.
 */
import { createPinia, setActivePinia } from 'pinia'
import { vi } from 'vitest'
import { aLogin, ok, refused, type BackendRequest, type Reply } from '../fakes/backend.ts'
import { useFakeHost, type FakeHost } from '../fakes/host.ts'
import { loadLoginPage } from './tap-login.ts'

type Phone = FakeHost & { openid: string; isDead: boolean }
type Counts = Record<string, number>

const isGrant = (value: unknown) => typeof value === 'string' && value.startsWith('accept')

export function createWorld() {
  const disks = new Map<string, Map<string, string>>()
  const given = new Map<string, Counts>()
  const books = new Map<string, Map<string, Record<string, string>>>()
  const sessions = new Map<string, { username: string; openid: string | null }>()
  const bound = new Map<string, string>()
  let held: (() => void)[] = []
  let issued = 0

  const world = {
    phone: null as unknown as Phone,
    network: 'works' as 'works' | 'none' | 'answers get lost' | 'answers are held',
    /** Reports that came from another WeChat than the one they were booked on. */
    strangers: [] as string[],
    startApp,
    openids: () => [...disks.keys()],
    expireSessions: () => sessions.clear(),
    release() {
      held.forEach((answer) => answer())
      held = []
    },
    given: (openid: string): Counts => given.get(openid) ?? {},
    booked: (openid: string): Counts => {
      const counts: Counts = {}
      for (const results of books.get(openid)?.values() ?? []) count(counts, results)
      return counts
    },
    pending: () =>
      world.openids().flatMap((openid) => JSON.parse(disks.get(openid)?.get('leadbell.grants') ?? '[]')),
  }

  function count(counts: Counts, results: Record<string, unknown>): void {
    for (const id of ['T1', 'T2']) if (isGrant(results[id])) counts[id] = (counts[id] ?? 0) + 1
  }

  /** Ends the running app where it is, and starts it in this WeChat: an empty memory, that WeChat's disk. */
  async function startApp(openid: string): Promise<void> {
    if (world.phone) {
      disks.set(world.phone.openid, new Map(world.phone.storage))
      // What is left of the dead app runs on, into nothing.
      world.phone.isDead = true
      held = []
      await world.phone.settled()
      vi.clearAllTimers()
    }
    setActivePinia(createPinia())
    const host = useFakeHost({ disk: disks.get(openid) ?? [] })
    const phone = Object.assign(host, { openid, isDead: false })
    disks.set(openid, host.storage)
    given.set(openid, given.get(openid) ?? {})
    countGrants(phone)
    install(phone)
    world.phone = phone
    await loadLoginPage()
  }

  /** WeChat gives a grant the moment it answers, whatever the app makes of it. */
  function countGrants(phone: Phone): void {
    type Options = { success(answer: Record<string, unknown>): void }
    const original = phone.uni.requestSubscribeMessage as (options: Options) => void
    phone.uni.requestSubscribeMessage = (options: Options) =>
      original({
        ...options,
        success(answer) {
          if (!phone.isDead) count(world.given(phone.openid), answer)
          options.success(answer)
        },
      })
  }

  function install(phone: Phone): void {
    const templates = ['T1', 'T2'].map((templateId) => ({
      templateId,
      title: templateId,
      purpose: 'clue-assigned',
    }))
    phone.backend['GET /notify/templates'] = () => ok({ templates })
    const routes: [keyof FakeHost['backend'], (request: BackendRequest) => Reply][] = [
      ['POST /sys/login', ({ body }) => openSession(phone, String(body.username), body.code !== undefined)],
      ['POST /notify/login', () => openBound(phone)],
      ['POST /notify/bind', (request) => withSession(request, (session) => bind(phone, session))],
      [
        'POST /notify/grants',
        (request) => withSession(request, (session) => book(phone, session, request.body)),
      ],
      ['GET /notify/quota', (request) => withSession(request, () => ok({ quota: {} }))],
      ['POST /sys/logout', (request) => logOut(request)],
    ]
    for (const [endpoint, handler] of routes)
      phone.backend[endpoint] = (request) => travel(phone, () => handler(request))
  }

  function travel(phone: Phone, handle: () => Reply): Reply | Promise<Reply> {
    if (phone.isDead) return 'never'
    if (world.network === 'none') return 'offline'
    const reply = handle()
    if (world.network === 'answers get lost') return 'timeout'
    if (world.network === 'works') return reply
    return new Promise((resolve) => held.push(() => resolve(reply)))
  }

  function openSession(phone: Phone, username: string, hasCode: boolean): Reply {
    const token = `token-${++issued}`
    sessions.set(token, { username, openid: hasCode ? phone.openid : null })
    if (hasCode) bound.set(phone.openid, username)
    const userInfo = { id: username, username, realname: username }
    return aLogin({
      token,
      userInfo,
      wechat: hasCode ? { bound: true } : { bound: false, message: '还没有绑定微信' },
    })
  }

  function openBound(phone: Phone): Reply {
    const username = bound.get(phone.openid)
    return username ? openSession(phone, username, true) : refused(401, '没有绑定', 401)
  }

  type Session = { username: string; openid: string | null }
  function withSession({ header }: BackendRequest, handle: (session: Session) => Reply): Reply {
    const session = sessions.get(header['X-Access-Token'] ?? '')
    return session ? handle(session) : refused(401, '登录已失效', 401)
  }

  function bind(phone: Phone, session: Session): Reply {
    session.openid = phone.openid
    bound.set(phone.openid, session.username)
    return ok({ bound: true })
  }

  function book(phone: Phone, { openid }: Session, { attemptId, results }: Record<string, unknown>): Reply {
    if (openid === null) return refused(409, '还没有绑定微信', 409)
    if (openid !== phone.openid) world.strangers.push(String(attemptId))
    const attempts = books.get(openid) ?? new Map<string, Record<string, string>>()
    books.set(openid, attempts)
    if (!attempts.has(String(attemptId))) attempts.set(String(attemptId), results as Record<string, string>)
    return ok({ quota: {} })
  }

  function logOut(request: BackendRequest): Reply {
    return withSession(request, ({ username, openid }) => {
      sessions.delete(request.header['X-Access-Token'] ?? '')
      if (request.body.unbind && openid && bound.get(openid) === username) bound.delete(openid)
      return ok(null)
    })
  }

  return world
}

export type World = ReturnType<typeof createWorld>

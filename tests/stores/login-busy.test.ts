import { beforeEach, describe, expect, it, vi } from 'vitest'
import { useSession } from '@/stores/session.ts'
import { useFakeHost, type FakeHost } from '../fakes/host.ts'
import { form, loadLoginPage, tapLogin } from './tap-login.ts'

const PANEL_PATIENCE_MS = 15_000
const LONGEST_MS = 60_000
let host: FakeHost

beforeEach(() => {
  vi.useFakeTimers()
  host = useFakeHost()
})

describe('the button comes back', () => {
  it('when WeChat never answers the panel', async () => {
    host.subscribe.push('stays open')
    await tapLogin(host)
    vi.advanceTimersByTime(PANEL_PATIENCE_MS - 1)
    expect(useSession().busy).toBe(true)
    vi.advanceTimersByTime(1)
    expect(useSession().busy).toBe(false)
  })

  it.each<[string, () => void]>([
    ['the panel throws', () => host.subscribe.push('throws')],
    [
      'the settings are never told',
      () => {
        host.subscribe.push({ results: { T1: 'reject' } })
        host.getSetting = 'never answers'
      },
    ],
    [
      'the modal is never answered',
      () => {
        host.subscribe.push({ fail: { errCode: 20004 } })
        host.modals.push('stays open')
      },
    ],
    ['the login code never comes', () => (host.login = 'never answers')],
    ['taking a login code throws', () => (host.login = 'throws')],
    ['the answer of the backend never comes', () => (host.backend['POST /sys/login'] = () => 'never')],
    ['sending the request throws', () => (host.request = 'throws')],
  ])('when %s', async (_case, happens) => {
    await loadLoginPage()
    happens()
    await host.tap(() => useSession().login(form))
    await vi.advanceTimersByTimeAsync(LONGEST_MS)
    await host.settled()
    expect(useSession().busy).toBe(false)
  })
})

describe('without a login code', () => {
  it.each(['never answers', 'throws'] as const)('that %s, the login goes on', async (behaviour) => {
    host.login = behaviour
    await tapLogin(host)
    await vi.advanceTimersByTimeAsync(LONGEST_MS)
    await host.settled()
    expect(host.sent('POST /sys/login')).toHaveLength(1)
    expect(host.sent('POST /sys/login')[0]).not.toHaveProperty('code')
    expect(useSession().loggedIn).toBe(true)
  })
})

describe('a panel answered after the button came back', () => {
  beforeEach(async () => {
    host.subscribe.push('stays open')
    await tapLogin(host)
    await vi.advanceTimersByTimeAsync(PANEL_PATIENCE_MS)
  })

  it('still logs in, and keeps its grant', async () => {
    await host.answerPanel({ results: { T1: 'accept' } })
    expect(useSession()).toMatchObject({ loggedIn: true, busy: false })
    expect(host.sent('POST /notify/grants')).toHaveLength(1)
  })

  it('starts no second login when another tap came first; both grants are kept', async () => {
    await host.tap(() => useSession().login(form))
    await host.answerPanel({ results: { T1: 'accept' } })
    expect(host.sent('POST /sys/login')).toHaveLength(1)
    expect(host.wentTo()).toHaveLength(1)
    await useSession().syncGrants()
    expect(new Set(host.sent('POST /notify/grants').map(({ attemptId }) => attemptId)).size).toBe(2)
  })

  it('asks for the captcha when the typed one is gone by then, rather than sending none', async () => {
    await host.answerPanel({ results: { T1: 'accept' } })
    const input = { ...form }
    await useSession().logout()
    host.subscribe.push('stays open')
    await tapLogin(host, { input })
    input.captcha = ''
    await host.answerPanel({ results: { T1: 'accept' } })
    expect(host.sent('POST /sys/login')).toEqual([])
    expect(useSession().fieldErrors).toEqual({ captcha: '请输入验证码' })
    expect(useSession().busy).toBe(false)
  })
})

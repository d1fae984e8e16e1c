import { beforeEach, describe, expect, it, vi } from 'vitest'
import { useSession } from '@/stores/session.ts'
import { useSubscription } from '@/stores/subscription.ts'
import { topUp } from '@/stores/top-up.ts'
import { ok } from '../fakes/backend.ts'
import { useFakeHost, type FakeHost } from '../fakes/host.ts'
import { restart } from '../fakes/restart.ts'

const PAUSE_MS = 240 * 60_000
let host: FakeHost
let went: number

/** A tap that is made for something else, such as opening a lead. */
const tap = () => host.tap(() => topUp(() => went++))
const panels = () => host.of('requestSubscribeMessage').length

async function look(): Promise<void> {
  useSubscription().readSettings()
  await useSession().syncGrants()
}

/** A backend that says so many are left. */
function leave(left: number): void {
  host.backend['GET /notify/quota'] = () => ok({ quota: { T1: left } })
  host.backend['POST /notify/grants'] = () => ok({ quota: { T1: left } })
}

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-23T10:00:00.000Z') })
  went = 0
  host = useFakeHost({ loggedIn: true })
})

describe('a kept accept', () => {
  beforeEach(async () => {
    host.settings.kept = { T1: 'accept' }
    leave(20)
    await look()
    host.calls.length = 0
  })

  it('takes a grant along inside the tap, and the tap does its own work at once', () => {
    void host.tap(() => {
      topUp(() => went++)
      expect(host.of('requestSubscribeMessage')).toMatchObject([{ tap: true, arg: { tmplIds: ['T1'] } }])
      expect(went).toBe(1)
    })
  })

  it('with each tap, however much is left and however recent the last was; nothing is said', async () => {
    for (let times = 0; times < 3; times++) await tap()
    expect(host.sent('POST /notify/grants')).toHaveLength(3)
    expect(went).toBe(3)
    expect([...host.toasts(), ...host.modalTexts()]).toEqual([])
  })

  it('that was changed in the settings meanwhile is read again', async () => {
    host.settings = { mainSwitch: false, kept: { T1: 'reject' } }
    host.subscribe.push({ results: { T1: 'reject' } })
    await tap()
    expect(useSubscription().settings).toMatchObject({ kind: 'known', mainSwitch: false })
    await tap()
    expect(panels()).toBe(1)
    expect(went).toBe(2)
  })

  it('goes alone: a template that is still open would bring up the panel', async () => {
    const template = (templateId: string) => ({ templateId, title: templateId, purpose: 'clue-assigned' })
    host.backend['GET /notify/templates'] = () => ok({ templates: [template('T1'), template('T2')] })
    await useSubscription().loadTemplates()
    await tap()
    expect(host.of('requestSubscribeMessage')[0]?.arg).toEqual({ tmplIds: ['T1'] })
  })
})

describe('a choice that is not kept', () => {
  it('is asked for when little is left, and the tap does its work after the panel, once', async () => {
    leave(2)
    await look()
    host.subscribe.push('stays open')
    await tap()
    expect(host.of('requestSubscribeMessage')).toMatchObject([{ tap: true }])
    expect(went).toBe(0)
    await host.answerPanel({ results: { T1: 'accept' } })
    expect(went).toBe(1)
    expect(host.sent('POST /notify/grants')).toMatchObject([{ results: { T1: 'accept' } }])
  })

  it.each([
    ['refused', { results: { T1: 'reject' } }],
    ['switched off', { fail: { errCode: 20004 } }],
    ['failed', { fail: { errCode: 10002 } }],
    ['thrown', 'throws' as const],
  ])('%s: the tap does its work all the same, and no modal follows', async (_case, answer) => {
    leave(0)
    await look()
    host.subscribe.push(answer)
    await tap()
    expect(went).toBe(1)
    expect(host.of('showModal')).toEqual([])
    expect(host.sent('POST /notify/grants')).toEqual([])
  })

  it('is not asked for again within the pause, not after a restart either', async () => {
    leave(0)
    await look()
    host.subscribe.push({ results: { T1: 'reject' } })
    await tap()
    vi.advanceTimersByTime(PAUSE_MS - 1)
    await tap()
    host = restart(host)
    leave(0)
    await look()
    await tap()
    expect(panels()).toBe(0)
    vi.advanceTimersByTime(1)
    await tap()
    expect(panels()).toBe(1)
    expect(went).toBe(4)
  })

  it('a panel the user asked for counts for the pause too', async () => {
    leave(0)
    await look()
    await host.tap(() => useSubscription().ask(() => undefined))
    await tap()
    expect(panels()).toBe(1)
    expect(went).toBe(1)
  })

  it.each<[string, () => void]>([
    ['enough is left', () => leave(3)],
    ['it is not known how much is left', () => (host.backend['GET /notify/quota'] = () => 'offline')],
    ['the settings cannot be read', () => (host.getSetting = 'fails')],
    ['the main switch is off', () => (host.settings.mainSwitch = false)],
    ['it is kept as refused', () => (host.settings.kept = { T1: 'reject' })],
  ])('is not asked for while %s', async (_case, happens) => {
    leave(0)
    happens()
    await look()
    await tap()
    expect(panels()).toBe(0)
    expect(went).toBe(1)
  })

  it('a panel that is never answered holds nobody: the next tap works, and the late answer leads nowhere', async () => {
    leave(0)
    await look()
    host.subscribe.push('stays open')
    await tap()
    await tap()
    expect(went).toBe(1)
    await host.answerPanel({ results: { T1: 'accept' } })
    expect(went).toBe(1)
    expect(host.sent('POST /notify/grants')).toHaveLength(1)
  })
})

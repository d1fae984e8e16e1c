import { beforeEach, describe, expect, it } from 'vitest'
import CluePage from '@/pages/clue/clue.vue'
import { ok } from '../fakes/backend.ts'
import { useFakeHost, type FakeHost } from '../fakes/host.ts'
import { openPage, tap } from './open-page.ts'

let host: FakeHost
const openList = () => openPage(host, CluePage, 'pages/clue/clue')
const leave = (left: number) => {
  host.backend['GET /notify/quota'] = () => ok({ quota: { T1: left } })
}

beforeEach(() => {
  host = useFakeHost({ loggedIn: true })
})

describe('opening a lead from the list', () => {
  it('goes to its page, once', async () => {
    leave(9)
    const page = await openList()
    await tap(host, page, '.clue-row')
    expect(host.wentTo()).toEqual(['/pages/clue/detail?id=7'])
    expect(host.of('requestSubscribeMessage')).toEqual([])
  })

  it('takes a grant along inside the tap when the choice is kept', async () => {
    host.settings.kept = { T1: 'accept' }
    const page = await openList()
    await tap(host, page, '.clue-row')
    expect(host.of('requestSubscribeMessage')).toMatchObject([{ tap: true }])
    expect(host.wentTo()).toEqual(['/pages/clue/detail?id=7'])
  })

  it('asks first when little is left, then goes', async () => {
    leave(0)
    const page = await openList()
    host.subscribe.push('stays open')
    await tap(host, page, '.clue-row')
    expect(host.wentTo()).toEqual([])
    await host.answerPanel({ results: { T1: 'reject' } })
    expect(host.wentTo()).toEqual(['/pages/clue/detail?id=7'])
    expect(host.of('showModal')).toEqual([])
  })

  it('the tapped layer itself carries data-eventsync and the id, and holds no other node', async () => {
    const { element } = (await openList()).get('.clue-row')
    expect(element.getAttribute('data-eventsync')).toBe('true')
    expect(element.getAttribute('data-id')).toBe('7')
    expect(element.children).toHaveLength(0)
  })
})

describe('the quota on the list', () => {
  it.each<[string, () => void, string, string]>([
    ['little is left', () => leave(2), '再允许一次', 'requestSubscribeMessage'],
    ['the main switch is off', () => (host.settings.mainSwitch = false), '打开总开关', 'openSetting'],
    ['kept as refused', () => (host.settings.kept = { T1: 'reject' }), '去设置改', 'openSetting'],
  ])('%s: one button that helps, in its own tap', async (_case, happens, words, call) => {
    leave(9)
    happens()
    const page = await openList()
    expect(page.get('#remedy').text()).toBe(words)
    expect(page.get('#remedy').attributes('data-eventsync')).toBe('true')
    host.calls.length = 0
    await tap(host, page, '#remedy')
    expect(host.calls[0]).toMatchObject({ name: call, tap: true })
  })

  it('enough is left: the number and no button', async () => {
    leave(3)
    const page = await openList()
    expect(page.get('#quota').text()).toBe('还可接收 3 条提醒')
    expect(page.find('#remedy').exists()).toBe(false)
  })

  it('not known yet: no number that could be wrong', async () => {
    host.backend['GET /notify/quota'] = () => 'offline'
    const page = await openList()
    expect(page.find('#quota').exists()).toBe(false)
  })
})

it('the list is home: WeChat’s own way there is hidden, where WeChat can', async () => {
  await openList()
  expect(host.of('hideHomeButton')).toHaveLength(1)
  delete host.uni.hideHomeButton
  await openList()
})

it('设置 opens the settings page', async () => {
  const page = await openList()
  await tap(host, page, '#settings')
  expect(host.wentTo()).toEqual(['/pages/clue/settings'])
})

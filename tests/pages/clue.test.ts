import { mount } from '@vue/test-utils'
import { beforeEach, describe, expect, it } from 'vitest'
import CluePage from '@/pages/clue/clue.vue'
import DetailPage from '@/pages/clue/detail.vue'
import { fire } from '../fakes/uni-app.ts'
import { ok, refused, useFakeHost, type FakeHost } from '../fakes/host.ts'

const session = { token: 't', user: { id: 'u1', username: 'chen', realname: '陈小舟' }, bound: true }
let host: FakeHost

beforeEach(() => {
  host = useFakeHost(
    new Map([
      ['leadbell.session', JSON.stringify(session)],
      ['leadbell.templates', JSON.stringify([{ templateId: 'T1', title: 't', purpose: 'clue-assigned' }])],
    ]),
  )
})

async function openPage(component: typeof CluePage | typeof DetailPage, route: string, query = {}) {
  host.pages = [{ route, options: query }]
  const page = mount(component)
  await fire('onLoad', query)
  await fire('onShow')
  await host.settled()
  return page
}
const openList = () => openPage(CluePage, 'pages/clue/clue')
const openDetail = () => openPage(DetailPage, 'pages/clue/detail', { id: '7' })

describe('the list page', () => {
  it('shows each lead and how many messages can still come', async () => {
    host.backend['GET /notify/quota'] = () => ok({ quota: { T1: 2 } })
    const page = await openList()
    expect(page.findAll('#clue-list .clue-row').map((row) => row.find('.title').text())).toEqual([
      '恒泰建材 采购咨询',
    ])
    expect(page.find('.status').text()).toBe('待跟进')
    expect(page.find('#quota').text()).toBe('还可接收 2 条提醒')
    page.unmount()
  })

  it('a row opens its lead', async () => {
    const page = await openList()
    await page.find('.clue-row').trigger('tap')
    expect(host.of('navigateTo').map((call) => call.arg.url)).toEqual(['/pages/clue/detail?id=7'])
    page.unmount()
  })

  it('without leads it says where they will appear', async () => {
    host.backend['GET /clues'] = () => ok({ items: [], nextCursor: null })
    const page = await openList()
    expect(page.text()).toContain('还没有线索')
    page.unmount()
  })

  it('without a network it says so, and 重试 brings the list', async () => {
    const works = host.backend['GET /clues']
    host.backend['GET /clues'] = () => 'offline'
    const page = await openList()
    expect(page.text()).toContain('网络不通，请检查网络后重试')
    if (works) host.backend['GET /clues'] = works
    await page.find('.action').trigger('tap')
    await host.settled()
    expect(page.findAll('.clue-row')).toHaveLength(1)
    page.unmount()
  })

  it('a pull refreshes it and lets go', async () => {
    const page = await openList()
    await fire('onPullDownRefresh')
    expect(host.sent('GET /clues')).toHaveLength(2)
    expect(host.names()).toContain('stopPullDownRefresh')
    page.unmount()
  })

  it('logged out, it leads to the login', async () => {
    host.storage.delete('leadbell.session')
    const page = await openList()
    expect(host.of('reLaunch').map((call) => call.arg.url)).toEqual(['/pages/login/login'])
    page.unmount()
  })
})

describe('the lead’s page', () => {
  it('shows the lead and calls its customer', async () => {
    const page = await openDetail()
    expect(page.find('#clue-title').text()).toBe('恒泰建材 采购咨询')
    await page.find('#call').trigger('tap')
    expect(host.of('makePhoneCall').map((call) => call.arg.phoneNumber)).toEqual(['13800000000'])
    page.unmount()
  })

  it('another person’s lead: says so and leads back to the list', async () => {
    host.backend['GET /clues/7'] = () => refused(404, '没有这条线索', 404)
    const page = await openDetail()
    expect(page.text()).toContain('这条线索不存在，或已经分配给别人')
    await page.find('.action').trigger('tap')
    expect(host.of('reLaunch').map((call) => call.arg.url)).toEqual(['/pages/clue/clue'])
    page.unmount()
  })

  it('logged out, it leads to the login and back', async () => {
    host.storage.delete('leadbell.session')
    const page = await openDetail()
    expect(host.of('reLaunch').map((call) => call.arg.url)).toEqual([
      `/pages/login/login?to=${encodeURIComponent('/pages/clue/detail?id=7')}`,
    ])
    page.unmount()
  })
})

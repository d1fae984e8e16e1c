// @vitest-environment jsdom
import { expect, test, vi } from 'vitest'
import { onePage, startPhone, type TestPhone } from '../testing/launch.ts'

const ask =
  "wx.requestSubscribeMessage({ tmplIds: ['T1', 'T2'], success: (r) => log.push(['success', r]), fail: (f) => log.push(['fail', f]), complete: () => log.push('complete') })"
const page = (body: string) => onePage(`go() { ${body} }`, '<button id="go" bindtap="go">go</button>')

async function openPanel(body = ask): Promise<TestPhone> {
  const phone = startPhone(page(body))
  phone.tapId('go')
  await vi.waitFor(() => expect(phone.part('subscribe-panel')).not.toBeNull())
  return phone
}

const two = {
  kind: 'panel' as const,
  rows: [
    { templateId: 'T1', title: '新线索提醒', example: '' },
    { templateId: 'T2', title: '跟进提醒', example: '' },
  ],
  settled: {},
}

test('H16 H22 H23 允许: what the node side books comes back, success then complete, later', async () => {
  const phone = await openPanel()
  expect(phone.log()).toEqual([])
  phone.press('subscribe-allow')
  await vi.waitFor(() =>
    expect(phone.log()).toEqual([
      ['success', { errMsg: 'requestSubscribeMessage:ok', T1: 'accept' }],
      'complete',
    ]),
  )
  expect(phone.link.closed).toEqual([{ settled: {}, decisions: { T1: 'accept' }, keep: false }])
  expect(phone.part('subscribe-panel')).toBeNull()
})

test('H16 取消 decides reject for every row, and keep is told', async () => {
  const phone = startPhone(page(ask))
  phone.link.onOpen = () => two
  phone.tapId('go')
  await vi.waitFor(() => expect(phone.part('subscribe-panel')).not.toBeNull())
  phone.press('subscribe-keep')
  phone.press('subscribe-cancel')
  await vi.waitFor(() =>
    expect(phone.link.closed).toEqual([
      { settled: {}, decisions: { T1: 'reject', T2: 'reject' }, keep: true },
    ]),
  )
})

test('H16 an unticked row is rejected; with none ticked 允许 is grey', async () => {
  const phone = startPhone(page(ask))
  phone.link.onOpen = () => two
  phone.tapId('go')
  await vi.waitFor(() => expect(phone.part('subscribe-panel')).not.toBeNull())
  const [first, second] = [...document.querySelectorAll<HTMLElement>('[data-test="subscribe-row"]')]
  const allow = phone.part('subscribe-allow') as HTMLButtonElement
  second?.click()
  expect(allow.disabled).toBe(false)
  first?.click()
  expect(allow.disabled).toBe(true)
  first?.click()
  allow.click()
  await vi.waitFor(() =>
    expect(phone.link.closed).toMatchObject([{ decisions: { T1: 'accept', T2: 'reject' } }]),
  )
})

test('H14 a second call fails, the first panel is unaffected', async () => {
  const phone = await openPanel()
  phone.tapId('go')
  await vi.waitFor(() =>
    expect(phone.log()).toEqual([
      ['fail', { errMsg: 'requestSubscribeMessage:fail last call has not ended' }],
      'complete',
    ]),
  )
  expect(document.querySelectorAll('[data-test="subscribe-panel"]')).toHaveLength(1)
  phone.press('subscribe-allow')
  await vi.waitFor(() => expect(phone.log()).toHaveLength(4))
})

test('H14 the call that came too late has no errCode and reaches nobody', async () => {
  const phone = await openPanel()
  phone.tapId('go')
  await vi.waitFor(() => expect(phone.log()).toHaveLength(2))
  expect(phone.link.opened).toEqual([['T1', 'T2']])
})

test('H14 a second call is free again after the first has ended', async () => {
  const phone = await openPanel()
  phone.press('subscribe-cancel')
  await vi.waitFor(() => expect(phone.log()).toHaveLength(2))
  phone.tapId('go')
  await vi.waitFor(() => expect(phone.part('subscribe-panel')).not.toBeNull())
})

test.each(['acceptWithAudio', 'acceptWithAlert', 'acceptWithForcePush'] as const)(
  'H18 %s reaches app code as WeChat said it, from the panel and without one',
  async (value) => {
    const phone = await openPanel()
    phone.link.onClose = () => ({ kind: 'ok', results: { T1: value } })
    phone.press('subscribe-allow')
    const told = ['success', { errMsg: 'requestSubscribeMessage:ok', T1: value }]
    await vi.waitFor(() => expect(phone.log()).toEqual([told, 'complete']))
    phone.link.onOpen = () => ({ kind: 'silent', results: { T1: value } })
    phone.tapId('go')
    await vi.waitFor(() => expect(phone.log()).toEqual([told, 'complete', told, 'complete']))
  },
)

test('H17 what was settled without asking is not on the panel and is in the answer', async () => {
  const phone = startPhone(page(ask))
  phone.link.onOpen = () => ({ ...two, rows: two.rows.slice(0, 1), settled: { T2: 'filter', T3: 'ban' } })
  phone.link.onClose = () => ({ kind: 'ok', results: { T1: 'accept', T2: 'filter', T3: 'ban' } })
  phone.tapId('go')
  await vi.waitFor(() => expect(phone.part('subscribe-panel')).not.toBeNull())
  expect(document.querySelectorAll('[data-test="subscribe-item"]')).toHaveLength(1)
  expect(phone.part('subscribe-panel')?.textContent).not.toContain('跟进提醒')
  phone.press('subscribe-allow')
  await vi.waitFor(() =>
    expect(phone.log()[0]).toEqual([
      'success',
      { errMsg: 'requestSubscribeMessage:ok', T1: 'accept', T2: 'filter', T3: 'ban' },
    ]),
  )
})

test('H16 one message has no box to untick; each has a preview of what will come', async () => {
  const phone = await openPanel()
  expect(phone.part('subscribe-row')).toBeNull()
  expect(phone.part('subscribe-panel')?.textContent).toContain('发送一次以下消息')
  const preview = () => phone.part('subscribe-preview')
  expect(preview()?.hidden).toBe(true)
  phone.press('subscribe-look')
  expect(preview()?.hidden).toBe(false)
  expect(preview()?.querySelector('dt')?.textContent).toBe('线索名称')
  expect(preview()?.querySelector('dd')?.textContent).toBe('恒泰建材')
})

test('H52 the devtools draw a panel of their own, and say so', async () => {
  const real = await openPanel()
  expect(real.part('simulated')).toBeNull()
  const phone = startPhone(page(ask), { platform: 'devtools' })
  phone.tapId('go')
  await vi.waitFor(() => expect(phone.part('simulated')?.textContent).toBe('开发者工具模拟的授权弹窗'))
  phone.press('subscribe-allow')
  await vi.waitFor(() => expect(phone.log()).toHaveLength(2))
})

test('H20 a silent answer shows no panel', async () => {
  const phone = startPhone(page(ask))
  phone.link.onOpen = () => ({ kind: 'silent', results: { T1: 'accept', T2: 'ban' } })
  phone.tapId('go')
  await vi.waitFor(() =>
    expect(phone.log()[0]).toEqual([
      'success',
      { errMsg: 'requestSubscribeMessage:ok', T1: 'accept', T2: 'ban' },
    ]),
  )
  expect(phone.part('subscribe-panel')).toBeNull()
})

test('H12 H13 the node side’s failure keeps its code and words; the arguments reach it untouched', async () => {
  const phone = startPhone(page('wx.requestSubscribeMessage({ tmplIds: 7, fail: (f) => log.push(f) })'))
  const failure = {
    errMsg: 'requestSubscribeMessage:fail The main switch is switched off',
    errCode: 20004,
  }
  phone.link.onOpen = () => ({ kind: 'fail', failure })
  phone.tapId('go')
  await vi.waitFor(() => expect(phone.log()).toEqual([failure]))
  expect(phone.link.opened).toEqual([7])
})

test('H15 in the background it is 10005, and WeChat is not asked', async () => {
  const phone = startPhone(page(`wx.request({ url: 'https://a.b/', success: () => { ${ask} } })`))
  phone.tapId('go')
  phone.program.hide()
  await vi.waitFor(() =>
    expect(phone.log()).toEqual([
      ['fail', { errMsg: 'requestSubscribeMessage:fail Cannot show subscribe message UI', errCode: 10005 }],
      'complete',
    ]),
  )
  expect(phone.link.opened).toEqual([])
  expect(phone.part('subscribe-panel')).toBeNull()
})

test('H15 a panel that goes without an answer is 10005 too, and books nothing', async () => {
  const phone = await openPanel()
  phone.shell.clearDialogs()
  await vi.waitFor(() => expect(phone.log()[0]).toMatchObject(['fail', { errCode: 10005 }]))
  expect(phone.link.closed).toEqual([])
})

test('H15 a lost connection is 10002 before the panel and 10003 after it', async () => {
  const lost = () => {
    throw new Error('offline')
  }
  const before = startPhone(page(ask))
  before.link.onOpen = lost
  before.tapId('go')
  await vi.waitFor(() => expect(before.log()[0]).toMatchObject(['fail', { errCode: 10002 }]))

  const after = await openPanel()
  after.link.onClose = lost
  after.press('subscribe-allow')
  await vi.waitFor(() => expect(after.log()[0]).toMatchObject(['fail', { errCode: 10003 }]))
})

test('H23 without callbacks: a Promise that rejects with the plain object; with them: undefined', async () => {
  const phone = startPhone(
    page(
      `log.push(${ask}); wx.requestSubscribeMessage({}).catch((e) => log.push(['caught', e instanceof Error, e]))`,
    ),
  )
  phone.tapId('go')
  await vi.waitFor(() =>
    expect(phone.log()).toEqual([
      undefined,
      ['caught', false, { errMsg: 'requestSubscribeMessage:fail last call has not ended' }],
    ]),
  )
})

test('an error in success is collected and complete still runs', async () => {
  const phone = await openPanel(
    "wx.requestSubscribeMessage({ tmplIds: ['T1'], success() { throw new Error('mine') }, complete: () => log.push('complete') })",
  )
  phone.press('subscribe-allow')
  await vi.waitFor(() => expect(phone.log()).toEqual(['complete']))
  expect(phone.inspection.errors).toMatchObject([
    { where: 'requestSubscribeMessage success', message: 'mine' },
  ])
})

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { selectors } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { demoAccounts } from '../../cloud/demo.ts'
import { eventually } from '../../testing/eventually.ts'
import { folderOf } from '../../testing/folders.ts'
import { pushReceiver } from '../../testing/receiver.ts'
import { handleOf, inApp, templateId, useDesk } from './testing/open-desk.ts'

selectors.setTestIdAttribute('data-test')
const { openDesk } = useDesk()
const [first, second] = demoAccounts.map(({ openid }) => openid) as [string, string]

describe('the phones', () => {
  it('several live at once: the selected one is large, the others go on beside it', async () => {
    const desk = await openDesk()
    const thumbs = desk.page.getByTestId('phone-thumb')
    await thumbs.nth(1).click()
    expect(await handleOf(await desk.phone(), (phone) => phone.openid)).toBe(second)
    const frames = desk.page.frames().filter((frame) => frame.url().includes('/phone?'))
    expect(frames).toHaveLength(2)
    desk.emulator.cloud.grant(first, templateId, 1)
    expect(await desk.send()).toBe(0)
    // the small one rings
    await frames[0]?.getByTestId('message-banner').waitFor()
    await thumbs.nth(0).click()
    expect(await handleOf(await desk.phone(), (phone) => phone.openid)).toBe(first)
    // it was not started anew on the way
    expect(await (await desk.phone()).getByTestId('message-banner').count()).toBe(1)
  })

  it('an account more is a phone more, large at once; a wrong openid is said and nothing is added', async () => {
    const desk = await openDesk()
    await desk.page.getByTestId('add-account').click()
    await desk.page.locator('input[name="nickname"]:focus').waitFor()
    await desk.page.getByLabel('昵称').fill('小赵的手机')
    await desk.page.getByLabel('openid').fill(first)
    await desk.page.getByRole('button', { name: '添加' }).click()
    await desk.says(first)
    expect(desk.emulator.cloud.phone.all()).toHaveLength(2)
    await desk.page.getByLabel('openid').fill('')
    await desk.page.getByRole('button', { name: '添加' }).click()
    await desk.says('「小赵的手机」登录了一部新手机')
    const { openid } = desk.emulator.cloud.phone.all()[2] ?? {}
    await eventually(async () => handleOf(await desk.phone(), (phone) => phone.openid)).toBe(openid)
  })

  it('of many that are on, the one that was pressed stays in sight', async () => {
    const desk = await openDesk({ browser: { viewport: { width: 1280, height: 700 } } })
    for (let n = 3; n <= 6; n++) await desk.emulator.post('/__desk/accounts', { nickname: `${n} 号手机` })
    const thumbs = desk.page.getByTestId('phone-thumb')
    await eventually(() => thumbs.count()).toBe(6)
    for (let n = 1; n < 6; n++) await thumbs.nth(n).click()
    const isSeen = () =>
      thumbs.nth(5).evaluate((thumb) => {
        const strip = (thumb.closest('.strip') as Element).getBoundingClientRect()
        const { top, bottom } = thumb.getBoundingClientRect()
        return top >= strip.top && bottom <= strip.bottom
      })
    await eventually(isSeen).toBe(true)
  })

  it('an openid in the address is the phone that opens; one that nobody has is said', async () => {
    const desk = await openDesk({ query: `?openid=${second}&path=pages/clue/detail` })
    expect(await handleOf(await desk.phone(), (phone) => [phone.openid, ...phone.stack])).toEqual([
      second,
      'pages/clue/detail',
    ])
    const lost = await openDesk({ query: '?openid=oNobodyHasThisOne' })
    await lost.says('没有 openid 是 oNobodyHasThisOne 的手机')
    expect(await handleOf(await lost.phone(), (phone) => phone.openid)).toBe(first)
  })

  it('every knob turns the phone, and shows how it stands when somebody else turned it', async () => {
    const { page, emulator } = await openDesk()
    const state = () => emulator.cloud.phone.state(first)
    const press = async (group: string, name: string) =>
      page.getByRole('group', { name: group }).getByRole('button', { name, exact: true }).click()
    for (const [group, name, expected] of [
      ['网络', '断网', { network: 'none' }],
      ['弱网', '是', { weakNetwork: true }],
      ['外观', '深色', { theme: 'dark' }],
      ['字体', '特大', { fontSize: 23 }],
      ['系统通知', '关', { notifications: 'denied' }],
      ['隐私协议', '已同意', { privacyConsent: true }],
      ['平台', 'Android', { platform: 'android' }],
    ] as const) {
      await press(group, name)
      await eventually(state).toMatchObject(expected)
    }
    await page.getByTestId('platform-hint').getByText('仍有点击态').waitFor()
    await press('订阅消息总开关', '关')
    await eventually(() => emulator.cloud.settings(first).mainSwitch).toBe(false)
    emulator.setPhone({ network: '3g' })
    await page
      .getByRole('group', { name: '网络' })
      .locator('[aria-pressed="true"]', { hasText: '3G' })
      .waitFor()
  })

  it('a kept choice is seen and can be turned round', async () => {
    const desk = await openDesk()
    const phone = await desk.phone()
    await inApp(phone, 'ask').click()
    await phone.getByTestId('subscribe-keep').click()
    await phone.getByTestId('subscribe-allow').click()
    const kept = desk.page.getByRole('group', { name: '新线索提醒' })
    await kept.getByRole('button', { name: '拒收' }).click()
    await eventually(() => desk.emulator.cloud.settings(first).items).toMatchObject([{ value: 'reject' }])
    await desk.tab('subscriptions')
    await desk.page.getByTestId('desk-quota').getByText('拒收').waitFor()
  })

  it('launches a page from a scene; restarts; leaves and comes back; deletes the mini-program', async () => {
    const desk = await openDesk()
    await desk.page.getByLabel('页面路径').fill('pages/clue/detail?id=7')
    await desk.page.getByLabel('场景值').fill('1107')
    await desk.page.getByTestId('launch').click()
    await desk.says('场景值 1107')
    const phone = await desk.phone()
    await inApp(phone, 'detail').waitFor()
    const launched = await phone.evaluate(() =>
      (globalThis as unknown as { wx: { getLaunchOptionsSync(): object } }).wx.getLaunchOptionsSync(),
    )
    expect(launched).toMatchObject({ path: 'pages/clue/detail', scene: 1107, query: { id: '7' } })

    await desk.page.getByTestId('hide-program').click()
    await phone.getByTestId('service-entry').waitFor()
    await desk.page.getByTestId('show-program').click()
    await inApp(phone, 'detail').waitFor()

    await phone.evaluate(() =>
      (globalThis as unknown as { wx: { setStorageSync(k: string, v: string): void } }).wx.setStorageSync(
        'a',
        'b',
      ),
    )
    await desk.page.getByTestId('remove-program').click()
    await desk.says('已从手机上删除小程序')
    expect(await phone.evaluate(() => Object.keys(localStorage).filter((key) => key.endsWith(':a')))).toEqual(
      [],
    )
    await desk.page.getByTestId('restart-phone').click()
    await inApp(await desk.phone(), 'ask').waitFor()
  })
})

describe('订阅', () => {
  it('sets what WeChat really holds, by steps and by typing; the strip counts along', async () => {
    const { page, emulator, tab } = await openDesk()
    await tab('subscriptions')
    const held = () => emulator.quota(second)[templateId]
    await page.getByRole('button', { name: '小林的手机 新线索提醒 加一' }).click()
    await eventually(held).toBe(1)
    const count = page.getByLabel('小林的手机 新线索提醒 的次数')
    await eventually(() => count.inputValue()).toBe('1')
    await count.fill('12')
    // what is being typed is not drawn over while the desk asks for news
    await page.waitForResponse((response) => response.url().endsWith('/__desk/quota'))
    expect(await count.inputValue()).toBe('12')
    await count.press('Enter')
    await eventually(held).toBe(12)
    await page.getByRole('button', { name: '小林的手机 新线索提醒 减一' }).click()
    await eventually(held).toBe(11)
    await page.getByTestId('phone-thumb').nth(1).getByText('未开机 · 11 次').waitFor()
  })

  it('a step counts from what WeChat holds, not from what the desk saw last', async () => {
    const { page, emulator, tab } = await openDesk()
    await tab('subscriptions')
    const held = () => emulator.quota(second)[templateId]
    const step = (word: string, times: number) =>
      page
        .getByRole('button', { name: `小林的手机 新线索提醒 ${word}` })
        .evaluate((button: HTMLElement, n) => Array.from({ length: n }, () => button.click()), times)
    await step('加一', 3)
    await eventually(held).toBe(3)
    await eventually(() => page.getByLabel('小林的手机 新线索提醒 的次数').inputValue()).toBe('3')
    await step('减一', 4)
    await eventually(held).toBe(0)
  })

  it('a number of grants that is none is refused with words, and what was typed stays', async () => {
    const { page, emulator, tab, says } = await openDesk()
    await tab('subscriptions')
    emulator.cloud.setQuota(second, templateId, 2)
    const count = page.getByLabel('小林的手机 新线索提醒 的次数')
    await eventually(() => count.inputValue()).toBe('2')
    for (const typed of ['1.5', '', '-3']) {
      await count.fill(typed)
      const answered = page.waitForResponse((response) => response.request().method() === 'POST')
      await count.press('Enter')
      expect((await answered).status()).toBe(400)
      await says('次数 n 应当是')
      expect(await count.inputValue()).toBe(typed)
    }
    expect(emulator.quota(second)[templateId]).toBe(2)
  })

  it('bans a template, makes an accept a stronger one, and turns what the sources leave open', async () => {
    const { page, emulator, tab, says } = await openDesk()
    await tab('subscriptions')
    await page.getByRole('button', { name: '+语音' }).click()
    await says('acceptWithAudio')
    const opened = () => emulator.cloud.phone.openPanel(first, [templateId])
    const panel = opened()
    if (panel.kind !== 'panel') throw new Error(panel.kind)
    expect(
      emulator.cloud.phone.closePanel({
        ...{ openid: first, settled: {}, keep: false },
        decisions: { [templateId]: 'accept' },
      }),
    ).toMatchObject({ results: { [templateId]: 'acceptWithAudio' } })
    await page.getByRole('switch', { name: '封禁' }).click()
    await says('已封禁')
    expect(opened()).toMatchObject({ kind: 'silent', results: { [templateId]: 'ban' } })
    await page.getByText('文档没有说清的地方').click()
    await page.getByRole('group', { name: '一次最多几个模板' }).getByRole('button', { name: '3' }).click()
    await eventually(() => emulator.cloud.profile().maxTemplates).toBe(3)
    await page.getByLabel(/敏感词/).fill('返利、中奖')
    await page.getByLabel(/敏感词/).press('Enter')
    await eventually(() => emulator.cloud.profile().sensitiveWords).toEqual(['返利', '中奖'])
    await page.getByRole('button', { name: '全部恢复默认' }).click()
    await eventually(() => emulator.cloud.profile()).toMatchObject({ maxTemplates: 5, sensitiveWords: [] })
  })
})

describe('故障', () => {
  it('a ready-made one breaks the next send, is seen to have fired, and is gone', async () => {
    const desk = await openDesk()
    desk.emulator.cloud.grant(first, templateId, 2)
    await desk.tab('faults')
    await desk.page.getByRole('button', { name: /下一次发送 43101/ }).click()
    await desk.page.getByTestId('faults').getByText('所有人 · 还剩 1 次 · 已触发 0 次').waitFor()
    await desk.page.getByTestId('faults-chip').getByText('1 个故障生效').waitFor()
    expect(await desk.send()).toBe(43101)
    await desk.page.getByText('没有。一切照常。').waitFor()
    expect(await desk.send()).toBe(0)
  })

  it('one that is added as it stands breaks the next send, not every call', async () => {
    const { page, emulator, tab } = await openDesk()
    await tab('faults')
    await page.getByTestId('add-fault').click()
    await eventually(() => emulator.cloud.faults().map(({ fault }) => fault)).toMatchObject([
      { call: 'subscribe/send', kind: 'errcode', errcode: 43101, times: 1 },
    ])
  })

  it('one of one’s own: call, kind, user, probability and times; each can be deleted', async () => {
    const { page, emulator, tab } = await openDesk()
    await tab('faults')
    const form = page.getByRole('form', { name: '配一个故障' })
    await form.getByRole('button', { name: '慢', exact: true }).click()
    await form.getByLabel('调用').selectOption('code2Session')
    await form.getByLabel('毫秒').fill('1500')
    await form.getByLabel('用户').selectOption(second)
    await form.getByLabel('概率').fill('25')
    await form.getByLabel('次数').fill('')
    await form.getByTestId('add-fault').click()
    await page.getByTestId('faults').getByText('小林的手机 · 25% · 一直 · 已触发 0 次').waitFor()
    await form.getByRole('button', { name: '小程序调用微信' }).click()
    await form.getByLabel('调用').selectOption('login')
    await form.getByLabel('次数').fill('3')
    await form.getByTestId('add-fault').click()
    await form.getByRole('button', { name: '微信推送后台' }).click()
    await form.getByRole('button', { name: '重复' }).click()
    await form.getByLabel('事件').selectOption('sent')
    await form.getByTestId('add-fault').click()
    await eventually(() => emulator.cloud.faults().map(({ fault }) => fault)).toMatchObject([
      { call: 'code2Session', kind: 'slow', ms: 1500, openid: second, probability: 0.25 },
      { phone: 'login', times: 3 },
      { kind: 'repeat', push: 'sent' },
    ])
    expect(emulator.cloud.faults()[0]?.fault).not.toHaveProperty('times')
    await page.getByRole('button', { name: '删除故障 wx.login：断网' }).click()
    await eventually(() => emulator.cloud.faults()).toHaveLength(2)
    await page.getByRole('button', { name: '全部删除' }).click()
    await eventually(() => emulator.cloud.faults()).toEqual([])
  })

  it('WeChat answers as slowly as is chosen', async () => {
    const { page, emulator, tab, says } = await openDesk()
    await tab('faults')
    await page.getByRole('group', { name: '档位' }).getByRole('button', { name: '平常' }).click()
    await says('60–180 ms')
    expect(emulator.cloud.latency()).toMatchObject({ profile: 'typical' })
    await page.getByLabel('最快 ms').fill('5')
    await page.getByLabel('最慢 ms').fill('9')
    await page.getByRole('button', { name: '使用' }).click()
    await says('5–9 ms')
    expect(emulator.cloud.latency().ms).toEqual([5, 9])
  })
})

it('时间: WeChat’s clock goes forward, codes die of it, and the phone’s status bar goes along', async () => {
  const { page, emulator, tab, says, phone } = await openDesk()
  const code = emulator.cloud.phone.login(first)
  await tab('time')
  await page.getByText('还没用的登录 code 过期').waitFor()
  await page.getByTestId('advance-5').click()
  await says('微信的时间走了 5 分钟')
  const exchanged = await fetch(
    `${emulator.url}/sns/jscode2session?appid=${emulator.cloud.appid}&secret=emulated-secret&js_code=${code}&grant_type=authorization_code`,
  )
  expect(await exchanged.json()).toMatchObject({ errcode: 40029 })
  await page.getByTestId('advance-43200').click()
  await page.getByTestId('clock-chip').getByText('快 30 天 5 分').waitFor()
  const shown = (await phone()).locator('.we-status-bar time')
  const wanted = () =>
    new Date(emulator.cloud.clock().now).toLocaleTimeString('zh-CN', {
      ...{ hour: '2-digit', minute: '2-digit', hour12: false, timeZone: 'Asia/Shanghai' },
    })
  await eventually(async () => (await shown.innerText()) === wanted()).toBe(true)
  await page.getByRole('button', { name: '让 token 失效' }).click()
  await says('stable token 失效了')
})

describe('推送', () => {
  it('where to and how, whether it echoed, what became of each event; then nowhere', async () => {
    const { url } = await pushReceiver()
    const desk = await openDesk()
    const { page, emulator } = desk
    await desk.tab('push')
    await page.getByText('现在不推送').waitFor()
    const enter = async (where: string) => {
      await page.getByLabel('URL').fill(where)
      await page.getByLabel('Token').fill('AAAAA')
      await page.getByLabel('格式').selectOption('xml')
      await page.getByTestId('save-push').click()
    }
    await enter('http://example.com/events')
    await desk.says('本机的网址')
    await enter('http://127.0.0.1:9/events')
    await desk.says('验证没有通过：连不上')
    await page.getByRole('button', { name: '修改' }).click()
    await enter(url)
    await desk.says('验证通过')
    await page.getByTestId('push-target').getByText('明文模式 · XML').waitFor()
    emulator.cloud.grant(first, templateId, 1)
    await desk.send()
    await page.getByTestId('pushes').getByText('发送结果').waitFor()
    await page.getByTestId('pushes').getByText('已收下').waitFor()
    await page.getByRole('button', { name: '停止推送' }).click()
    await desk.says('不再推送')
    expect(emulator.cloud.pushTarget()).toBeUndefined()
  })
})

describe('存档', () => {
  it('into a file and back: grants and what the mini-program kept are there again', async () => {
    const desk = await openDesk()
    const { page, emulator } = desk
    const kept = async (value?: string) =>
      (await desk.phone()).evaluate((given) => {
        const { wx } = globalThis as unknown as {
          wx: { setStorageSync(k: string, v: string): void; getStorageSync(k: string): unknown }
        }
        if (given !== undefined) wx.setStorageSync('draft', given)
        return wx.getStorageSync('draft')
      }, value)
    /** The mini-program that ran knew another storage. */
    const untilRestarted = async (act: () => Promise<void>) => {
      const mark = async (set: boolean) =>
        (await desk.phone()).evaluate((isSet) => {
          if (isSet) Reflect.set(globalThis, 'asBefore', true)
          return Reflect.get(globalThis, 'asBefore') === true
        }, set)
      await mark(true)
      await act()
      await eventually(() => mark(false).catch(() => true)).toBe(false)
    }
    emulator.cloud.grant(first, templateId, 4)
    await kept('第一稿')
    await desk.tab('state')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByTestId('save-state').click(),
    ])
    const file = join(folderOf({}), 'saved.json')
    await download.saveAs(file)
    expect(download.suggestedFilename()).toMatch(/^leadbell-state-\d{4}-\d\d-\d\d\.json$/)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ version: 1 })

    await kept('第二稿')
    await untilRestarted(async () => {
      await page.getByTestId('reset').click()
      await page.getByTestId('confirm-reset').click()
      await desk.says('一切重新开始')
    })
    expect(emulator.quota()).toEqual({})
    await eventually(() => kept().catch(() => 'starting')).toBe('')

    await untilRestarted(async () => {
      await page.getByTestId('load-state').setInputFiles(file)
      await desk.says('已载入 saved.json')
    })
    expect(emulator.quota()).toEqual({ [templateId]: 4 })
    await eventually(() => kept().catch(() => 'starting')).toBe('第一稿')
  })

  it.each([
    ['not JSON', '不是 JSON'],
    ['[]', '这不是模拟台的存档'],
    ['{"version":2,"cloud":{}}', '存档的版本是 2'],
    ['{"version":1,"cloud":{},"storage":{"a":1}}', '存档里的 storage 坏了'],
    ['{"version":1,"cloud":{"version":1}}', '存档'],
  ])('a wrong file is said and changes nothing: %s', async (text, sentence) => {
    const desk = await openDesk()
    desk.emulator.cloud.grant(first, templateId, 4)
    await desk.tab('state')
    const file = join(folderOf({}), 'wrong.json')
    writeFileSync(file, text)
    await desk.page.getByTestId('load-state').setInputFiles(file)
    await desk.says(sentence)
    expect(desk.emulator.quota()).toEqual({ [templateId]: 4 })
  })
})

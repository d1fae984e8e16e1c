import { describe, expect, it } from 'vitest'
import { phone, template, testCloud } from '../testing/cloud.ts'

const failCode = (opened: ReturnType<ReturnType<typeof testCloud>['cloud']['phone']['openPanel']>) =>
  opened.kind === 'fail' ? opened.failure.errCode : opened.kind

describe('before the panel', () => {
  it.each([
    ['missing', undefined, 10001, "TmplIds can't be empty"],
    ['null', null, 10001, "TmplIds can't be empty"],
    ['empty', [], 10001, "TmplIds can't be empty"],
    ['a text', 'A', 10004, 'Invalid template id'],
    ['not of texts', ['A', 1], 10004, 'Invalid template id'],
    ['unknown', ['A', 'nobody'], 20001, 'No template data return, verify the template id exist'],
    [
      'named like an object’s own',
      ['__proto__'],
      20001,
      'No template data return, verify the template id exist',
    ],
    ['of two kinds', ['A', 'L'], 20002, 'Templates type must be same'],
    ['six', ['A', 'B', 'C', 'D', 'E', 'F'], 20003, 'Templates count out of max bounds'],
  ])('H12 tmplIds %s: fails with its code and text', (_, tmplIds, errCode, text) => {
    const ids = ['A', 'B', 'C', 'D', 'E', 'F']
    const { cloud } = testCloud({ templates: [...ids.map((id) => template(id)), template('L', { type: 3 })] })
    expect(cloud.phone.openPanel(phone, tmplIds)).toEqual({
      kind: 'fail',
      failure: { errCode, errMsg: `requestSubscribeMessage:fail ${text}` },
    })
  })

  it('H12 five ids are shown; an old client stops at three', () => {
    const templates = ['A', 'B', 'C', 'D', 'E'].map((id) => template(id))
    const ids = templates.map(({ priTmplId }) => priTmplId)
    expect(failCode(testCloud({ templates }).cloud.phone.openPanel(phone, ids))).toBe('panel')
    const old = testCloud({ templates, profile: { maxTemplates: 3 } })
    expect(failCode(old.cloud.phone.openPanel(phone, ids))).toBe(20003)
    expect(failCode(old.cloud.phone.openPanel(phone, ids.slice(0, 3)))).toBe('panel')
  })

  it('H12 a template of a device fails with 20013, alone or among others', () => {
    const { cloud } = testCloud({ templates: [template('A'), template('D', { device: true })] })
    for (const tmplIds of [['D'], ['A', 'D']])
      expect(cloud.phone.openPanel(phone, tmplIds)).toEqual({
        kind: 'fail',
        failure: { errCode: 20013, errMsg: 'requestSubscribeMessage:fail Reject DeviceMsg Template' },
      })
    expect(failCode(cloud.phone.openPanel(phone, ['A']))).toBe('panel')
  })

  it('H12 a banned app fails with 20005', () => {
    expect(failCode(testCloud({ profile: { banned: true } }).cloud.phone.openPanel(phone, ['A']))).toBe(20005)
  })

  it('H13 main switch off: 20004, even for a kept choice, and no grant', () => {
    const { cloud, ask } = testCloud()
    ask(['A'], ['A'], true)
    cloud.phone.writeSettings({ openid: phone, mainSwitch: false })
    expect(failCode(cloud.phone.openPanel(phone, ['A']))).toBe(20004)
    expect(failCode(cloud.phone.openPanel(phone, ['B']))).toBe(20004)
    expect(cloud.quota(phone)).toEqual({ A: 1 })
  })

  it('H15 no network: 10002 before the panel, 10003 when it closes, no grant', () => {
    const { cloud } = testCloud()
    cloud.phone.openPanel(phone, ['A'])
    cloud.phone.change(phone, { network: 'none' })
    expect(failCode(cloud.phone.openPanel(phone, ['A']))).toBe(10002)
    const closed = cloud.phone.closePanel({
      openid: phone,
      settled: {},
      decisions: { A: 'accept' },
      keep: true,
    })
    expect(closed).toMatchObject({ kind: 'fail', failure: { errCode: 10003 } })
    expect(cloud.quota(phone)).toEqual({})
    expect(cloud.phone.readSettings(phone).items).toEqual([])
  })

  const closeA = { openid: phone, settled: {}, decisions: { A: 'accept' }, keep: true } as const

  it('H15 injected: the list is lost (10002), or the decision (10003) with the panel; no grant, as often as asked', () => {
    const { cloud, ask } = testCloud()
    cloud.addFault({ phone: 'subscribe/open', times: 1 })
    expect(cloud.phone.openPanel(phone, ['A'])).toEqual({
      kind: 'fail',
      failure: { errCode: 10002, errMsg: 'requestSubscribeMessage:fail Request list fail' },
    })
    cloud.addFault({ phone: 'subscribe/close', times: 1 })
    cloud.phone.openPanel(phone, ['A'])
    expect(cloud.phone.closePanel(closeA)).toEqual({
      kind: 'fail',
      failure: { errCode: 10003, errMsg: 'requestSubscribeMessage:fail Request subscribe fail' },
    })
    // the panel is gone, nothing was kept, and the next one is whole again
    expect(cloud.phone.closePanel(closeA)).toMatchObject({ kind: 'fail' })
    expect([cloud.quota(phone), cloud.phone.readSettings(phone).items]).toEqual([{}, []])
    expect(ask(['A'], ['A'])).toEqual({ A: 'accept' })
  })

  it('H12 H15 any code can be injected, with its official words or the test’s, for one phone alone', () => {
    const { cloud } = testCloud()
    const other = 'oLeadbellDemoPhone000000002'
    const codes = [10001, 10002, 10003, 10004, 20001, 20002, 20003, 20004, 20005, 20013]
    for (const errCode of codes) {
      cloud.addFault({ phone: 'subscribe/open', errCode, openid: phone, times: 1 })
      const opened = cloud.phone.openPanel(phone, ['A'])
      expect(failCode(opened)).toBe(errCode)
      expect(opened).not.toMatchObject({
        failure: { errMsg: expect.stringContaining('system error') as string },
      })
    }
    cloud.addFault({ phone: 'subscribe/open', errCode: 77, errMsg: 'oops', errno: 5, openid: phone })
    expect(failCode(cloud.phone.openPanel(other, ['A']))).toBe('panel')
    expect(cloud.phone.openPanel(phone, ['A'])).toEqual({
      kind: 'fail',
      failure: { errCode: 77, errMsg: 'requestSubscribeMessage:fail oops', errno: 5 },
    })
  })

  it('H17 the same title twice: the later id is filtered and not on the panel; a banned one is banned', () => {
    const templates = [
      template('A', { title: '同' }),
      template('B', { title: '同' }),
      template('X', { banned: true }),
    ]
    const { cloud, ask } = testCloud({ templates })
    expect(cloud.phone.openPanel(phone, ['A', 'B', 'X'])).toMatchObject({
      kind: 'panel',
      rows: [{ templateId: 'A', title: '同', example: '线索名称:城东物流园\n分配时间:2026-11-23 09:42' }],
      settled: { B: 'filter', X: 'ban' },
    })
    expect(ask(['B', 'A', 'X'], ['B'])).toEqual({ B: 'accept', A: 'filter', X: 'ban' })
    expect(cloud.quota(phone)).toEqual({ B: 1 })
    expect(ask(['X'], [])).toEqual({ X: 'ban' })
  })
})

describe('the panel', () => {
  it('H16 允许: ticked accept, others reject; 取消: all reject; never a failure', () => {
    const { ask } = testCloud()
    expect(ask(['A', 'B'], ['A'])).toEqual({ A: 'accept', B: 'reject' })
    expect(ask(['A', 'B'], [])).toEqual({ A: 'reject', B: 'reject' })
  })

  it('H18 an acceptance with a stronger reminder is called so, shown or silent, and is one grant', () => {
    const { cloud, ask } = testCloud({ templates: [template('A', { acceptedAs: 'acceptWithAlert' })] })
    expect(ask(['A'], ['A'], true)).toEqual({ A: 'acceptWithAlert' })
    expect(ask(['A'], [])).toEqual({ A: 'acceptWithAlert' })
    expect(cloud.quota(phone)).toEqual({ A: 2 })
    expect(cloud.phone.readSettings(phone).items).toMatchObject([{ value: 'acceptWithAlert' }])
  })

  it('H19 each accept is one grant for that user and template; grants accumulate', () => {
    const { cloud, ask, pass } = testCloud()
    ask(['A', 'B'], ['A', 'B'])
    pass(400 * 24 * 3600_000)
    ask(['A'], ['A'])
    expect(cloud.quota(phone)).toEqual({ A: 2, B: 1 })
    expect(cloud.quota('oLeadbellDemoPhone000000002')).toEqual({})
  })

  it('H18 each stronger accept can be set and taken away while it runs', () => {
    const { cloud, ask } = testCloud()
    for (const acceptedAs of ['acceptWithAudio', 'acceptWithAlert', 'acceptWithForcePush'] as const) {
      cloud.changeTemplate('A', { acceptedAs })
      expect(ask(['A'], ['A'])).toEqual({ A: acceptedAs })
    }
    cloud.changeTemplate('A', { acceptedAs: null })
    expect(ask(['A'], ['A'])).toEqual({ A: 'accept' })
    expect(cloud.quota(phone)).toEqual({ A: 4 })
  })

  it('H19 with a ceiling an accept above it adds nothing, shown or silent; without one every accept counts', () => {
    const held = (grantCeiling: number | 'none') => {
      const { cloud, ask, send } = testCloud({ profile: { grantCeiling } })
      ask(['A'], ['A'], true)
      for (let n = 0; n < 4; n++) ask(['A'], [])
      const before = cloud.quota(phone).A
      send('A')
      ask(['A'], [])
      return [before, cloud.quota(phone).A]
    }
    expect([held(2), held(0), held('none')]).toEqual([
      [2, 2],
      [undefined, undefined],
      [5, 5],
    ])
  })

  it('H20 keep ticked: later calls show no panel and add one grant per kept accept', () => {
    const { cloud, ask } = testCloud()
    ask(['A', 'B'], ['A'], true)
    expect(cloud.phone.openPanel(phone, ['A', 'B'])).toEqual({
      kind: 'silent',
      results: { A: 'accept', B: 'reject' },
    })
    expect(cloud.quota(phone)).toEqual({ A: 2 })
  })

  it('H20 a mixed call lists the undecided only, and grants the kept accept when the panel closes', () => {
    const { cloud, ask } = testCloud()
    ask(['A'], ['A'], true)
    const opened = cloud.phone.openPanel(phone, ['A', 'B'])
    expect(opened).toMatchObject({ kind: 'panel', rows: [{ templateId: 'B' }], settled: { A: 'accept' } })
    expect(cloud.quota(phone)).toEqual({ A: 1 })
    expect(ask(['A', 'B'], ['B'])).toEqual({ A: 'accept', B: 'accept' })
    expect(cloud.quota(phone)).toEqual({ A: 2, B: 1 })
  })

  it('H21 without keep the panel shows every time', () => {
    const { cloud, ask } = testCloud()
    ask(['A'], ['A'])
    ask(['B'], [])
    expect(cloud.phone.openPanel(phone, ['A', 'B'])).toMatchObject({
      kind: 'panel',
      rows: [{ templateId: 'A' }, { templateId: 'B' }],
    })
  })

  it('H22 the result has one key per id asked, each once', () => {
    const { ask } = testCloud()
    expect(Object.keys(ask(['A', 'B', 'A'], ['A'])).sort()).toEqual(['A', 'B'])
  })

  it('only a panel that was opened can close, and only once; the phone cannot invent a kept accept', () => {
    const { cloud } = testCloud()
    const accept = { openid: phone, settled: {}, decisions: { A: 'accept' }, keep: false } as const
    expect(cloud.phone.closePanel(accept)).toMatchObject({ kind: 'fail' })
    cloud.phone.openPanel(phone, ['A'])
    expect(cloud.phone.closePanel({ ...accept, settled: { B: 'accept' } })).toEqual({
      kind: 'ok',
      results: { A: 'accept' },
    })
    expect(cloud.phone.closePanel(accept)).toMatchObject({ kind: 'fail' })
    expect(cloud.quota(phone)).toEqual({ A: 1 })
  })
})

describe('H52 the devtools', () => {
  const onDevtools = () => {
    const made = testCloud({ templates: [template('A'), template('L', { type: 3 })] })
    made.cloud.phone.change(phone, { platform: 'devtools' })
    return made
  }

  it('H52 an id that WeChat does not know comes on the panel, is answered, and never a grant', () => {
    const { cloud, ask, send } = onDevtools()
    expect(cloud.phone.openPanel(phone, ['nope', 'A'])).toMatchObject({
      kind: 'panel',
      rows: [{ templateId: 'nope' }, { templateId: 'A' }],
    })
    expect(ask(['nope', 'A'], ['nope', 'A'])).toEqual({ nope: 'accept', A: 'accept' })
    expect(ask(['nope'], [])).toEqual({ nope: 'reject' })
    expect([cloud.quota(phone), send('nope')]).toEqual([{ A: 1 }, 40037])
  })

  it('H52 what was kept for it is not in the settings, and it is asked again', () => {
    const { cloud, ask } = onDevtools()
    ask(['nope', 'A'], ['nope', 'A'], true)
    expect(cloud.phone.readSettings(phone).items.map(({ templateId }) => templateId)).toEqual(['A'])
    expect(cloud.phone.openPanel(phone, ['nope'])).toMatchObject({ kind: 'panel' })
  })

  it('H52 known ids are checked there as on a phone, and on a phone unknown ones are 20001', () => {
    const { cloud } = onDevtools()
    expect(failCode(cloud.phone.openPanel(phone, ['A', 'L']))).toBe(20002)
    expect(failCode(cloud.phone.openPanel(phone, ['L', 'nope']))).toBe('panel')
    cloud.phone.change(phone, { platform: 'android' })
    expect(failCode(cloud.phone.openPanel(phone, ['nope']))).toBe(20001)
  })

  it('H52 the switch can be turned by itself, for every platform', () => {
    const loose = testCloud({ clientProfile: { templateIds: 'unchecked' } })
    expect(failCode(loose.cloud.phone.openPanel(phone, ['nope']))).toBe('panel')
    const tight = testCloud({ clientProfile: { templateIds: 'checked' } })
    tight.cloud.phone.change(phone, { platform: 'devtools' })
    expect(failCode(tight.cloud.phone.openPanel(phone, ['nope']))).toBe(20001)
  })
})

describe('settings', () => {
  it('H25 lists nothing until a choice was kept, then the kept ones only', () => {
    const { cloud, ask } = testCloud()
    expect(cloud.phone.readSettings(phone)).toEqual({ mainSwitch: true, items: [] })
    ask(['A', 'B'], ['A'], true)
    ask(['C'], ['C'])
    expect(cloud.phone.readSettings(phone).items).toEqual([
      { templateId: 'A', title: '标题 A', value: 'accept' },
      { templateId: 'B', title: '标题 B', value: 'reject' },
    ])
  })

  it('H26 a plain accept or reject never shows', () => {
    const { cloud, ask } = testCloud()
    ask(['A', 'B'], ['A'])
    expect(cloud.phone.readSettings(phone).items).toEqual([])
  })

  it('H27 flipping to accept gives no grant; the next call stays silent and gives one', () => {
    const { cloud, ask } = testCloud()
    ask(['A'], [], true)
    cloud.phone.writeSettings({ openid: phone, items: { A: 'accept' } })
    expect(cloud.phone.readSettings(phone).items).toMatchObject([{ templateId: 'A', value: 'accept' }])
    expect(cloud.quota(phone)).toEqual({})
    expect(cloud.phone.openPanel(phone, ['A'])).toEqual({ kind: 'silent', results: { A: 'accept' } })
    expect(cloud.quota(phone)).toEqual({ A: 1 })
  })

  it('H27 what the page does not list cannot be flipped', () => {
    const { cloud } = testCloud()
    cloud.phone.writeSettings({ openid: phone, items: { A: 'accept' } })
    expect(cloud.phone.readSettings(phone).items).toEqual([])
  })

  it('H27 a flipped main switch is in the next reading, and listeners hear of it', () => {
    const { cloud } = testCloud()
    const heard: unknown[] = []
    cloud.phone.listen(phone, (event) => heard.push(event))
    cloud.phone.writeSettings({ openid: phone, mainSwitch: false })
    expect(cloud.phone.readSettings(phone).mainSwitch).toBe(false)
    expect(heard).toEqual([{ kind: 'settings', settings: { mainSwitch: false, items: [] } }])
  })
})

import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { connectEmulator } from '../../control/index.ts'
import { newPhone } from '../../phone-settings.ts'
import type { PhoneHandle } from '../phone.ts'
import { Desk } from './desk.ts'
import { aheadWord } from './header.ts'
import { explainClient, explainServer, noTapState } from './log/explain.ts'
import { logAsText, matches, newestFirst, wholeLog } from './log/log.ts'
import { pushEntry, serverEntry, wxEntry, type Entry } from './log/entries.ts'
import { faultWord, firingWord, presets } from './panels/fault-words.ts'
import { readSavedState, restoreStorage, storageOf } from './panels/saved-state.ts'
import { PhoneLog } from './phone-windows.ts'

const record = { at: 5, call: 'subscribe/send', errcode: 43101, request: {}, latencyMs: 0 } as const
const phone = (openid: string) => ({ ...newPhone, openid, nickname: openid })

/** An emulator of which a test says when and what it answers, path by path, and the desk of it. */
function fakeEmulator(given: Record<string, unknown>) {
  const answers: Record<string, unknown> = {
    '/__desk/changes': { mark: 'run.0', isAfresh: false, calls: [], pushes: [] },
    ...given,
  }
  const asked: string[] = []
  const held: (() => void)[] = []
  let isHolding = false
  let isUp = true
  vi.stubGlobal('fetch', async (url: string): Promise<Response> => {
    if (!isUp) throw new TypeError('fetch failed')
    asked.push(url.replace(/^http:\/\/desk\.test\/__desk\//, ''))
    const body = answers[new URL(url).pathname] ?? []
    if (isHolding) await new Promise<void>((go) => held.push(go))
    return body instanceof Response ? body : Response.json(body)
  })
  onTestFinished(() => void vi.unstubAllGlobals())
  return {
    answers,
    asked,
    desk: new Desk(connectEmulator('http://desk.test'), '', () => undefined),
    isUp: (up: boolean) => void (isUp = up),
    hold: () => void (isHolding = true),
    release: () => {
      isHolding = false
      held.splice(0).forEach((go) => go())
    },
  }
}

describe('the desk', () => {
  it('an answer that comes late does not draw over a newer one', async () => {
    const emulator = fakeEmulator({ '/__desk/phones': [phone('old')] })
    const { desk } = emulator
    emulator.hold()
    const slow = desk.refresh()
    const { release } = emulator
    emulator.answers['/__desk/phones'] = [phone('new')]
    release()
    await desk.refresh()
    await slow
    expect(desk.books.phones.map(({ openid }) => openid)).toEqual(['new'])
  })

  it('an emulator that is gone is said, and taken back when it answers again', async () => {
    const emulator = fakeEmulator({ '/__desk/phones': [phone('a')] })
    const { desk } = emulator
    emulator.isUp(false)
    await desk.refresh()
    expect(desk.trouble).toBe('http://desk.test 没有应答，模拟器还在运行吗？(no answer)')
    emulator.isUp(true)
    await desk.refresh()
    expect(desk.trouble).toBeUndefined()
    expect(desk.selected).toBe('a')
  })

  it('calls and pushes that are known are not asked for again; what changed takes the place it had', async () => {
    const first = { id: 'run.1', record: { ...record, durationMs: 1 } }
    const emulator = fakeEmulator({
      '/__desk/changes': {
        mark: 'run.2',
        isAfresh: true,
        calls: [first, { id: 'run.2', record }],
        pushes: [],
      },
    })
    const { desk } = emulator
    await desk.refresh()
    const changed = { id: 'run.1', record: { ...record, durationMs: 9 } }
    emulator.answers['/__desk/changes'] = {
      ...{ mark: 'run.4', isAfresh: false, calls: [changed, { id: 'run.4', record }] },
      pushes: [],
    }
    await desk.refresh()
    expect(emulator.asked.filter((path) => path.startsWith('changes'))).toEqual([
      'changes?after=',
      'changes?after=run.2',
    ])
    expect(desk.books.known.calls.map(({ id }) => id)).toEqual(['run.1', 'run.2', 'run.4'])
    expect(desk.books.known.calls[0]).toEqual(changed)
    expect(emulator.asked).not.toContain('calls')
  })

  it('an emulator that was started again begins a new log, and is asked for its templates again', async () => {
    const old = { id: 'old.1', record }
    const emulator = fakeEmulator({
      '/__desk/changes': { mark: 'old.1', isAfresh: true, calls: [old], pushes: [] },
    })
    const { desk, asked } = emulator
    await desk.refresh()
    emulator.answers['/__desk/changes'] = { mark: 'old.1', isAfresh: false, calls: [], pushes: [] }
    await desk.refresh()
    expect(desk.books.known.calls).toEqual([old])
    const templates = () => asked.filter((path) => path === 'templates').length
    const before = templates()
    emulator.answers['/__desk/changes'] = { mark: 'new.0', isAfresh: true, calls: [], pushes: [] }
    await desk.refresh()
    expect(desk.books.known.calls).toEqual([])
    emulator.answers['/__desk/changes'] = { mark: 'new.0', isAfresh: false, calls: [], pushes: [] }
    await desk.refresh()
    expect(templates()).toBe(before + 1)
    await desk.refresh()
    expect(templates()).toBe(before + 1)
  })

  it('what the emulator refuses is said in its own words', async () => {
    const { desk } = fakeEmulator({
      '/__desk/clock': Response.json({ message: '时钟只能往前拨' }, { status: 400 }),
    })
    await desk.act(() => desk.control.advance(-1))
    expect(desk.said).toEqual({ ok: false, message: '时钟只能往前拨' })
  })
})

describe('the log of a phone', () => {
  const handle = (...names: string[]) =>
    ({
      calls: names.map((name, n) => ({ name, arg: {}, tap: false, at: n })),
      errors: [{ where: 'Page', message: 'boom' }],
    }) as unknown as PhoneHandle

  it('keeps what an earlier start called, takes in answers that come later, and tells each error once', () => {
    const log = new PhoneLog()
    const before = handle('login')
    log.read(before, 0)
    ;(before.calls[0] as { answer?: unknown }).answer = { errMsg: 'login:ok' }
    log.read(before, 0)
    expect(log.calls).toMatchObject([{ name: 'login', answer: { errMsg: 'login:ok' } }])
    log.read(handle('request', 'showToast'), 0)
    log.read(undefined, 0)
    expect(log.calls.map(({ name }) => name)).toEqual(['login', 'request', 'showToast'])
    expect(new Set(log.calls.map(({ id }) => id)).size).toBe(3)
    expect(log.errors).toHaveLength(2)
  })

  it('a call keeps the time of its own, however far the clock is put forward afterwards', () => {
    const log = new PhoneLog()
    const running = handle('login')
    log.read(running, 1000)
    log.read(running, 9000)
    expect(log.calls[0]?.at).toBe(1000)
  })
})

describe('entries', () => {
  const call = { id: '1', name: 'requestSubscribeMessage', arg: { tmplIds: ['T'] }, tap: false, at: 5 }
  const titleOf = (id: string) => `<${id}>`

  it('a subscription without tap state says why it failed', () => {
    const errMsg = 'requestSubscribeMessage:fail can only be invoked by user TAP gesture.'
    const entry = wxEntry('o', { ...call, answer: { errMsg } })
    expect(entry).toMatchObject({ isBad: true, advice: noTapState })
    expect(entry.marks.map(({ word }) => word)).toEqual(['没有点击态', '失败'])
  })

  it('one that the emulator refused for another reason says that reason', () => {
    const answer = { errMsg: 'requestSubscribeMessage:fail The main switch is switched off', errCode: 20004 }
    expect(wxEntry('o', { ...call, tap: true, answer }).advice).toContain('总开关')
    expect(explainClient('showToast', { errMsg: 'showToast:fail', errCode: 20004 })).toBeUndefined()
  })

  it('a request that failed says which one', () => {
    const arg = { url: 'http://127.0.0.1:5301/auth/captcha?x=1', method: 'POST' }
    const entry = wxEntry('o', { ...call, name: 'request', arg, answer: { errMsg: 'request:fail timeout' } })
    expect(entry.about).toBe('fail timeout（POST /auth/captcha）')
  })

  it('a send that was cut off after it was done is bad though WeChat says 0', () => {
    const entry = serverEntry({ ...record, errcode: 0, fault: 'drop' }, 'x', titleOf)
    expect(entry).toMatchObject({ isBad: true, advice: expect.stringContaining('不要盲目重发') as string })
    expect(serverEntry({ ...record, errcode: 0, request: { template_id: 'T' } }, 'x', titleOf)).toMatchObject(
      {
        isBad: false,
        about: '<T>',
      },
    )
    expect(explainServer(0, undefined)).toBeUndefined()
  })

  it('a push that was given up tells how often it was tried and how it ended', () => {
    const attempt = { at: 1, answer: { kind: 'refused', status: 500, body: 'oops' } } as const
    const entry = pushEntry(
      {
        event: { kind: 'change', openid: 'o', at: 1, templateId: 'T' },
        outcome: 'abandoned',
        attempts: [attempt, attempt, attempt],
      },
      'x',
      titleOf,
    )
    expect(entry.advice).toContain('推了 3 次都没有收下：答复 HTTP 500 oops')
    expect(entry.parts).toHaveLength(4)
  })

  it('newest first, filtered by kind and words, as text oldest first', () => {
    const early = wxEntry('o', { ...call, id: '1', at: 1, answer: { errMsg: 'x:ok', T: 'accept' } })
    const late = serverEntry({ ...record, at: 2 }, 's', titleOf)
    const quiet = wxEntry('o', { ...call, id: '3', name: 'getStorageSync', at: 3 })
    const all = newestFirst([early, late, quiet])
    expect(all.map(({ at }) => at)).toEqual([3, 2, 1])
    const shown = (filter: Partial<typeof wholeLog>) =>
      all.filter((entry: Entry) => matches(entry, { ...wholeLog, ...filter })).map(({ at }) => at)
    expect(shown({})).toEqual([2, 1])
    expect(shown({ quiet: true })).toEqual([3, 2, 1])
    expect(shown({ source: 'bad' })).toEqual([2])
    expect(shown({ source: 'wx' })).toEqual([1])
    expect(shown({ text: ' tmplIDS ' })).toEqual([1])
    expect(logAsText([early, late])).toMatch(
      /小程序 requestSubscribeMessage[\s\S]*服务器 subscribe\/send \[43101\]/,
    )
  })
})

describe('words', () => {
  it.each([
    [0, ''],
    [5 * 60_000, '快 5 分'],
    [2 * 3_600_000, '快 2 小时'],
    [30 * 86_400_000 + 60_000, '快 30 天 1 分'],
  ])('%i ms ahead', (ms, word) => {
    expect(aheadWord(ms)).toBe(word)
  })

  it('every ready-made fault says what it breaks, and breaks it for a while only', () => {
    for (const { make } of presets) {
      const { fault } = make('o1')
      expect(fault.times).toBe(1)
      expect(faultWord(fault)).toMatch(/：/)
    }
  })

  it('for whom and how often', () => {
    const times = { fired: 2, left: null }
    expect(firingWord({ kind: 'lose', openid: 'o1', probability: 0.1 }, times, () => '小陈')).toBe(
      '小陈 · 10% · 一直 · 已触发 2 次',
    )
    expect(firingWord({ kind: 'lose' }, { fired: 0, left: 3 }, () => '')).toBe(
      '所有人 · 还剩 3 次 · 已触发 0 次',
    )
  })
})

describe('a saved state', () => {
  const storage = (entries: Record<string, string>): Storage => {
    const map = new Map(Object.entries(entries))
    return {
      get length() {
        return map.size
      },
      key: (n) => [...map.keys()][n] ?? null,
      getItem: (key) => map.get(key) ?? null,
      setItem: (key, value) => void map.set(key, value),
      removeItem: (key) => void map.delete(key),
      clear: () => map.clear(),
    }
  }

  it('what the phones keep goes along; what was kept since goes away', () => {
    const mine = storage({ 'mini-program:o:a': '1' })
    const saved = storageOf(mine)
    mine.setItem('mini-program:o:a', '2')
    mine.setItem('mini-program:o:b', '3')
    restoreStorage(mine, saved)
    expect(storageOf(mine)).toEqual({ 'mini-program:o:a': '1' })
  })

  it('reads back what was written', () => {
    const text = JSON.stringify({ version: 1, cloud: { a: 1 }, storage: { k: 'v' } })
    expect(readSavedState(text)).toEqual(JSON.parse(text))
  })
})

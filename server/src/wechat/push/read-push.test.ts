import { describe, expect, it } from 'vitest'
import {
  changeEvent,
  makePush,
  popupEvent,
  sentEvent,
  sign,
  type EventToPush,
  type PushFormat,
  type PushMode,
  type PushToMake,
} from '../../testing/push-sender.ts'
import { readEcho, readPush, type PushSettings } from './read-push.ts'

const withKey: PushSettings = {
  token: 'leadbell-token',
  appid: 'wx0123456789abcdef',
  aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
}
const withoutKey: PushSettings = { ...withKey, aesKey: undefined }
const now = new Date('2026-11-23T01:42:00Z')
const at = new Date('2026-11-23T01:41:57Z')
const OPENID = 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY'
const MSGID = '1864323726461255680'

const modes: PushMode[] = ['plain', 'compatible', 'encrypted']
const formats: PushFormat[] = ['xml', 'json']
const ways = modes.flatMap((mode) => formats.map((format) => ({ mode, format })))

const settingsFor = (mode: PushMode) => (mode === 'plain' ? withoutKey : withKey)
const push = (
  way: { mode: PushMode; format: PushFormat },
  event: EventToPush,
  more: Partial<PushToMake> = {},
) => makePush({ settings: withKey, ...way, event, timestamp: now, ...more })
const read = (
  way: { mode: PushMode; format: PushFormat },
  event: EventToPush,
  spelling: PushToMake['spelling'] = {},
) => {
  const { query, body } = push(way, event, { spelling })
  return readPush(settingsFor(way.mode), query, body, now)
}

const accepted = { templateId: 'T1', value: 'accept' }
const rejected = { templateId: 'T2', value: 'reject' }
const key = expect.stringMatching(/^(popup|change|sent):[\w-]{1,128}$/)
const common = { key, openid: OPENID, at }

describe.each(ways)('a $mode push in $format', (way) => {
  it('tells what the user answered, one template or several', () => {
    const one = { kind: 'popup', ...common, ...accepted }
    expect(read(way, popupEvent(OPENID, [accepted], at))).toEqual({ kind: 'events', events: [one] })
    expect(read(way, popupEvent(OPENID, [accepted, rejected], at))).toEqual({
      kind: 'events',
      events: [one, { kind: 'popup', ...common, ...rejected }],
    })
  })

  it('tells what the user unsubscribed', () => {
    expect(read(way, changeEvent(OPENID, [rejected], at))).toEqual({
      kind: 'events',
      events: [{ kind: 'change', ...common, ...rejected }],
    })
  })

  it('tells what became of a send, its msgid to the last digit', () => {
    const sent = { kind: 'sent', ...common, key: `sent:${MSGID}`, templateId: 'T1', msgid: MSGID }
    expect(read(way, sentEvent(OPENID, 'T1', MSGID, at))).toEqual({
      kind: 'events',
      events: [{ ...sent, errorCode: '0', errorStatus: 'success' }],
    })
    const error = { code: '10003', status: 'system failed' }
    expect(read(way, sentEvent(OPENID, 'T1', MSGID, at, error))).toEqual({
      kind: 'events',
      events: [{ ...sent, errorCode: '10003', errorStatus: 'system failed' }],
    })
  })

  it('reads the same however it is spelled', () => {
    const events = [
      popupEvent(OPENID, [accepted], at),
      popupEvent(OPENID, [accepted, rejected], at),
      changeEvent(OPENID, [rejected], at),
      sentEvent(OPENID, 'T1', MSGID, at),
    ]
    for (const event of events)
      for (const wrapper of [false, true])
        for (const alwaysArray of [false, true])
          for (const numbers of [false, true])
            expect(read(way, event, { wrapper, alwaysArray, numbers })).toEqual(read(way, event))
  })

  it('is taken within five minutes of its signature, before and after, and not beyond', () => {
    const { query, body } = push(way, popupEvent(OPENID, [accepted], at))
    const after = (ms: number) =>
      readPush(settingsFor(way.mode), query, body, new Date(now.getTime() + ms)).kind
    expect([-300_000, 300_000].map(after)).toEqual(['events', 'events'])
    expect([-300_001, 300_001].map(after)).toEqual(['refused', 'refused'])
  })

  it('is taken within the window that was set', () => {
    const { query, body } = push(way, popupEvent(OPENID, [accepted], at))
    const settings = { ...settingsFor(way.mode), windowMs: 1000 }
    expect(readPush(settings, query, body, new Date(now.getTime() + 1001))).toEqual({
      kind: 'refused',
      why: 'timestamp',
    })
  })

  it('is refused when another token signed it', () => {
    const settings = { ...withKey, token: 'another' }
    const { query, body } = push(way, popupEvent(OPENID, [accepted], at), { settings })
    expect(readPush(settingsFor(way.mode), query, body, now)).toEqual({ kind: 'refused', why: 'signature' })
  })
})

describe('the key of an event', () => {
  const way = { mode: 'encrypted', format: 'json' } as const
  const keysOf = (event: EventToPush) => {
    const reading = read(way, event)
    return reading.kind === 'events' ? reading.events.map((one) => one.key) : []
  }

  it('is the same each time WeChat repeats it, in whatever mode and format', () => {
    for (const event of [popupEvent(OPENID, [accepted, rejected], at), sentEvent(OPENID, 'T1', MSGID, at)]) {
      const readings = ways.map((one) => read(one, event))
      for (const reading of readings) expect(reading).toEqual(readings[0])
    }
  })

  it('differs with the event, the person, the second and the template', () => {
    const later = new Date(at.getTime() + 1000)
    const keys = [
      ...keysOf(popupEvent(OPENID, [accepted, rejected], at)),
      ...keysOf(popupEvent('another', [accepted], at)),
      ...keysOf(popupEvent(OPENID, [accepted], later)),
      ...keysOf(changeEvent(OPENID, [accepted], at)),
      ...keysOf(sentEvent(OPENID, 'T1', MSGID, at)),
      ...keysOf(sentEvent(OPENID, 'T1', '1864323726461255681', at)),
    ]
    expect(keys).toHaveLength(7)
    expect(new Set(keys).size).toBe(7)
  })

  it('is at most 200 characters', () => {
    const long = 'x'.repeat(128)
    const events = [
      popupEvent(long, [{ templateId: long, value: 'accept' }], at),
      sentEvent(long, long, long, at),
    ]
    const keys = events.flatMap(keysOf)
    expect(keys).toHaveLength(2)
    for (const one of keys) expect(one.length).toBeLessThanOrEqual(200)
  })
})

describe('what is encrypted', () => {
  it('is all that counts in compatible mode', () => {
    for (const format of formats) {
      const genuine = push({ mode: 'compatible', format }, popupEvent(OPENID, [rejected], at))
      const forged = genuine.body.replace('reject', 'accept')
      expect(forged).not.toBe(genuine.body)
      expect(readPush(withKey, genuine.query, forged, now)).toEqual({
        kind: 'events',
        events: [{ kind: 'popup', ...common, ...rejected }],
      })
    }
  })

  it('is demanded of every push once there is a key', () => {
    for (const format of formats) {
      const { query, body } = push({ mode: 'plain', format }, popupEvent(OPENID, [accepted], at))
      expect(readPush(withKey, query, body, now)).toEqual({ kind: 'refused', why: 'not-encrypted' })
    }
  })

  it('is asked a key for when there is none', () => {
    for (const format of formats) {
      const { query, body } = push({ mode: 'encrypted', format }, popupEvent(OPENID, [accepted], at))
      expect(readPush(withoutKey, query, body, now)).toEqual({ kind: 'refused', why: 'no-key' })
    }
  })

  it('is not needed in compatible mode when there is no key', () => {
    const { query, body } = push({ mode: 'compatible', format: 'xml' }, popupEvent(OPENID, [accepted], at))
    expect(readPush(withoutKey, query, body, now).kind).toBe('events')
  })

  it('is refused when it was encrypted with another key or for another mini-program', () => {
    const event = popupEvent(OPENID, [accepted], at)
    const way = { mode: 'encrypted', format: 'json' } as const
    const otherKey = push(way, event, { settings: { ...withKey, aesKey: 'B'.repeat(43) } })
    expect(readPush(withKey, otherKey.query, otherKey.body, now)).toEqual({
      kind: 'refused',
      why: 'undecryptable',
    })
    const otherApp = push(way, event, { settings: { ...withKey, appid: 'wxffffffffffffffff' } })
    expect(readPush(withKey, otherApp.query, otherApp.body, now)).toEqual({ kind: 'refused', why: 'appid' })
  })
})

describe('the verification of the address', () => {
  const timestamp = String(now.getTime() / 1000)
  const query = {
    signature: sign([withKey.token, timestamp, 'n1']),
    timestamp,
    nonce: 'n1',
    echostr: '4375120948345356249',
  }

  it('gives the echo back', () => {
    expect(readEcho(withKey, query, now)).toEqual({ kind: 'echo', echostr: query.echostr })
  })

  it.each([
    ['signature', { signature: query.signature.replace(/./, (c) => (c === '0' ? '1' : '0')) }],
    ['signature', { signature: query.signature.toUpperCase() }],
    ['signature', { signature: undefined }],
    ['signature', { nonce: 'n2' }],
    ['signature', { nonce: undefined }],
    ['timestamp', { timestamp: undefined }],
    ['timestamp', { timestamp: '' }],
    ['timestamp', { timestamp: 'NaN' }],
    ['timestamp', { timestamp: `${timestamp}000` }],
    ['malformed', { echostr: undefined }],
    ['malformed', { echostr: '' }],
    ['malformed', { echostr: '<script>alert(1)</script>' }],
    ['malformed', { echostr: '1'.repeat(257) }],
  ])('is refused for its %s: %j', (why, change) => {
    expect(readEcho(withKey, { ...query, ...change }, now)).toEqual({ kind: 'refused', why })
  })

  it.each(['', 'a b', '4'.repeat(65), 'abc+/='])('is refused for a nonce of another shape: %j', (nonce) => {
    const signature = sign([withKey.token, timestamp, nonce])
    expect(readEcho(withKey, { ...query, nonce, signature }, now)).toEqual({
      kind: 'refused',
      why: 'signature',
    })
  })

  it('is refused when replayed', () => {
    expect(readEcho(withKey, query, new Date(now.getTime() + 300_001))).toEqual({
      kind: 'refused',
      why: 'timestamp',
    })
  })
})

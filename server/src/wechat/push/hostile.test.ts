import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encryptPush, makePush, popupEvent, sign } from '../../testing/push-sender.ts'
import { readPush, type PushQuery, type PushReading, type PushSettings } from './read-push.ts'

const aesKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'
const withKey: PushSettings & { aesKey: string } = {
  token: 'leadbell-token',
  appid: 'wx0123456789abcdef',
  aesKey,
}
const withoutKey: PushSettings = { ...withKey, aesKey: undefined }
const now = new Date('2026-11-23T01:42:00Z')
const timestamp = String(now.getTime() / 1000)
const event = popupEvent('o9AgO5Kd5ggOC-bXrbNODIiE3bGY', [{ templateId: 'T1', value: 'accept' }], now)
const formats = ['xml', 'json'] as const

/** Read as if WeChat had signed it plainly: only the body is in question. */
const readSigned = (body: string): PushReading =>
  readPush(
    withoutKey,
    { signature: sign([withKey.token, timestamp, 'n1']), timestamp, nonce: 'n1' },
    body,
    now,
  )

/** The same, encrypted with our key. */
function readSealed(message: string): PushReading {
  const Encrypt = encryptPush(message, withKey)
  const msg_signature = sign([withKey.token, timestamp, 'n1', Encrypt])
  return readPush(withKey, { msg_signature, timestamp, nonce: 'n1' }, JSON.stringify({ Encrypt }), now)
}

const malformed = { kind: 'refused', why: 'malformed' }
const replaced = (text: string, index: number, by: string) =>
  text.slice(0, index) + by + text.slice(index + 1)

describe('a push that was tampered with', () => {
  const anotherCharacter = fc.oneof(
    fc.constantFrom('', 'A', '0', '=', '/', '"', '<', '\\', '\0'),
    fc.string({ minLength: 1, maxLength: 2, unit: 'binary' }),
  )

  it.each(formats)('at any place of what is encrypted, in %s, yields no event', (format) => {
    const { query, body } = makePush({ settings: withKey, mode: 'encrypted', format, event, timestamp: now })
    const [encrypted = ''] = /[\w+/]{100,}=*/.exec(body) ?? []
    expect(encrypted.length).toBeGreaterThan(300)
    for (const index of encrypted.split('').keys())
      fc.assert(
        fc.property(anotherCharacter, (by) => {
          fc.pre(by !== encrypted[index])
          const tampered = body.replace(encrypted, () => replaced(encrypted, index, by))
          expect(readPush(withKey, query, tampered, now).kind).toBe('refused')
        }),
        { numRuns: 5 },
      )
  })

  it.each(formats)('at any place of its body, in %s, yields the genuine event or none', (format) => {
    for (const mode of ['compatible', 'encrypted'] as const) {
      const { query, body } = makePush({ settings: withKey, mode, format, event, timestamp: now })
      const genuine = readPush(withKey, query, body, now)
      expect(genuine.kind).toBe('events')
      for (const index of body.split('').keys())
        fc.assert(
          fc.property(anotherCharacter, (by) => {
            const reading = readPush(withKey, query, replaced(body, index, by), now)
            if (reading.kind !== 'refused') expect(reading).toEqual(genuine)
          }),
          { numRuns: 3 },
        )
    }
  })

  it.each(['plain', 'encrypted'] as const)('at any place of its %s query yields no event', (mode) => {
    const settings = mode === 'plain' ? withoutKey : withKey
    const { query, body } = makePush({ settings: withKey, mode, format: 'json', event, timestamp: now })
    const signed = ['timestamp', 'nonce', mode === 'plain' ? 'signature' : 'msg_signature']
    for (const name of signed) {
      const value = query[name] ?? ''
      for (const index of value.split('').keys())
        fc.assert(
          fc.property(anotherCharacter, (by) => {
            fc.pre(by !== value[index])
            const tampered = { ...query, [name]: replaced(value, index, by) }
            expect(readPush(settings, tampered, body, now).kind).toBe('refused')
          }),
          { numRuns: 10 },
        )
    }
  })

  it('by moving characters between the signed parts yields no event, and is not made younger', () => {
    const { query, body } = makePush({
      settings: withKey,
      mode: 'plain',
      format: 'json',
      event,
      timestamp: now,
    })
    const joined = [query.timestamp ?? '', query.nonce ?? ''].sort().join('')
    for (const cut of joined.split('').keys())
      for (const [first, second] of [
        [joined.slice(0, cut), joined.slice(cut)],
        [joined.slice(cut), joined.slice(0, cut)],
      ]) {
        if (first === query.timestamp || first === undefined || second === undefined) continue
        const moved: PushQuery = { ...query, timestamp: first, nonce: second }
        expect(readPush(withoutKey, moved, body, now).kind).toBe('refused')
      }
  })
})

describe('a body nobody at WeChat wrote', () => {
  const fragments = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          ...'<xml>,</xml>,<List>,</List>,<![CDATA[,]]>,<!DOCTYPE a [,<!ENTITY a "b">,&a;,<?xml ?>,<!--,-->'.split(
            ',',
          ),
          ...'{,},[,],",:,\\,\\u0000,"MsgType":"event",,"__proto__":,1e999,-0,null,"Encrypt":'.split(','),
          '<Encrypt>',
          '<MsgType>event</MsgType>',
          '<Event>subscribe_msg_popup_event</Event>',
          '"Event":"subscribe_msg_sent_event"',
        ),
        fc.string({ unit: 'binary', maxLength: 10 }),
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.join(''))
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fragments,
    fragments.map((text) => `<xml>${text}</xml>`),
    fc.json({ maxDepth: 6 }),
    fc
      .object({ key: fc.constantFrom('MsgType', 'Event', 'List', 'Encrypt', '__proto__') })
      .map((value) =>
        JSON.stringify(value, (_key, one: unknown) => (typeof one === 'bigint' ? String(one) : one)),
      ),
  )

  it('is answered, whatever it is, and yields no event', () => {
    fc.assert(
      fc.property(anything, (body) => {
        expect(readSigned(body).kind).not.toBe('events')
        expect(readSealed(body).kind).not.toBe('events')
        expect(readPush(withKey, {}, body, now).kind).toBe('refused')
        const query = { timestamp, nonce: 'n1', msg_signature: '0'.repeat(40) }
        expect(readPush(withKey, query, body, now).kind).toBe('refused')
      }),
      { numRuns: 1500 },
    )
  })

  it('is answered, whatever the query is', () => {
    const text = fc.option(fc.string({ unit: 'binary' }), { nil: undefined })
    const query = fc.record({
      signature: text,
      timestamp: fc.oneof(text, fc.constant(timestamp)),
      nonce: text,
      msg_signature: fc.oneof(text, fc.constant('f'.repeat(40))),
      encrypt_type: text,
    })
    fc.assert(
      fc.property(query, fc.boolean(), (one, keyed) => {
        expect(readPush(keyed ? withKey : withoutKey, one, '{"Encrypt":"AAAA"}', now).kind).toBe('refused')
      }),
    )
  })

  it.each([
    ['empty', ''],
    ['blank', ' \n'],
    ['a form', 'a=b&c=d'],
    ['an array', '[]'],
    ['half of JSON', '{"MsgType":"event"'],
    ['half of XML', '<xml><MsgType>event</MsgType>'],
    ['XML that closes wrongly', '<xml><MsgType>text</Event></xml>'],
    ['HTML', '<html><MsgType>text</MsgType></html>'],
    ['two documents', '<xml><MsgType>text</MsgType></xml><xml></xml>'],
    ['XML without fields', '<xml></xml>'],
    ['without a type', '{"Event":"subscribe_msg_popup_event"}'],
    ['of a type that is no text', '{"MsgType":{"event":1}}'],
    ['an event without a name', '{"MsgType":"event"}'],
    ['longer than any push', `{"MsgType":"text","Content":"${'x'.repeat(33_000)}"}`],
    ['JSON nested without end', `{"a":${'['.repeat(30_000)}`],
    ['JSON nested too deep to walk', `{"a":${'['.repeat(16_000)}${']'.repeat(16_000)}}`],
    ['XML nested without end', `<xml>${'<a>'.repeat(9000)}`],
    ['XML nested too deep', `<xml><MsgType>text</MsgType>${'<a>'.repeat(20)}${'</a>'.repeat(20)}</xml>`],
    [
      'XML with a document type',
      '<!DOCTYPE xml [<!ENTITY e SYSTEM "file:///etc/hostname">]><xml><MsgType>text</MsgType></xml>',
    ],
    ['XML with a name that is JavaScript’s', '<xml><__proto__>1</__proto__><MsgType>text</MsgType></xml>'],
  ])('is malformed when it is %s', (_what, body) => {
    expect(readSigned(body)).toEqual(malformed)
    expect(readSealed(body)).toEqual(malformed)
  })
})

describe('a push about something else', () => {
  it.each([
    ['{"MsgType":"text","Content":"你好"}', 'text'],
    ['<xml><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[<!DOCTYPE html>]]></Content></xml>', 'text'],
    [
      '<xml><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[wxa_media_check]]></Event></xml>',
      'event wxa_media_check',
    ],
    ['{"MsgType":"event","Event":"__proto__"}', 'event __proto__'],
    ['{"MsgType":"line\\nfeed\\u0000你"}', 'line?feed??'],
    [`{"MsgType":"${'x'.repeat(300)}"}`, 'x'.repeat(80)],
  ])('is ignored by name: %s', (body, what) => {
    expect(readSigned(body)).toEqual({ kind: 'ignored', what })
    expect(readSealed(body)).toEqual({ kind: 'ignored', what })
  })
})

describe('an event that is not as documented', () => {
  const entry = { TemplateId: 'T1', SubscribeStatusString: 'accept', PopupScene: '0' }
  const popup = {
    FromUserName: 'o1',
    CreateTime: 1620973045,
    MsgType: 'event',
    Event: 'subscribe_msg_popup_event',
    List: entry as unknown,
  }
  const result = { TemplateId: 'T1', MsgID: '1', ErrorCode: '0', ErrorStatus: 'success' }
  const sent = { ...popup, Event: 'subscribe_msg_sent_event', List: result as unknown }

  it.each<[string, unknown]>([
    ['no openid', { ...popup, FromUserName: undefined }],
    ['an empty openid', { ...popup, FromUserName: '' }],
    ['an openid of 129 characters', { ...popup, FromUserName: 'o'.repeat(129) }],
    ['NUL in the openid', { ...popup, FromUserName: 'o\u00001' }],
    ['two openids', { ...popup, FromUserName: ['o1', 'o2'] }],
    ['no time', { ...popup, CreateTime: undefined }],
    ['a time that is no number', { ...popup, CreateTime: 'yesterday' }],
    ['a negative time', { ...popup, CreateTime: -1 }],
    ['a time no calendar has', { ...popup, CreateTime: '9'.repeat(30) }],
    ['no list', { ...popup, List: undefined }],
    ['an empty list', { ...popup, List: [] }],
    ['a list of text', { ...popup, List: 'T1' }],
    ['a list of lists', { ...popup, List: [[entry]] }],
    ['one bad entry among good ones', { ...popup, List: [entry, {}] }],
    ['no template', { ...popup, List: { SubscribeStatusString: 'accept' } }],
    ['a template of 129 characters', { ...popup, List: { ...entry, TemplateId: 'T'.repeat(129) } }],
    ['NUL in the template', { ...popup, List: { ...entry, TemplateId: 'T\u0000' } }],
    ['no status', { ...popup, List: { TemplateId: 'T1' } }],
    ['a status that is no text', { ...popup, List: { ...entry, SubscribeStatusString: true } }],
    ['no msgid', { ...sent, List: { ...result, MsgID: undefined } }],
    ['a msgid of 129 digits', { ...sent, List: { ...result, MsgID: '1'.repeat(129) } }],
    ['no error code', { ...sent, List: { ...result, ErrorCode: undefined } }],
    ['NUL in the error', { ...sent, List: { ...result, ErrorStatus: 'a\u0000b' } }],
    ['half a character in the error', { ...sent, List: { ...result, ErrorStatus: 'a\ud800' } }],
    ['an error of 201 characters', { ...sent, List: { ...result, ErrorStatus: 'x'.repeat(201) } }],
  ])('is malformed: %s', (_what, push) => {
    expect(readSigned(JSON.stringify(push))).toEqual(malformed)
  })

  it('is taken without the word for its error', () => {
    const quiet = { ...sent, List: { ...result, ErrorStatus: undefined } }
    expect(readSigned(JSON.stringify(quiet))).toMatchObject({ kind: 'events', events: [{ errorStatus: '' }] })
  })

  it('is not found under __proto__, and changes no prototype', () => {
    const inherited =
      '{"MsgType":"text","__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":1}}}'
    expect(readSigned(inherited)).toEqual({ kind: 'ignored', what: 'text' })
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    const hidden = `{"__proto__":${JSON.stringify(popup)}}`
    expect(readSigned(hidden)).toEqual(malformed)
  })

  it('keeps entities as they are written, so none grows or reads a file', () => {
    const xml = (status: string, before = '') =>
      `<xml>${before}<FromUserName>o1</FromUserName><CreateTime>1620973045</CreateTime><MsgType>event</MsgType>` +
      `<Event>subscribe_msg_popup_event</Event><List><TemplateId>T1</TemplateId>` +
      `<SubscribeStatusString>${status}</SubscribeStatusString></List></xml>`
    const valueOf = (reading: PushReading) =>
      reading.kind === 'events' ? reading.events.map((one) => 'value' in one && one.value) : reading.kind
    expect(valueOf(readSigned(xml('accept')))).toEqual(['accept'])
    expect(valueOf(readSigned(xml('&lt;&#97;')))).toEqual(['&lt;&#97;'])
    const declared = '<!DOCTYPE xml [<!ENTITY a "accept"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    for (const entity of ['&a;', '&f;']) {
      expect(['refused', [entity]]).toContainEqual(valueOf(readSigned(xml(entity, declared))))
      expect(valueOf(readSigned(declared + xml(entity)))).toBe('refused')
    }
  })
})

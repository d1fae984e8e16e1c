import { describe, expect, it } from 'vitest'
import type { PushEvent } from './event.ts'
import { payloadOf, write, writeSealed } from './payload.ts'

const style = { originalId: 'gh_123456789abc', createTime: 'number' } as const
const it1 = { openid: 'OPENID', at: 1610969440_999 }
const one = { templateId: 'T1', status: 'accept' } as const
const other = { templateId: 'T2', status: 'reject' } as const
const popup = (...choices: (typeof one | typeof other)[]): PushEvent => ({ kind: 'popup', ...it1, choices })
const change: PushEvent = { kind: 'change', ...it1, templateId: 'T1' }
const sent: PushEvent = {
  ...{ kind: 'sent', ...it1, templateId: 'T1', msgid: '1864323726461255680' },
  ...{ errorCode: '0', errorStatus: 'success' },
}
const json = (event: PushEvent) =>
  JSON.parse(write('json', payloadOf(event, style))) as Record<string, unknown>

describe('JSON', () => {
  const common = (Event: string) => ({
    ToUserName: 'gh_123456789abc',
    FromUserName: 'OPENID',
    CreateTime: 1610969440,
    MsgType: 'event',
    Event,
  })
  const entry = { TemplateId: 'T1', SubscribeStatusString: 'accept', PopupScene: '0' }

  it('H44 List is an object for one entry and an array for several, at the top level', () => {
    expect(json(popup(one))).toEqual({ ...common('subscribe_msg_popup_event'), List: entry })
    expect(json(popup(one, other))).toEqual({
      ...common('subscribe_msg_popup_event'),
      List: [entry, { ...entry, TemplateId: 'T2', SubscribeStatusString: 'reject' }],
    })
  })

  it('change says reject; sent has the MsgID as text, above 2^53', () => {
    expect(json(change)).toEqual({
      ...common('subscribe_msg_change_event'),
      List: { TemplateId: 'T1', SubscribeStatusString: 'reject' },
    })
    expect(json(sent)).toEqual({
      ...common('subscribe_msg_sent_event'),
      List: { TemplateId: 'T1', MsgID: '1864323726461255680', ErrorCode: '0', ErrorStatus: 'success' },
    })
  })

  it('H44 CreateTime is a number, or a text where the profile says so', () => {
    const asText = payloadOf(change, { ...style, createTime: 'string' })
    expect(JSON.parse(write('json', asText))).toMatchObject({ CreateTime: '1610969440' })
  })
})

describe('XML', () => {
  const common = (event: string) =>
    '<ToUserName><![CDATA[gh_123456789abc]]></ToUserName><FromUserName><![CDATA[OPENID]]></FromUserName>' +
    `<CreateTime>1610969440</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[${event}]]></Event>`
  const row = (id: string, status: string) =>
    `<List><TemplateId><![CDATA[${id}]]></TemplateId><SubscribeStatusString><![CDATA[${status}]]></SubscribeStatusString><PopupScene>0</PopupScene></List>`

  it('H44 a wrapper tag around one List tag an entry', () => {
    expect(write('xml', payloadOf(popup(one, other), style))).toBe(
      `<xml>${common('subscribe_msg_popup_event')}<SubscribeMsgPopupEvent>${row('T1', 'accept')}${row('T2', 'reject')}</SubscribeMsgPopupEvent></xml>`,
    )
    expect(write('xml', payloadOf(change, style))).toBe(
      `<xml>${common('subscribe_msg_change_event')}<SubscribeMsgChangeEvent><List><TemplateId><![CDATA[T1]]></TemplateId><SubscribeStatusString><![CDATA[reject]]></SubscribeStatusString></List></SubscribeMsgChangeEvent></xml>`,
    )
    expect(write('xml', payloadOf(sent, style))).toContain(
      '<SubscribeMsgSentEvent><List><TemplateId><![CDATA[T1]]></TemplateId><MsgID>1864323726461255680</MsgID><ErrorCode>0</ErrorCode><ErrorStatus><![CDATA[success]]></ErrorStatus></List></SubscribeMsgSentEvent>',
    )
  })

  it('text that ends a CDATA section does not end ours', () => {
    const payload = payloadOf({ ...change, openid: 'a]]>b' }, style)
    expect(write('xml', payload)).toContain('<FromUserName><![CDATA[a]]]]><![CDATA[>b]]></FromUserName>')
  })

  it('sealed, it is ToUserName and Encrypt in both formats', () => {
    const fields = { ToUserName: 'gh_1', Encrypt: 'x+/=' }
    expect(writeSealed('xml', fields)).toBe(
      '<xml><ToUserName><![CDATA[gh_1]]></ToUserName><Encrypt><![CDATA[x+/=]]></Encrypt></xml>',
    )
    expect(JSON.parse(writeSealed('json', fields))).toEqual(fields)
  })
})

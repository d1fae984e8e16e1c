import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import {
  AssignBody,
  ClueChange,
  ClueDetail,
  ClueDraft,
  ClueNoteBody,
  CluePage,
  ClueQuery,
  endpoints,
  envelope,
  GrantReport,
  LoginBody,
  LoginResult,
  TemplateList,
} from './index.ts'

const fits = (schema: v.GenericSchema, value: unknown) => v.safeParse(schema, value).success

describe('login', () => {
  const body = { username: 'chen', password: ' ', captcha: 'ab3d', checkKey: 'k1234567' }

  it('takes JeecgBoot’s body, with and without our code', () => {
    expect(fits(LoginBody, body)).toBe(true)
    expect(fits(LoginBody, { ...body, code: '0a1b' })).toBe(true)
  })

  it.each([{ username: '  ' }, { password: '' }, { captcha: '' }, { checkKey: '../etc' }, { code: '' }])(
    'refuses %o',
    (wrong) => {
      expect(fits(LoginBody, { ...body, ...wrong })).toBe(false)
    },
  )

  it('takes the answer of a stock server, which knows nothing of WeChat', () => {
    const result = { token: 't', userInfo: { id: '1', username: 'chen', realname: '陈' } }
    expect(fits(LoginResult, result)).toBe(true)
    expect(fits(LoginResult, { ...result, wechat: { bound: false } })).toBe(false)
    expect(fits(LoginResult, { ...result, wechat: { bound: false, message: '暂时收不到提醒' } })).toBe(true)
  })
})

describe('grants', () => {
  const report = {
    attemptId: 'a-1234567',
    at: '2026-11-23T09:42:00.000+08:00',
    results: { T1: 'acceptWithAlert' },
  }

  it('carries values as WeChat gave them, also ones nobody knows yet', () => {
    expect(fits(GrantReport, report)).toBe(true)
    expect(fits(GrantReport, { ...report, results: { T1: 'something-new' } })).toBe(true)
  })

  it('holds no more templates than WeChat asks for at once', () => {
    const results = (n: number) =>
      Object.fromEntries(Array.from({ length: n }, (_, i) => [`T${i}`, 'accept']))
    expect(fits(GrantReport, { ...report, results: results(5) })).toBe(true)
    expect(fits(GrantReport, { ...report, results: results(6) })).toBe(false)
  })

  it('refuses a time without offset', () => {
    expect(fits(GrantReport, { ...report, at: '2026-11-23 09:42' })).toBe(false)
  })

  it('old clients stop at three templates, so the backend offers no more', () => {
    const template = (templateId: string) => ({ templateId, title: templateId, purpose: 'clue-assigned' })
    expect(fits(TemplateList, { templates: ['1', '2', '3'].map(template) })).toBe(true)
    expect(fits(TemplateList, { templates: ['1', '2', '3', '4'].map(template) })).toBe(false)
  })
})

describe('clues', () => {
  it('a page has 20 unless the query says otherwise, and never more than 50', () => {
    expect(v.parse(ClueQuery, {}).limit).toBe(20)
    expect(v.parse(ClueQuery, { limit: '50' }).limit).toBe(50)
    expect(fits(ClueQuery, { limit: '51' })).toBe(false)
    expect(fits(ClueQuery, { limit: '1e3' })).toBe(false)
  })

  it.each(['13800000000', '+86-0766-66888866', '010-8888 8888'])('%s is a phone number', (phone) => {
    expect(fits(ClueDraft, { title: 't', customerName: 'c', phone })).toBe(true)
  })

  it.each(['', '无', '138<script>'])('%s is none', (phone) => {
    expect(fits(ClueDraft, { title: 't', customerName: 'c', phone })).toBe(false)
  })

  it('an assignment names the version it saw', () => {
    expect(fits(AssignBody, { assigneeId: '1', version: 1 })).toBe(true)
    expect(fits(AssignBody, { assigneeId: '1' })).toBe(false)
  })
})

describe('follow-up', () => {
  const clue = {
    id: '7',
    title: '恒泰建材 采购咨询',
    customerName: '王建国',
    phone: '138-0000-1024',
    remark: '',
    status: 'following',
    version: 3,
    assigneeId: '1',
    assignedAt: '2026-11-23T01:42:00.000Z',
    readAt: null,
    createdAt: '2026-11-23T01:20:00.000Z',
  }

  it('a lead says whether it was opened, and when', () => {
    const page = { items: [clue], nextCursor: null, unread: 1 }
    expect(fits(CluePage, page)).toBe(true)
    expect(fits(CluePage, { ...page, items: [{ ...clue, readAt: '2026-11-23T01:50:00.000Z' }] })).toBe(true)
    expect(fits(CluePage, { ...page, items: [{ ...clue, readAt: undefined }] })).toBe(false)
    expect(fits(CluePage, { ...page, unread: -1 })).toBe(false)
    expect(fits(CluePage, { items: [clue], nextCursor: null })).toBe(false)
  })

  it('one lead comes with its notes, be there any or none', () => {
    const note = { id: 'note-0001', text: '周四再联系', author: '陈小舟', at: '2026-11-23T02:00:00.000Z' }
    expect(fits(ClueDetail, { ...clue, notes: [] })).toBe(true)
    expect(fits(ClueDetail, { ...clue, notes: [note] })).toBe(true)
    expect(fits(ClueDetail, { ...clue, notes: [{ ...note, author: undefined }] })).toBe(false)
    expect(fits(ClueDetail, clue)).toBe(false)
  })

  it('a change names the status and the version it saw', () => {
    expect(fits(ClueChange, { status: 'won', version: 3 })).toBe(true)
    expect(fits(ClueChange, { status: 'lost', version: 3 })).toBe(false)
    expect(fits(ClueChange, { status: 'won' })).toBe(false)
    expect(fits(ClueChange, { status: 'won', version: 1.5 })).toBe(false)
  })

  it('a note is a text of up to 500 characters without the blanks around it', () => {
    const id = 'note-0001'
    expect(v.parse(ClueNoteBody, { id, text: ' 周四再联系\n' }).text).toBe('周四再联系')
    expect(fits(ClueNoteBody, { id, text: '话'.repeat(500) })).toBe(true)
    expect(fits(ClueNoteBody, { id, text: '话'.repeat(501) })).toBe(false)
    expect(fits(ClueNoteBody, { id, text: ' \n' })).toBe(false)
  })

  it.each(['', 'short', 'x'.repeat(65), '../etc/passwd', 'a b c d e f'])('%j is no id of a note', (id) => {
    expect(fits(ClueNoteBody, { id, text: '好' })).toBe(false)
  })
})

describe('the table of endpoints', () => {
  it.each(Object.entries(endpoints))('%s: its path parameters are those of its name', (name, endpoint) => {
    const inName = [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter)
    const declared = 'path' in endpoint ? Object.keys(endpoint.path.entries) : []
    expect(declared).toEqual(inName)
    // wx.request has no PATCH, and a GET has no body.
    expect(name).toMatch(/^(GET|POST|PUT|DELETE) \//)
    if (name.startsWith('GET')) expect(endpoint).not.toHaveProperty('body')
  })
})

describe('the envelope', () => {
  it('is JeecgBoot’s, with a whole number for a code', () => {
    const answer = { success: true, message: '', code: 0, result: null, timestamp: 1 }
    expect(fits(envelope(v.null()), answer)).toBe(true)
    expect(fits(envelope(v.null()), { ...answer, code: '200' })).toBe(false)
  })
})

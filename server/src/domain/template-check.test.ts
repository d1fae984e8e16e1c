import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import pino from 'pino'
import { WechatStandIn } from '../testing/wechat-stand-in.ts'
import type { AccessTokenOutcome, AccessTokens } from '../wechat/access-token.ts'
import { createWechatClient } from '../wechat/client.ts'
import { defaultValues, type MessageTemplate } from '../wechat/templates.ts'
import { checkTemplates } from './template-check.ts'

const standIn = new WechatStandIn()
beforeAll(() => standIn.start())
afterAll(() => standIn.stop())

let lines: Record<string, unknown>[] = []
let replaced = 0
beforeEach(() => {
  standIn.reset()
  lines = []
  replaced = 0
})

const ERROR = 50
const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(JSON.parse(line)) })
const template: MessageTemplate = {
  templateId: 'TPL_CLUE_ASSIGNED',
  title: '新线索提醒',
  purpose: 'clue-assigned',
  values: defaultValues['clue-assigned'],
}

/** Gives `first`, and the stand-in's good token to whoever complains. */
const tokensFrom = (first: () => AccessTokenOutcome): AccessTokens => ({
  get: async () => first(),
  atHand: () => undefined,
  replace: async () => {
    replaced++
    return { kind: 'token', access: { token: standIn.token, generation: 2 } }
  },
})
const tokenOf = (token: string) => (): AccessTokenOutcome => ({
  kind: 'token',
  access: { token, generation: 1 },
})

const check = (
  templates: MessageTemplate[] = [template],
  tokens = tokensFrom(() => tokenOf(standIn.token)()),
) =>
  checkTemplates({
    wechat: createWechatClient({ baseUrl: standIn.baseUrl, appid: 'wx1', secret: 's', tokenTimeoutMs: 500 }),
    tokens,
    templates,
    log,
  })

describe('the check of the configured templates', () => {
  it('has nothing to say when they are WeChat’s', async () => {
    expect(await check()).toEqual({ kind: 'checked', mismatches: [] })
    expect(lines).toEqual([])
  })

  it('logs every mismatch as an error with the template’s id', async () => {
    const wrong: MessageTemplate = {
      ...template,
      values: { thing1: 'title', time2: 'assignedAt', thing9: 'remark' },
    }
    const outcome = await check([wrong, { ...template, templateId: 'TPL_GONE', title: '旧提醒' }])
    expect(outcome).toMatchObject({
      kind: 'checked',
      mismatches: [{ kind: 'keyUnmapped' }, { kind: 'keyUnknown' }, { kind: 'missing' }],
    })
    expect(lines).toMatchObject([
      {
        level: ERROR,
        templateId: 'TPL_CLUE_ASSIGNED',
        mismatch: 'keyUnmapped',
        msg: expect.stringContaining('phrase3'),
      },
      {
        level: ERROR,
        templateId: 'TPL_CLUE_ASSIGNED',
        mismatch: 'keyUnknown',
        msg: expect.stringContaining('thing9'),
      },
      { level: ERROR, templateId: 'TPL_GONE', mismatch: 'missing', msg: expect.stringContaining('TPL_GONE') },
    ])
  })

  it('asks again, once, with a new token when WeChat does not like the old one', async () => {
    expect(await check([template], tokensFrom(tokenOf('stale')))).toEqual({ kind: 'checked', mismatches: [] })
    expect(replaced).toBe(1)

    let asked = 0
    standIn.onTemplates = () => {
      asked++
      return { errcode: 42001, errmsg: 'access_token expired' }
    }
    expect(await check()).toEqual({ kind: 'unreachable', why: '42001 access_token expired' })
    expect([asked, replaced]).toEqual([2, 2])
  })

  it.each(['hang', 'drop', 'html'] as const)('knows nothing when WeChat answers with a %s', async (reply) => {
    standIn.onTemplates = () => reply
    expect(await check()).toMatchObject({ kind: 'unreachable', why: expect.stringMatching(/./) })
    expect(lines).toHaveLength(1)
    expect(lines[0]?.level).toBeLessThan(ERROR)
  })

  it('logs an error when only a person can mend what keeps WeChat from answering', async () => {
    standIn.onTemplates = () => ({ errcode: 40164, errmsg: 'invalid ip 1.2.3.4' })
    expect(await check()).toEqual({ kind: 'unreachable', why: '40164 invalid ip 1.2.3.4' })
    expect(lines).toMatchObject([{ level: ERROR }])
  })

  it('knows nothing without a token', async () => {
    const none = { kind: 'retryLater', errcode: null, errmsg: 'no answer within 5000 ms' } as const
    expect(
      await check(
        [template],
        tokensFrom(() => none),
      ),
    ).toEqual({
      kind: 'unreachable',
      why: 'no answer within 5000 ms',
    })
  })
})

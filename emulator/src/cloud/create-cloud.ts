import type { PhoneEvent, PrivateTemplate } from '../protocol.ts'
import { success } from './answer.ts'
import type { Cloud } from './cloud.ts'
import { findTemplate, requireUser, type Context } from './context.ts'
import { demoOriginalId } from './demo.ts'
import { recentCalls, serve } from './faults.ts'
import { code2Session, codeOwner, issueCode } from './login.ts'
import { defaultProfile, type CloudOptions } from './options.ts'
import { changePhone, markRead, messages, phoneState, phoneStates } from './phones.ts'
import { createPusher } from './push/pusher.ts'
import { pushOverHttp } from './push/transport.ts'
import { sendMessage } from './send.ts'
import { readSettings, refuseMessages, writeSettings } from './settings.ts'
import { newState, restoredState } from './state.ts'
import { closePanel, openPanel } from './subscribe.ts'
import { realTimers } from './timers.ts'
import { plainToken, replaceStable, stableToken, tokenProblem } from './tokens.ts'

/** Starts a WeChat that knows nothing yet, or what `options.state` says. */
export function createCloud(options: CloudOptions): Cloud {
  const { accounts, now = Date.now, timers = realTimers, random = Math.random } = options
  const [first] = accounts
  if (!first) throw new Error('createCloud needs an account')
  const profile = { ...defaultProfile, ...options.profile }
  const pusher = createPusher({
    appid: options.appid,
    style: { originalId: demoOriginalId, createTime: profile.createTime },
    ...{ now, timers, random, transport: options.pushTransport ?? pushOverHttp },
  })
  const listeners = new Map<string, Set<(event: PhoneEvent) => void>>()
  const ctx: Context = {
    appid: options.appid,
    secret: options.secret,
    templates: options.templates,
    accounts: new Map(accounts.map((account) => [account.openid, account])),
    profile,
    hasPage: options.hasPage,
    ...{ now, timers, random },
    latency: options.latencyMs ?? 0,
    state: restoredState(options.state, accounts),
    panels: new Map(),
    faults: [],
    pushFaults: [],
    calls: [],
    sending: new Map(),
    sends: options.keepSends ? [] : undefined,
    codesSweptAt: 0,
    emit: (openid, event) => listeners.get(openid)?.forEach((listener) => listener(event)),
    push: (event) => pusher.push(event, ctx.pushFaults),
  }
  const setQuota = (openid: string, templateId: string, n: number) => {
    const { grants } = requireUser(ctx, openid)
    if (!findTemplate(ctx, templateId)) throw new RangeError(`没有模板 ${templateId} (no such template)`)
    if (!Number.isInteger(n) || n < 0) throw new RangeError(`${n} 不是次数 (not a number of grants)`)
    grants[templateId] = n
  }
  if (options.push) void pusher.setTarget(options.push)
  const withToken = (token: string | undefined, perform: () => ReturnType<typeof sendMessage>) => () =>
    tokenProblem(ctx, token) ?? perform()

  return {
    appid: ctx.appid,
    firstOpenid: first.openid,
    api: {
      code2Session: (query) =>
        serve(ctx, 'code2Session', codeOwner(ctx, query.jsCode), () => code2Session(ctx, query)),
      plainToken: (request) => serve(ctx, 'token', undefined, () => plainToken(ctx, request)),
      stableToken: (request) => serve(ctx, 'stable_token', undefined, () => stableToken(ctx, request)),
      send: (token, body) =>
        serve(
          ctx,
          'subscribe/send',
          typeof body?.touser === 'string' ? body.touser : undefined,
          withToken(token, () => sendMessage(ctx, body ?? {})),
        ),
      templates: (token) =>
        serve(
          ctx,
          'gettemplate',
          undefined,
          withToken(token, () => success(templateList(ctx.templates))),
        ),
    },
    phone: {
      login: (openid) => issueCode(ctx, openid),
      openPanel: (openid, tmplIds) => openPanel(ctx, openid, tmplIds),
      closePanel: (body) => closePanel(ctx, body),
      readSettings: (openid) => readSettings(ctx, openid),
      writeSettings: (body) => writeSettings(ctx, body),
      refuse: (openid, templateId) => refuseMessages(ctx, openid, templateId),
      messages: (openid) => messages(ctx, openid),
      markRead: (openid, id) => markRead(ctx, openid, id),
      state: (openid) => phoneState(ctx, openid),
      all: () => phoneStates(ctx),
      change: (openid, change) => changePhone(ctx, openid, change),
      listen(openid, listener) {
        requireUser(ctx, openid)
        const own = listeners.get(openid) ?? new Set()
        listeners.set(openid, own.add(listener))
        return () => void own.delete(listener)
      },
    },
    hasTemplate: (id) => findTemplate(ctx, id) !== undefined,
    keepsSends: ctx.sends !== undefined,
    quota: (openid) => ({ ...requireUser(ctx, openid).grants }),
    grant: (openid, templateId, n = 1) =>
      setQuota(openid, templateId, (requireUser(ctx, openid).grants[templateId] ?? 0) + n),
    setQuota,
    calls: () => recentCalls(ctx),
    ledger() {
      if (!ctx.sends) throw new Error('ledger() 要先设 keepSends: true (keepSends is not set)')
      return [...ctx.sends]
    },
    addFault: (fault) => void ctx.faults.push({ ...fault }),
    addPushFault: (fault) => void ctx.pushFaults.push({ ...fault }),
    clearFaults() {
      ctx.faults = []
      ctx.pushFaults = []
    },
    setLatency: (ms) => {
      ctx.latency = ms
    },
    revokeToken: () => void replaceStable(ctx),
    setPush: (target) => pusher.setTarget(target),
    stopPush: () => pusher.clearTarget(),
    pushTarget: () => pusher.target(),
    pushes: () => pusher.log(),
    pushesSettled: () => pusher.settled(),
    publishUpdate: () => {
      for (const { openid } of accounts) ctx.emit(openid, { kind: 'update' })
    },
    reset() {
      ctx.state = newState(accounts)
      ctx.panels = new Map()
      ctx.faults = []
      ctx.pushFaults = []
      ctx.calls = []
      ctx.sends &&= []
      pusher.forget()
      for (const { openid } of accounts) {
        ctx.emit(openid, { kind: 'state', state: phoneState(ctx, openid) })
        ctx.emit(openid, { kind: 'settings', settings: readSettings(ctx, openid) })
      }
    },
    snapshot: () => JSON.stringify(ctx.state),
    close() {
      pusher.clearTarget()
      pusher.forget()
    },
  }
}

const templateList = (templates: readonly PrivateTemplate[]) => ({
  errcode: 0,
  errmsg: 'ok',
  data: templates.map(({ priTmplId, title, content, example, type }) => ({
    priTmplId,
    title,
    content,
    example,
    type,
  })),
})

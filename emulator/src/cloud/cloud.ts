import type { CallRecord, Fault, PhoneEvent, PrivateTemplate } from '../protocol.ts'
import type {
  PhoneState,
  ServiceMessage,
  SettingsWriteBody,
  SubscribeCloseAnswer,
  SubscribeCloseBody,
  SubscribeOpenAnswer,
  SubscribeSettings,
} from '../protocol.ts'
import { success } from './answer.ts'
import { requireUser, type Context } from './context.ts'
import { serve, type Served } from './faults.ts'
import { code2Session, issueCode, type Code2Session } from './login.ts'
import { defaultProfile, type CloudOptions } from './options.ts'
import { changePhone, markRead, messages, phoneState, phoneStates, type PhoneChange } from './phones.ts'
import { sendMessage, type SendBody } from './send.ts'
import { readSettings, refuseMessages, writeSettings } from './settings.ts'
import { newState, restoredState, type CloudState } from './state.ts'
import { closePanel, openPanel } from './subscribe.ts'
import { plainToken, stableToken, tokenProblem, type TokenRequest } from './tokens.ts'

/** WeChat for one app: what api.weixin.qq.com answers, what a phone is told, and what a test may look at. */
export interface Cloud {
  readonly appid: string
  /** Openid of the phone that opens when none is named. */
  readonly firstOpenid: string
  readonly api: PublicApi
  readonly phone: PhoneSide
  /** The grants as WeChat really holds them. No public call tells (H41). @throws UnknownPhone */
  quota(openid: string): Record<string, number>
  calls(): CallRecord[]
  addFault(fault: Fault): void
  clearFaults(): void
  /** The build on the disk is a newer version now: every phone hears of it. */
  publishUpdate(): void
  /** Everything forgotten: codes, tokens, choices, grants, messages, calls and faults. */
  reset(): void
  /** All that is remembered, as JSON. It holds session keys and tokens. */
  snapshot(): CloudState
}

/** The calls of api.weixin.qq.com, parsed; faults are applied. */
export interface PublicApi {
  code2Session(query: Code2Session): Served
  plainToken(request: TokenRequest): Served
  stableToken(request: TokenRequest & { forceRefresh: boolean }): Served
  send(accessToken: string | undefined, body: SendBody | undefined): Served
  templates(accessToken: string | undefined): Served
}

/** What a phone says to WeChat (protocol.ts). Every call throws UnknownPhone for an openid that is not signed in. */
export interface PhoneSide {
  login(openid: string): string
  openPanel(openid: string, tmplIds: unknown): SubscribeOpenAnswer
  closePanel(body: SubscribeCloseBody): SubscribeCloseAnswer
  readSettings(openid: string): SubscribeSettings
  writeSettings(body: SettingsWriteBody): SubscribeSettings
  /** 拒收 on a card of this template. */
  refuse(openid: string, templateId: string): void
  messages(openid: string): ServiceMessage[]
  markRead(openid: string, id: string): void
  state(openid: string): PhoneState
  all(): PhoneState[]
  change(openid: string, change: PhoneChange): PhoneState
  /** Returns what ends the listening. */
  listen(openid: string, listener: (event: PhoneEvent) => void): () => void
}

/** Starts a WeChat that knows nothing yet, or what `options.state` says. */
export function createCloud(options: CloudOptions): Cloud {
  const { accounts, now = Date.now } = options
  const [first] = accounts
  if (!first) throw new Error('createCloud needs an account')
  const listeners = new Map<string, Set<(event: PhoneEvent) => void>>()
  const ctx: Context = {
    appid: options.appid,
    secret: options.secret,
    templates: options.templates,
    accounts,
    profile: { ...defaultProfile, ...options.profile },
    hasPage: options.hasPage,
    now,
    state: restoredState(options.state, accounts),
    panels: [],
    faults: [],
    calls: [],
    emit: (openid, event) => listeners.get(openid)?.forEach((listener) => listener(event)),
  }
  const withToken = (token: string | undefined, perform: () => ReturnType<typeof sendMessage>) => () =>
    tokenProblem(ctx, token) ?? perform()

  return {
    appid: ctx.appid,
    firstOpenid: first.openid,
    api: {
      code2Session: (query) => serve(ctx, 'code2Session', () => code2Session(ctx, query)),
      plainToken: (request) => serve(ctx, 'token', () => plainToken(ctx, request)),
      stableToken: (request) => serve(ctx, 'stable_token', () => stableToken(ctx, request)),
      send: (token, body) =>
        serve(
          ctx,
          'subscribe/send',
          withToken(token, () => sendMessage(ctx, body ?? {})),
        ),
      templates: (token) =>
        serve(
          ctx,
          'gettemplate',
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
    quota: (openid) => ({ ...requireUser(ctx, openid).grants }),
    calls: () => [...ctx.calls],
    addFault: (fault) => void ctx.faults.push({ ...fault }),
    clearFaults: () => {
      ctx.faults = []
    },
    publishUpdate: () => {
      for (const { openid } of accounts) ctx.emit(openid, { kind: 'update' })
    },
    reset() {
      ctx.state = newState(accounts)
      ctx.panels = []
      ctx.faults = []
      ctx.calls = []
      for (const { openid } of accounts) {
        ctx.emit(openid, { kind: 'state', state: phoneState(ctx, openid) })
        ctx.emit(openid, { kind: 'settings', settings: readSettings(ctx, openid) })
      }
    },
    snapshot: () => structuredClone(ctx.state),
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

import type { AnyFault, HostFailure, PhoneCall, PhoneEvent, SavedState } from '../protocol.ts'
import { performCall, performUnknown, performWrongMethod } from './api-calls.ts'
import { newChangeBook } from './changes.ts'
import { movableClock } from './clock.ts'
import { PhoneCallBroken, type Cloud } from './cloud.ts'
import { findTemplate, privateTemplates, Refused, requireUser, type Context } from './context.ts'
import { isLatencyProfile, latencyProfiles } from './delay.ts'
import { demoOriginalId } from './demo.ts'
import { firePhone, newFaultBook } from './fault-book.ts'
import { recentCalls } from './faults.ts'
import { newLogBook } from './log.ts'
import { issueCode } from './login.ts'
import type { CloudOptions } from './options.ts'
import { issuePhoneNumberCode } from './phone-numbers.ts'
import { addPhone, changePhone, markRead, messages, phoneState, phoneStates } from './phones.ts'
import { defaultProfile, profileProblem } from './profile.ts'
import { createPusher } from './push/pusher.ts'
import { pushOverHttp } from './push/transport.ts'
import { sessionHolds } from './sessions.ts'
import { readSettings, refuseMessages, writeSettings } from './settings.ts'
import { newState, type CloudState } from './state.ts'
import { readState } from './state-reader.ts'
import { closePanel, openPanel } from './subscribe.ts'
import { changeTemplate } from './template-calls.ts'
import { realTimers } from './timers.ts'
import { replaceStable } from './tokens.ts'

/** Starts a WeChat that knows nothing yet, or what `options.state` says. @throws BadState */
export function createCloud(options: CloudOptions): Cloud {
  const { appid, accounts, random = Math.random } = options
  const [first] = accounts
  if (!first) throw new Error('createCloud needs an account')
  const clock = movableClock({ now: options.now ?? Date.now, timers: options.timers ?? realTimers })
  const { now, timers } = clock
  const listeners = new Map<string, Set<(event: PhoneEvent) => void>>()
  let storage: SavedState['storage']
  const ctx: Context = {
    appid,
    secret: options.secret,
    templates: options.templates,
    accounts: new Map(accounts.map((account) => [account.openid, account])),
    profile: { ...defaultProfile, ...options.profile },
    clientProfile: options.clientProfile ?? {},
    ipWhitelist: options.ipWhitelist,
    hasPage: options.hasPage,
    ...{ now, timers, random },
    latency: options.latencyMs ?? 0,
    state: newState(appid, accounts),
    faults: newFaultBook(random),
    calls: [],
    log: newLogBook(options.onLogLine),
    changes: newChangeBook(),
    unknownPaths: new Set(),
    complain: options.onProblem ?? (() => undefined),
    sending: new Map(),
    sends: options.keepSends ? [] : undefined,
    codesSweptAt: 0,
    emit: (openid, event) => listeners.get(openid)?.forEach((listener) => listener(event)),
    push: (event) => pusher.push(event, ctx.faults),
  }
  const pusher = createPusher({
    appid,
    style: {
      originalId: demoOriginalId,
      get createTime() {
        return ctx.profile.createTime
      },
    },
    ...{ now, timers, random, transport: options.pushTransport ?? pushOverHttp },
    onChange: (record) => ctx.changes.push(record),
  })

  function putClockAhead(aheadMs: number): void {
    const isNews = aheadMs !== clock.aheadMs()
    clock.setAhead(aheadMs)
    if (!isNews) return
    for (const openid of ctx.accounts.keys()) ctx.emit(openid, { kind: 'clock', aheadMs })
  }

  /** From this state on, whatever was before. */
  function begin(state: CloudState): void {
    ctx.state = state
    ctx.accounts = new Map(state.accounts.map((account) => [account.openid, account]))
    putClockAhead(state.aheadMs)
    pusher.forget()
    ctx.changes.forget()
    pusher.resume(state.pushes)
    state.pushes = []
    for (const openid of ctx.accounts.keys()) {
      ctx.emit(openid, { kind: 'state', state: phoneState(ctx, openid) })
      ctx.emit(openid, { kind: 'settings', settings: readSettings(ctx, openid) })
    }
  }

  /** All that is remembered, as it stands: whoever keeps it has to copy it. */
  const image = (): SavedState => ({
    version: 1,
    cloud: { ...ctx.state, aheadMs: clock.aheadMs(), pushes: pusher.waiting() },
    ...(storage && { storage }),
  })

  /** @throws PhoneCallBroken when a fault says so */
  function unbroken(openid: string, phone: PhoneCall, api: 'login' | 'getSetting'): void {
    requireUser(ctx, openid)
    const fault = firePhone(ctx.faults, openid, phone)
    if (!fault) return
    const { errCode, errMsg = 'network error', errno = errCode === undefined ? 108 : undefined } = fault
    const failure: HostFailure = { errMsg: `${api}:fail ${errMsg}` }
    if (errCode !== undefined) failure.errCode = errCode
    if (errno !== undefined) failure.errno = errno
    throw new PhoneCallBroken(failure)
  }

  const setQuota = (openid: string, templateId: string, n: number) => {
    const { grants } = requireUser(ctx, openid)
    if (!findTemplate(ctx, templateId)) throw new Refused(`没有模板 ${templateId} (no such template)`)
    if (!Number.isInteger(n) || n < 0) throw new Refused(`${n} 不是次数 (not a number of grants)`)
    grants[templateId] = n
  }
  const held = (openid: string, templateId: string) => requireUser(ctx, openid).grants[templateId] ?? 0
  /** One for nobody would never fire, and its test would pass. @throws UnknownPhone */
  const addFault = (fault: AnyFault) => {
    if (fault.openid !== undefined) requireUser(ctx, fault.openid)
    return ctx.faults.add(fault)
  }
  if (options.push) void pusher.setTarget(options.push)
  if (options.state !== undefined) {
    const restored = readState(options.state, appid, accounts)
    storage = restored.storage
    begin(restored.cloud)
  }

  return {
    appid: ctx.appid,
    firstOpenid: first.openid,
    api: {
      call: (call, input) => performCall(ctx, call, input),
      wrongMethod: (call, input) => performWrongMethod(ctx, call, input),
      unknown: (method, path) => performUnknown(ctx, method, path),
    },
    phone: {
      login(openid) {
        unbroken(openid, 'login', 'login')
        return issueCode(ctx, openid)
      },
      checkSession: (openid) => sessionHolds(ctx, openid),
      phoneNumberCode: (openid) => issuePhoneNumberCode(ctx, openid),
      openPanel: (openid, tmplIds) => openPanel(ctx, openid, tmplIds),
      closePanel: (body) => closePanel(ctx, body),
      readSettings(openid) {
        unbroken(openid, 'settings/read', 'getSetting')
        return readSettings(ctx, openid)
      },
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
    settings: (openid) => readSettings(ctx, openid),
    grant: (openid, templateId, n = 1) => setQuota(openid, templateId, held(openid, templateId) + n),
    setQuota,
    changeQuota: (openid, templateId, by) =>
      setQuota(openid, templateId, Math.max(0, held(openid, templateId) + by)),
    calls: () => recentCalls(ctx).map((record) => ({ ...record })),
    changes: (mark) => structuredClone(ctx.changes.after(mark)),
    ledger() {
      if (!ctx.sends) throw new Error('ledger() 要先设 keepSends: true (keepSends is not set)')
      return [...ctx.sends]
    },
    log: (after = 0) => ctx.log.after(after),
    addFault,
    addPushFault: addFault,
    faults: () => ctx.faults.list(),
    removeFault: (id) => ctx.faults.remove(id),
    clearFaults: () => ctx.faults.clear(),
    setLatency: (ms) => {
      ctx.latency = ms
    },
    latency() {
      const { latency } = ctx
      const profiles = latencyProfiles
      if (isLatencyProfile(latency)) return { profile: latency, ms: profiles[latency], profiles }
      return typeof latency === 'function' ? { profiles } : { ms: latency, profiles }
    },
    clock: () => ({ now: now(), aheadMs: clock.aheadMs() }),
    advance(ms) {
      if (!(ms >= 0) || !Number.isFinite(ms))
        throw new Refused(`${ms} 不是毫秒数，时钟只能往前拨 (the clock goes forward only)`)
      putClockAhead(clock.aheadMs() + ms)
      return { now: now(), aheadMs: clock.aheadMs() }
    },
    addAccount: (account) => addPhone(ctx, account),
    templates: () => privateTemplates(ctx),
    changeTemplate: (id, change) => changeTemplate(ctx, id, change),
    profile: () => ({ ...ctx.profile }),
    changeProfile(change) {
      const problem = profileProblem(change)
      if (problem !== undefined) throw new Refused(problem)
      ctx.profile = { ...ctx.profile, ...change }
      return { ...ctx.profile }
    },
    revokeToken: () => void replaceStable(ctx),
    setPush: (target) => pusher.setTarget(target),
    stopPush: () => pusher.clearTarget(),
    pushTarget: () => pusher.target(),
    pushes: () => pusher.log(),
    pushesSettled: () => pusher.settled(),
    publishUpdate: () => {
      for (const openid of ctx.accounts.keys()) ctx.emit(openid, { kind: 'update' })
    },
    reset() {
      ctx.faults.clear()
      ctx.calls = []
      ctx.log.clear()
      ctx.sends &&= []
      storage = undefined
      begin(newState(appid, accounts))
    },
    save: () => structuredClone(image()),
    snapshot: () => JSON.stringify(image()),
    restore(saved) {
      const restored = readState(saved, appid, accounts)
      storage = restored.storage
      ctx.calls = []
      ctx.sends &&= []
      begin(restored.cloud)
    },
    close: () => pusher.halt(),
  }
}

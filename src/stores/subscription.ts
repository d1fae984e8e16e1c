import type { Template } from '@leadbell/contract'
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { getQuota, getTemplates, postBind, postGrants } from '@/api/endpoints.ts'
import { logWarning } from '@/wechat/log.ts'
import { loginCode } from '@/wechat/login.ts'
import { readSubscribeSettings, type SubscribeSettings } from '@/wechat/settings.ts'
import { isAccept, requestSubscribe } from '@/wechat/subscribe.ts'
import { templatePurposes } from './configuration.ts'
import { createGrantQueue } from './grant-queue.ts'
import { readStored, writeStored } from './storage.ts'
import { askForGrants, type FlowEnd, type SubscribeFlow, type SubscribeProblem } from './subscribe-flow.ts'

const isTemplates = (value: unknown): value is Template[] =>
  Array.isArray(value) && value.every((template) => typeof template?.templateId === 'string')

const isTime = (value: unknown): value is number => typeof value === 'number'

/** The answer to a report from a session without a WeChat. */
const UNBOUND = 409

interface AskOptions {
  /** Where the way begins: at the panel, or at WeChat's settings page. */
  start?: (flow: SubscribeFlow) => void
  /** The button that asks once more after the settings page; four characters at most. */
  goOn?: string
}

/** Templates, what WeChat and the user think of them, and the grants on their way to the backend. */
export const useSubscription = defineStore('subscription', () => {
  // The last known ones are in memory before the page is: a tap must never wait for them.
  const offered = ref<Template[]>(readStored('leadbell.templates', isTemplates) ?? [])
  const templatesMissing = ref(false)
  const settings = ref<SubscribeSettings>({ kind: 'unknown' })
  const problem = ref<SubscribeProblem | null>(null)
  const quota = ref<Record<string, number> | null>(null)
  const lastPanelAt = ref(readStored('leadbell.panel-at', isTime))
  const queue = createGrantQueue()

  /** Those this build asks for. */
  const templates = computed<Template[]>(() =>
    offered.value.filter(({ purpose }) => !templatePurposes.length || templatePurposes.includes(purpose)),
  )

  /** Grants of one template, those still to be reported included; null while the backend has not said. */
  function left(templateId: string): number | null {
    if (!quota.value) return null
    const queued = queue.pending.value.filter(({ results }) => isAccept(results[templateId]))
    return (quota.value[templateId] ?? 0) + queued.length
  }

  /** 还可接收 N 条. */
  const remaining = computed(
    () => quota.value && templates.value.reduce((sum, { templateId }) => sum + (left(templateId) ?? 0), 0),
  )

  /** On page load, long before the tap. Without an answer the last known templates stay in use. */
  async function loadTemplates(): Promise<void> {
    const outcome = await getTemplates()
    if (outcome.ok) {
      offered.value = outcome.result.templates
      writeStored('leadbell.templates', outcome.result.templates)
    }
    templatesMissing.value = templates.value.length === 0
  }

  /**
   * Inside a tap that asks for grants; calls the host before it returns. `proceed` follows exactly once, whatever is
   * answered.
   */
  function ask(
    proceed: (end: FlowEnd) => void,
    { start = askForGrants, goOn = '继续订阅' }: AskOptions = {},
  ): void {
    start({
      tmplIds: templates.value.map((template) => template.templateId),
      goOn,
      onAnswer: queue.add,
      onEnd(end) {
        problem.value = end.kind === 'blocked' ? end.cause : null
        if (end.kind === 'granted') uni.showToast({ title: '已订阅成功', icon: 'success' })
        if (end.kind === 'blocked') logWarning('subscribe', { cause: end.cause, code: end.code })
        proceed(end)
      },
    })
    panelAsked()
  }

  /** Inside a tap made for something else: one call, no modal whatever is answered. */
  function accrue(tmplIds: string[], done: () => void): void {
    requestSubscribe(tmplIds, (outcome) => {
      if (outcome.kind === 'answered') queue.add(outcome)
      if (outcome.kind === 'failed') logWarning('top-up', { cause: outcome.cause, code: outcome.code })
      // Not what was expected: the choice was changed meanwhile.
      if (outcome.kind !== 'answered' || outcome.rejected.length > 0) readSettings()
      done()
    })
  }

  function panelAsked(): void {
    lastPanelAt.value = Date.now()
    writeStored('leadbell.panel-at', lastPanelAt.value)
  }

  function readSettings(): void {
    readSubscribeSettings((read) => {
      settings.value = read
    })
  }

  /**
   * Reports every queued grant under its attempt id; what the backend has not confirmed stays queued. `told`: it has
   * said what is left; `unbound`: it knows no WeChat of this session. The session runs one of these at a time.
   */
  async function flush(): Promise<'told' | 'untold' | 'unbound'> {
    const tried = new Set<string>()
    let end: 'told' | 'untold' = 'untold'
    const next = () => queue.pending.value.find((grant) => !tried.has(grant.attemptId))
    // Read again each time: a panel may be answered while a report is on its way.
    for (let grant = next(); grant; grant = next()) {
      tried.add(grant.attemptId)
      const outcome = await postGrants(grant)
      if (outcome.ok) {
        queue.confirm(grant.attemptId)
        quota.value = outcome.result.quota
        end = 'told'
        continue
      }
      logWarning('grants', { error: outcome.error.kind })
      if (outcome.error.kind === 'business' && outcome.error.code === UNBOUND) return 'unbound'
      // One that the backend refuses must not keep the others waiting; a dead network would fail them all.
      if (outcome.error.kind !== 'business') break
    }
    return end
  }

  const hasUnreported = () => queue.pending.value.length > 0

  async function refreshQuota(): Promise<void> {
    const outcome = await getQuota()
    if (outcome.ok) quota.value = outcome.result.quota
  }

  /** After a login without a code: gives the session its WeChat, so that grants have an owner. */
  async function bind(): Promise<boolean> {
    const login = await loginCode()
    if (login.kind === 'none') return false
    const outcome = await postBind(login.code)
    return outcome.ok && outcome.result.bound
  }

  /** Another account sees its own numbers. */
  function forgetQuota(): void {
    quota.value = null
  }

  return {
    templates,
    templatesMissing,
    settings,
    problem,
    quota,
    lastPanelAt,
    remaining,
    left,
    loadTemplates,
    ask,
    accrue,
    panelAsked,
    readSettings,
    flush,
    hasUnreported,
    refreshQuota,
    bind,
    forgetQuota,
  }
})

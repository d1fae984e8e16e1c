import type { Template } from '@leadbell/contract'
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { getQuota, getTemplates, postBind, postGrants } from '@/api/endpoints.ts'
import { logWarning } from '@/wechat/log.ts'
import { loginCode } from '@/wechat/login.ts'
import { grantQueue } from './grant-queue.ts'
import { readStored, writeStored } from './storage.ts'
import { askForGrants, type FlowEnd } from './subscribe-flow.ts'

const isTemplates = (value: unknown): value is Template[] =>
  Array.isArray(value) && value.every((template) => typeof template?.templateId === 'string')

/** Templates, what the user last answered, and the grants on their way to the backend. */
export const useSubscription = defineStore('subscription', () => {
  // The last known ones are in memory before the page is: a tap must never wait for them.
  const templates = ref<Template[]>(readStored('leadbell.templates', isTemplates) ?? [])
  const templatesMissing = ref(false)
  const lastEnd = ref<FlowEnd | null>(null)
  const quota = ref<Record<string, number> | null>(null)

  /** 还可接收 N 条: null while the backend has not said. */
  const remaining = computed(() => {
    if (!quota.value) return null
    return templates.value.reduce((sum, { templateId }) => sum + (quota.value?.[templateId] ?? 0), 0)
  })

  /** On page load, long before the tap. Without an answer the last known templates stay in use. */
  async function loadTemplates(): Promise<void> {
    const outcome = await getTemplates()
    if (outcome.ok) {
      templates.value = outcome.result.templates
      writeStored('leadbell.templates', outcome.result.templates)
    }
    templatesMissing.value = templates.value.length === 0
  }

  /** Inside a tap; calls the host before it returns. `proceed` follows exactly once, whatever is answered. */
  function ask(proceed: () => void): void {
    askForGrants({
      tmplIds: templates.value.map((template) => template.templateId),
      onAnswer: grantQueue.add,
      onEnd(end) {
        lastEnd.value = end
        if (end.kind === 'granted') uni.showToast({ title: '已订阅成功', icon: 'success' })
        if (end.kind === 'blocked') logWarning('subscribe', { cause: end.cause, code: end.code })
        proceed()
      },
    })
  }

  /**
   * Reports every queued grant under its attempt id and reads the quota; what the backend has not confirmed
   * stays queued. The session runs one of these at a time.
   */
  async function flush(): Promise<void> {
    const tried = new Set<string>()
    const next = () => grantQueue.pending().find((grant) => !tried.has(grant.attemptId))
    // Read again each time: a panel may be answered while a report is on its way.
    for (let grant = next(); grant; grant = next()) {
      tried.add(grant.attemptId)
      const outcome = await postGrants(grant)
      if (outcome.ok) {
        grantQueue.confirm(grant.attemptId)
        quota.value = outcome.result.quota
        continue
      }
      logWarning('grants', { error: outcome.error.kind })
      // One that the backend refuses must not keep the others waiting; a dead network would fail them all.
      if (outcome.error.kind !== 'business') return
    }
  }

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

  return {
    templates,
    templatesMissing,
    lastEnd,
    quota,
    remaining,
    loadTemplates,
    ask,
    flush,
    refreshQuota,
    bind,
  }
})

import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { openSystemSettings, systemNotifications } from '@/wechat/settings.ts'
import { askBelow } from './configuration.ts'
import { say } from './messages.ts'
import { keptChoice, remedyFor, type KeptChoice, type Remedy } from './remedies.ts'
import { useSession } from './session.ts'
import { askThroughSettings, type FlowEnd } from './subscribe-flow.ts'
import { subscribeProblems } from './subscribe-words.ts'
import { useSubscription } from './subscription.ts'

const choiceWords: Record<KeptChoice, string> = {
  accept: '总是接收',
  reject: '总是拒收',
  undecided: '每次询问',
}

const systemWords = {
  on: '已打开',
  off: '已关闭：消息能收到，但不会弹出来',
  unknown: '没有告诉我们，可在手机设置里查看',
}

/** Whether the next lead can ring this phone, and the buttons that see to it. */
export const useReminders = defineStore('reminders', () => {
  const subscription = useSubscription()
  const session = useSession()
  const notifications = ref(systemNotifications())

  const remaining = computed(() => subscription.remaining)
  const remedy = computed<Remedy>(() =>
    remedyFor({
      settings: subscription.settings,
      tmplIds: subscription.templates.map(({ templateId }) => templateId),
      remaining: subscription.remaining,
      askBelow,
    }),
  )
  const remainingWords = computed(() => (remaining.value === null ? '正在查询…' : `${remaining.value} 条`))

  const mainSwitchWords = computed(() => {
    const { settings } = subscription
    if (settings.kind === 'unknown') return '微信没有告诉我们'
    return settings.mainSwitch ? '已打开' : '已关闭，收不到任何提醒'
  })

  const templates = computed(() => {
    const kept = subscription.settings.kind === 'known' ? subscription.settings.kept : {}
    return subscription.templates.map(({ templateId, title }) => {
      const choice = keptChoice(kept[templateId])
      const left = subscription.left(templateId)
      const words = choiceWords[choice] + (left === null ? '' : `，还有 ${left} 条`)
      return { templateId, title, choice: words, isRefused: choice === 'reject' }
    })
  })

  const notificationWords = computed(() => systemWords[notifications.value])

  /** The sentence about the last panel that came to nothing, with its code. */
  const problem = computed(() => subscription.problem && subscribeProblems[subscription.problem])

  /** Inside the tap of the one button that helps now. */
  function mend(): void {
    switch (remedy.value) {
      case 'open-main-switch':
      case 'accept-in-settings':
        return openWechatSettings()
      case 'allow-once':
      case 'none':
        return allowOnce()
    }
  }

  /** Inside a tap: one more panel, with everything that may follow from it. */
  function allowOnce(): void {
    subscription.ask(settle)
  }

  /** Inside a tap: WeChat's settings page, and a panel after it, because a switch is not a grant. */
  function openWechatSettings(): void {
    subscription.ask(settle, { start: askThroughSettings })
  }

  function settle(end: FlowEnd): void {
    if (end.kind === 'blocked') say(subscribeProblems[end.cause].sentence)
    subscription.readSettings()
    void session.syncGrants()
  }

  /** Inside a tap: the phone's own settings. What was changed there is seen when the page is shown again. */
  function openPhoneSettings(): void {
    openSystemSettings((shown) => {
      if (!shown) say('请在手机的“设置 - 通知 - 微信”里打开通知')
    })
  }

  /** When a page is shown: the user may have been in any settings meanwhile. */
  function look(): void {
    subscription.readSettings()
    notifications.value = systemNotifications()
    void session.syncGrants()
  }

  return {
    notifications,
    remaining,
    remainingWords,
    mainSwitchWords,
    templates,
    notificationWords,
    remedy,
    problem,
    mend,
    allowOnce,
    openWechatSettings,
    openPhoneSettings,
    look,
  }
})

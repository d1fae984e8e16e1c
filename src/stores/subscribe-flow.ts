import { currentHost, type Host } from '@/wechat/host.ts'
import { confirmModal } from '@/wechat/modal.ts'
import { openSubscribeSettings, readSubscribeSettings, type SubscribeSettings } from '@/wechat/settings.ts'
import {
  requestSubscribe,
  type SubscribeAnswer,
  type SubscribeFailure,
  type SubscribeOutcome,
} from '@/wechat/subscribe.ts'

/** What the user cannot mend by a choice; `unavailable`: WeChat banned or dropped every template that was asked. */
export type SubscribeProblem = SubscribeFailure | 'unavailable'

/** How asking ended. `blocked` is worth a line in the log. */
export type FlowEnd =
  | { kind: 'granted' }
  | { kind: 'declined' }
  | { kind: 'blocked'; cause: SubscribeProblem; code: number | undefined }

export interface SubscribeFlow {
  tmplIds: string[]
  /** The button that asks once more after the settings page; four characters at most. */
  goOn: string
  /** Each answered panel at once, before anything can interrupt: its grants must reach the queue. */
  onAnswer(answer: SubscribeAnswer): void
  /** Exactly once, whatever the user does. */
  onEnd(end: FlowEnd): void
}

const words = {
  openSettings: '检测到您没打开此小程序的消息通知权限，为了能更好的接收消息，是否去设置打开?',
  askAgain: '您刚才没有允许接收消息。允许一次，就能收到一条新线索提醒，是否再选一次?',
  confirmGrant: '消息通知已打开。再确认一次订阅，新线索来了就能收到提醒。',
}

/**
 * Asks for a grant per template and goes with the user through what can be mended: a main switch or a kept
 * reject through the settings page, a plain reject by asking once more. Call it inside a tap: every host
 * call that needs the tap state is made in the tap itself or in a modal's own success callback.
 */
export function askForGrants(flow: SubscribeFlow, host = currentHost()): void {
  requestSubscribe(flow.tmplIds, remedies(flow, host).afterFirstPanel, host)
}

/** The same from the settings page on, for the button that says 去设置: the tap is on it, so no modal comes first. */
export function askThroughSettings(flow: SubscribeFlow, host = currentHost()): void {
  remedies(flow, host).openSettings(flow.tmplIds)
}

function remedies({ tmplIds, goOn, onAnswer, onEnd }: SubscribeFlow, host: Host) {
  return { afterFirstPanel, openSettings }

  function afterFirstPanel(outcome: SubscribeOutcome): void {
    switch (outcome.kind) {
      case 'answered':
        onAnswer(outcome)
        if (outcome.rejected.length > 0) return findOutWhichReject(outcome.rejected)
        return onEnd(endOf(outcome))
      case 'switched-off':
        return offerSettings(tmplIds)
      case 'failed':
        // A failure nobody knows may be a switch; the ones we know are beyond the user.
        return outcome.cause === 'unknown' ? offerSettings(tmplIds) : onEnd(endOf(outcome))
    }
  }

  /** Only the settings tell a kept reject from a plain one, and only a kept one can be switched back there. */
  function findOutWhichReject(missing: string[]): void {
    readSubscribeSettings((settings) => {
      const isPlain =
        settings.kind === 'known' &&
        settings.mainSwitch &&
        !missing.some((id) => settings.kept[id] === 'reject')
      if (isPlain) offerAnotherPanel(missing, words.askAgain)
      else offerSettings(missing)
    }, host)
  }

  function offerSettings(missing: string[]): void {
    ask(words.openSettings, '确认', () => openSettings(missing))
  }

  function openSettings(missing: string[]): void {
    openSubscribeSettings(
      () => readSubscribeSettings((settings) => afterSettings(missing, settings), host),
      host,
    )
  }

  /** A switch is not a grant: it takes another call, and that call another tap. */
  function afterSettings(missing: string[], settings: SubscribeSettings): void {
    const isOn =
      settings.kind === 'known' && settings.mainSwitch && missing.some((id) => settings.kept[id] !== 'reject')
    if (isOn) offerAnotherPanel(missing, words.confirmGrant, goOn)
    else onEnd({ kind: 'declined' })
  }

  function offerAnotherPanel(missing: string[], content: string, confirmText = '确认'): void {
    ask(content, confirmText, () => requestSubscribe(missing, afterSecondPanel, host))
  }

  function afterSecondPanel(outcome: SubscribeOutcome): void {
    if (outcome.kind === 'answered') onAnswer(outcome)
    onEnd(endOf(outcome))
  }

  function ask(content: string, confirmText: string, onConfirm: () => void): void {
    confirmModal(
      { title: '消息提醒', content, confirmText, cancelText: '取消' },
      { onConfirm, onCancel: () => onEnd({ kind: 'declined' }) },
      host,
    )
  }
}

function endOf(outcome: SubscribeOutcome): FlowEnd {
  switch (outcome.kind) {
    case 'answered':
      if (outcome.rejected.length > 0) return { kind: 'declined' }
      if (outcome.accepted.length > 0) return { kind: 'granted' }
      return { kind: 'blocked', cause: 'unavailable', code: undefined }
    case 'switched-off':
      return { kind: 'declined' }
    case 'failed':
      return { kind: 'blocked', cause: outcome.cause, code: outcome.code }
  }
}

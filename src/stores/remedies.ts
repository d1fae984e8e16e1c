import type { SubscribeSettings } from '@/wechat/settings.ts'
import { isAccept } from '@/wechat/subscribe.ts'

/** What stands between the user and the next message, worst first, and what the user can do about it. */
export type Remedy =
  /** WeChat's main switch of this mini-program is off. */
  | 'open-main-switch'
  /** A template is kept as refused. */
  | 'accept-in-settings'
  /** No grant left, or few. */
  | 'allow-once'
  /** Everything is fine as far as this app can tell. */
  | 'none'

export interface SubscribeState {
  settings: SubscribeSettings
  tmplIds: string[]
  /** Grants left; null while unknown. */
  remaining: number | null
  askBelow: number
}

/** Pure: the one thing to offer. Settings that cannot be read are taken as no obstacle. */
export function remedyFor({ settings, tmplIds, remaining, askBelow }: SubscribeState): Remedy {
  if (settings.kind === 'known') {
    if (!settings.mainSwitch) return 'open-main-switch'
    if (tmplIds.some((id) => keptChoice(settings.kept[id]) === 'reject')) return 'accept-in-settings'
  }
  return remaining !== null && remaining < askBelow ? 'allow-once' : 'none'
}

/** 总是保持以上选择, and what was chosen then. */
export type KeptChoice = 'accept' | 'reject' | 'undecided'

/** WeChat lists what is kept only; `ban` and what else may come cannot be asked for (wechat-platform.md §2.1). */
export function keptChoice(value: string | undefined): KeptChoice {
  if (value === undefined) return 'undecided'
  return isAccept(value) ? 'accept' : 'reject'
}

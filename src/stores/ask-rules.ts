import type { KeptChoice } from './remedies.ts'

/**
 * When to ask for grants on a tap the user makes anyway: opening a lead, marking it followed up. Logging in and the
 * buttons that say 允许 always ask; they are not decided here. Pure: everything it knows is in its argument.
 */
export interface AskSituation {
  templates: {
    templateId: string
    /** 总是保持以上选择: what WeChat answers without a panel. */
    kept: KeptChoice
    /** Grants left, those on their way to the backend included; null while the backend has not said. */
    left: number | null
  }[]
  /** WeChat's main switch for this mini-program; null while it is not known. */
  mainSwitch: boolean | null
  /** Milliseconds since 1970. */
  now: number
  lastPanelAt: number | null
  /** A template with fewer grants than this is worth a panel. */
  askBelow: number
  pauseMs: number
}

export type AskDecision =
  | { kind: 'not' }
  /** WeChat answers by itself: a grant, and no panel. */
  | { kind: 'silently'; tmplIds: string[] }
  | { kind: 'with-panel'; tmplIds: string[] }

export function decideAsk(situation: AskSituation): AskDecision {
  const { templates, mainSwitch } = situation
  if (mainSwitch === false) return { kind: 'not' }

  // A kept choice and an open one in one call would bring up the panel, so the kept ones go alone.
  const silent = templates.filter(({ kept }) => kept === 'accept')
  if (silent.length > 0) return { kind: 'silently', tmplIds: idsOf(silent) }

  const scarce = templates.filter(
    ({ kept, left }) => kept === 'undecided' && left !== null && left < situation.askBelow,
  )
  if (scarce.length === 0 || mainSwitch === null || isPaused(situation)) return { kind: 'not' }
  return { kind: 'with-panel', tmplIds: idsOf(scarce) }
}

const idsOf = (templates: AskSituation['templates']) => templates.map(({ templateId }) => templateId)

/** A clock that was set back counts as a pause that is over, or it could last for years. */
function isPaused({ now, lastPanelAt, pauseMs }: AskSituation): boolean {
  if (lastPanelAt === null) return false
  const since = now - lastPanelAt
  return since >= 0 && since < pauseMs
}

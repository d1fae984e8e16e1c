import { decideAsk, type AskDecision } from './ask-rules.ts'
import { askBelow, askPauseMs } from './configuration.ts'
import { keptChoice } from './remedies.ts'
import { useSession } from './session.ts'
import { useSubscription } from './subscription.ts'

let latestTap = 0

/**
 * Inside a tap that is made anyway: takes a grant along where the rules allow it, calling the host before this
 * returns. `then` runs once: at once where WeChat answers without a panel, after the panel otherwise, unless another
 * tap came first because the panel was never answered.
 */
export function topUp(then: () => void): void {
  const subscription = useSubscription()
  const report = () => void useSession().syncGrants()
  const tap = ++latestTap
  const decision = decide()
  switch (decision.kind) {
    case 'not':
      return then()
    case 'silently':
      subscription.accrue(decision.tmplIds, report)
      return then()
    case 'with-panel':
      subscription.accrue(decision.tmplIds, () => {
        report()
        if (tap === latestTap) then()
      })
      return subscription.panelAsked()
  }
}

function decide(): AskDecision {
  const { settings, templates, left, lastPanelAt } = useSubscription()
  const kept = settings.kind === 'known' ? settings.kept : {}
  return decideAsk({
    templates: templates.map(({ templateId }) => ({
      templateId,
      kept: keptChoice(kept[templateId]),
      left: left(templateId),
    })),
    mainSwitch: settings.kind === 'known' ? settings.mainSwitch : null,
    now: Date.now(),
    lastPanelAt,
    askBelow,
    pauseMs: askPauseMs,
  })
}

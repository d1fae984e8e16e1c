import type { SubscribeCloseAnswer, SubscribeOpenAnswer } from '../../protocol.ts'
import { asyncApi, fail, failed, ok, type Outcome } from './api.ts'
import type { WxHost } from './host.ts'
import type { PanelAnswer } from './shell-ui.ts'

/** `wx.requestSubscribeMessage`: what WeChat decides is the node side's (H12–H22), the panel is drawn here. */
export function subscribeApis(host: WxHost) {
  let inFlight = false
  const simulated = host.profile.subscribePanel === 'simulated'

  async function perform(options: Record<string, unknown>): Promise<Outcome> {
    if (inFlight) return fail('last call has not ended')
    if (host.lifecycle.hiddenSince !== undefined)
      return fail('Cannot show subscribe message UI', { errCode: 10005 })
    inFlight = true
    try {
      return await ask(options.tmplIds)
    } finally {
      inFlight = false
    }
  }

  async function ask(tmplIds: unknown): Promise<Outcome> {
    let opened: SubscribeOpenAnswer
    try {
      // the node side judges whatever app code passed, wrong types included (H12)
      opened = await host.link.openSubscribe(tmplIds as readonly string[])
    } catch {
      return fail('Request list fail', { errCode: 10002 })
    }
    if (opened.kind === 'fail') return failed(opened.failure)
    if (opened.kind === 'silent') return ok(opened.results)
    const { rows, settled } = opened
    const answer = await new Promise<PanelAnswer>((resolve) =>
      host.shell.askSubscribe({ rows, simulated }, resolve),
    )
    if (answer === null) return fail('Cannot show subscribe message UI', { errCode: 10005 })
    let closed: SubscribeCloseAnswer
    try {
      closed = await host.link.closeSubscribe({ settled, ...answer })
    } catch {
      return fail('Request subscribe fail', { errCode: 10003 })
    }
    return closed.kind === 'ok' ? ok(closed.results) : failed(closed.failure)
  }

  return {
    requestSubscribeMessage: asyncApi(host, { name: 'requestSubscribeMessage', tap: 'needs', perform }),
  }
}

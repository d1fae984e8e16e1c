import type { Cloud } from '../cloud/cloud.ts'
import { createCloud } from '../cloud/create-cloud.ts'
import type { Served } from '../cloud/faults.ts'
import { demoAccounts, demoAppid, demoSecret } from '../cloud/demo.ts'
import type { CloudOptions } from '../cloud/options.ts'
import type { PrivateTemplate } from '../protocol.ts'
import { manualClock } from './clock.ts'

export const phone = 'oLeadbellDemoPhone000000001'

export const template = (priTmplId: string, more: Partial<PrivateTemplate> = {}): PrivateTemplate => ({
  priTmplId,
  title: `标题 ${priTmplId}`,
  content: '线索名称:{{thing1.DATA}}\n分配时间:{{time2.DATA}}\n',
  example: '线索名称:城东物流园\n分配时间:2026-11-23 09:42\n',
  type: 2,
  ...more,
})

export interface TestCloud {
  cloud: Cloud
  /** Milliseconds pass. */
  pass(ms: number): void
  /** Milliseconds pass, and everything that was due in them happens: answers, pushes, retries. */
  live(ms: number): Promise<void>
  /** One panel: what is accepted; everything else on it is rejected. Returns the call's results. */
  ask(ids: string[], accepted: string[], keep?: boolean): Record<string, string>
  /** A send with good data; returns WeChat's errcode. */
  send(templateId: string, more?: Record<string, unknown>): number
  /** The same, as the HTTP side sees it. */
  serveSend(templateId: string, more?: Record<string, unknown>): Served
}

/** A WeChat with templates A, B, C (one-time), its clock in the test's hand. */
export function testCloud(options: Partial<CloudOptions> = {}): TestCloud {
  const clock = manualClock(Date.parse('2026-11-23T09:00:00+08:00'))
  const cloud = createCloud({
    appid: demoAppid,
    secret: demoSecret,
    templates: [template('A'), template('B'), template('C')],
    accounts: demoAccounts,
    hasPage: (path) => path === 'pages/clue/detail',
    now: clock.now,
    timers: clock.timers,
    ...options,
  })
  const token = () => {
    const served = cloud.api.call('stable_token', {
      body: { appid: demoAppid, secret: demoSecret, grant_type: 'client_credential' },
    })
    if (served.kind !== 'answer') throw new Error('no token')
    return (JSON.parse(served.body) as { access_token: string }).access_token
  }
  const serveSend: TestCloud['serveSend'] = (templateId, more = {}) =>
    cloud.api.call('subscribe/send', {
      query: { access_token: token() },
      body: {
        touser: phone,
        template_id: templateId,
        page: 'pages/clue/detail?id=1',
        data: { thing1: { value: '城东物流园' }, time2: { value: '2026-11-23 09:42' } },
        ...more,
      },
    })
  return {
    cloud,
    serveSend,
    pass: clock.pass,
    live: clock.live,
    ask(ids, accepted, keep = false) {
      const opened = cloud.phone.openPanel(phone, ids)
      if (opened.kind === 'silent') return opened.results
      if (opened.kind === 'fail') throw new Error(opened.failure.errMsg)
      const decisions = Object.fromEntries(
        opened.rows.map(({ templateId }) => [
          templateId,
          accepted.includes(templateId) ? ('accept' as const) : ('reject' as const),
        ]),
      )
      const closed = cloud.phone.closePanel({ openid: phone, settled: opened.settled, decisions, keep })
      if (closed.kind === 'fail') throw new Error(closed.failure.errMsg)
      return closed.results
    },
    send(templateId, more = {}) {
      const served = serveSend(templateId, more)
      if (served.kind !== 'answer') throw new Error(served.kind)
      return (JSON.parse(served.body) as { errcode: number }).errcode
    },
  }
}

import type { PrivateTemplate } from '../protocol.ts'
import type { Account } from './options.ts'

/** What the emulator plays when nobody configures it. Not secret: it is known to the emulator only. */
export const demoSecret = 'emulated-secret'
export const demoAppid = 'wx1ead0be110000001'
/** The mini-program's own id, as pushes are addressed. */
export const demoOriginalId = 'gh_1ead0be11000'

export const demoTemplates: readonly PrivateTemplate[] = [
  {
    priTmplId: 'TPL_CLUE_ASSIGNED_0000000000000000000000001',
    title: '新线索提醒',
    content: '线索名称:{{thing1.DATA}}\n分配时间:{{time2.DATA}}\n线索状态:{{phrase3.DATA}}\n',
    example: '线索名称:城东物流园 仓储询价\n分配时间:2026-11-23 09:42\n线索状态:待跟进\n',
    type: 2,
  },
]

/** The first one is the phone that opens when no openid is named. */
export const demoAccounts: readonly Account[] = [
  { openid: 'oLeadbellDemoPhone000000001', nickname: '小陈的手机' },
  { openid: 'oLeadbellDemoPhone000000002', nickname: '小林的手机' },
]

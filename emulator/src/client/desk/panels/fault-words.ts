import type { PushFault } from '../../../cloud/push/faults.ts'
import type { AnyFault, CloudCall, Fault, PhoneCall, PhoneFault } from '../../../protocol.ts'

/** A fault as the desk makes one: of a server call, of a phone's call, or of the pushes. */
export type NewFault = { to: 'call'; fault: Fault | PhoneFault } | { to: 'push'; fault: PushFault }

export const phoneCallWords: Record<PhoneCall, string> = {
  'subscribe/open': '取订阅面板',
  'subscribe/close': '提交订阅选择',
  login: 'wx.login',
  'settings/read': 'getSetting',
}
export const kindWords: Record<Fault['kind'], string> = {
  errcode: '错误码',
  hang: '不回答',
  drop: '送达后断线',
  slow: '慢',
}
export const pushFaultWords: Record<PushFault['kind'], string> = {
  lose: '丢失',
  repeat: '重复',
  late: '迟到',
  failSend: '发送失败',
}
const eventWords = { popup: '订阅面板', change: '拒收', sent: '发送结果' } as const

export interface Preset {
  word: string
  /** What a developer learns from it. */
  hint: string
  make(openid: string): NewFault
}

const once = { times: 1 }
const send = (fault: { errcode: number; errmsg: string }): NewFault => ({
  to: 'call',
  fault: { call: 'subscribe/send', kind: 'errcode', ...fault, ...once },
})

/** What goes wrong in a backend's real life, ready to press. */
export const presets: Preset[] = [
  {
    word: '下一次发送送达后断线',
    hint: '消息到了手机，后台却没有等到结果：它不该盲目重发',
    make: () => ({ to: 'call', fault: { call: 'subscribe/send', kind: 'drop', ...once } }),
  },
  {
    word: '下一次发送 43101',
    hint: '没有授权：后台应当把账记成 0，等用户再点',
    make: () => send({ errcode: 43101, errmsg: 'user refuse to accept the msg' }),
  },
  {
    word: 'token 失效 40001',
    hint: '下一次发送说 token 不对：后台应当重取一次再发',
    make: () => send({ errcode: 40001, errmsg: 'invalid credential, access_token is invalid or not latest' }),
  },
  {
    word: '系统繁忙 -1',
    hint: '下一次发送说繁忙：后台应当隔一会儿再试',
    make: () => send({ errcode: -1, errmsg: 'system error' }),
  },
  {
    word: '换登录态不回答',
    hint: '下一次 code2Session 一直等着：后台应当自己超时',
    make: () => ({ to: 'call', fault: { call: 'code2Session', kind: 'hang', ...once } }),
  },
  {
    word: '面板取列表断网 10002',
    hint: '这部手机下一次订阅取不到面板：小程序应当继续登录',
    make: (openid) => ({ to: 'call', fault: { phone: 'subscribe/open', openid, ...once } }),
  },
  {
    word: '提交选择断网 10003',
    hint: '这部手机下一次点了允许也没有送到：没有得到授权',
    make: (openid) => ({ to: 'call', fault: { phone: 'subscribe/close', openid, ...once } }),
  },
  {
    word: '发送结果丢失',
    hint: '下一个发送结果事件不推给后台',
    make: () => ({ to: 'push', fault: { kind: 'lose', push: 'sent', ...once } }),
  },
]

const callWord = (call: CloudCall | '*') => (call === '*' ? '所有服务器调用' : call)

/** What is broken, in one line. */
export function faultWord(fault: AnyFault): string {
  if ('call' in fault) {
    const how =
      fault.kind === 'errcode'
        ? `${fault.errcode} ${fault.errmsg}`
        : fault.kind === 'slow'
          ? `慢 ${fault.ms} ms`
          : fault.kind === 'drop' && fault.performed === false
            ? '没送达就断线'
            : kindWords[fault.kind]
    return `${callWord(fault.call)}：${how}`
  }
  if ('phone' in fault) {
    const codes = [fault.errCode, fault.errMsg].filter((part) => part !== undefined).join(' ')
    return `${phoneCallWords[fault.phone]}：${codes || '断网'}`
  }
  const event = 'push' in fault && fault.push ? eventWords[fault.push] : '事件'
  return fault.kind === 'failSend'
    ? '发送：回答成功，消息不到'
    : `${event}推送：${pushFaultWords[fault.kind]}${fault.kind === 'late' ? ` ${fault.ms} ms` : ''}`
}

/** For whom and how often. */
export function firingWord(
  { openid, probability }: AnyFault,
  { fired, left }: { fired: number; left: number | null },
  nameOf: (openid: string) => string,
): string {
  return [
    openid === undefined ? '所有人' : nameOf(openid),
    ...(probability === undefined || probability === 1 ? [] : [`${Math.round(probability * 100)}%`]),
    left === null ? '一直' : `还剩 ${left} 次`,
    `已触发 ${fired} 次`,
  ].join(' · ')
}

import type { SubscribeProblem } from './subscribe-flow.ts'

/**
 * What a user is told of a panel that did not come to an answer, each with its permanent code: cause and remedy are
 * in docs/errors.zh-CN.md. None of these stops a login.
 */
export const subscribeProblems: Record<SubscribeProblem, { code: `LB4${number}`; sentence: string }> = {
  'no-templates': { code: 'LB4001', sentence: '还没有可订阅的提醒，请联系管理员' },
  'list-network': { code: 'LB4002', sentence: '网络不好，没能打开订阅窗口，请稍后再点一次' },
  'submit-network': { code: 'LB4003', sentence: '网络不好，您的选择没有送到微信，请再点一次' },
  'invalid-template-id': { code: 'LB4004', sentence: '提醒模板的编号有误，请联系管理员' },
  'in-background': { code: 'LB4005', sentence: '小程序刚才在后台，没能打开订阅窗口，请再点一次' },
  'template-not-found': { code: 'LB4006', sentence: '微信里没有这个提醒模板，请联系管理员' },
  'mixed-types': { code: 'LB4007', sentence: '提醒模板的类型不一致，请联系管理员' },
  'too-many-templates': { code: 'LB4008', sentence: '提醒模板太多，微信没有受理，请联系管理员' },
  'app-banned': { code: 'LB4009', sentence: '小程序的订阅功能被微信停用，请联系管理员' },
  'device-template': { code: 'LB4010', sentence: '提醒模板是设备类的，不能这样订阅，请联系管理员' },
  'no-gesture': { code: 'LB4011', sentence: '没能打开订阅窗口，请直接点按钮再试一次' },
  'already-asking': { code: 'LB4012', sentence: '订阅窗口已经打开，请先在里面选择' },
  unsupported: { code: 'LB4013', sentence: '微信版本太低，收不了提醒，请升级微信' },
  unavailable: { code: 'LB4014', sentence: '这个提醒被微信停用了，请联系管理员' },
  unknown: { code: 'LB4015', sentence: '没能订阅成功，请稍后再点一次' },
}

import * as v from 'valibot'
import {
  AdminClue,
  AdminClueDetail,
  AdminCluePage,
  AdminClueQuery,
  AssignBody,
  AssignResult,
  BatchAssignBody,
  BatchAssignResult,
  ClueDraft,
  ClueEdit,
  AdminDelivery,
  DeliveryDetail,
  DeliveryPage,
  DeliveryPath,
  DeliveryQuery,
  ImportBody,
  ImportResult,
  RecallBody,
  Statistics,
  StatisticsQuery,
} from './admin.ts'
import {
  CaptchaImage,
  CaptchaPath,
  CodeBody,
  LoginBody,
  LoginResult,
  LogoutBody,
  WechatBinding,
} from './auth.ts'
import {
  Clue,
  ClueChange,
  ClueDetail,
  ClueNote,
  ClueNoteBody,
  CluePage,
  CluePath,
  ClueQuery,
} from './clue.ts'
import { IntegrationAssignment, IntegrationResult } from './integration.ts'
import { GrantReport, Quota, TemplateList } from './notify.ts'
import {
  StaffChange,
  StaffDetail,
  StaffDraft,
  StaffMember,
  StaffPage,
  StaffPath,
  StaffQuery,
} from './staff.ts'

/**
 * Who may call. `session`: X-Access-Token of a login. `clerk`, `admin`: the X-Access-Token of such an account, or the
 * bearer token of the server. `integration`: a body signed with the shared secret.
 */
export type Access = 'open' | 'session' | 'clerk' | 'admin' | 'integration'

interface Endpoint {
  access: Access
  /** One Chinese line for the API's page. */
  summary: string
  path?: v.GenericSchema
  query?: v.GenericSchema
  body?: v.GenericSchema
  result: v.GenericSchema
}

/** Every call between phone, back office and backend, by method and path. Answers come in an Envelope. */
export const endpoints = {
  'GET /sys/randomImage/{checkKey}': {
    access: 'open',
    summary: '取一张验证码图片',
    path: CaptchaPath,
    result: CaptchaImage,
  },
  'POST /sys/login': { access: 'open', summary: '账号密码登录', body: LoginBody, result: LoginResult },
  'POST /sys/logout': {
    access: 'session',
    summary: '退出登录，可同时解绑微信',
    body: LogoutBody,
    result: v.null(),
  },
  /** Silent login: 401 when this WeChat is bound to nobody. */
  'POST /notify/login': {
    access: 'open',
    summary: '用微信登录凭证静默登录',
    body: CodeBody,
    result: LoginResult,
  },
  /** Binds this WeChat to the session after a login that had no code. */
  'POST /notify/bind': {
    access: 'session',
    summary: '给当前登录绑定微信',
    body: CodeBody,
    result: WechatBinding,
  },
  'GET /notify/templates': { access: 'open', summary: '订阅消息模板', result: TemplateList },
  'POST /notify/grants': {
    access: 'session',
    summary: '上报一次订阅授权的结果',
    body: GrantReport,
    result: Quota,
  },
  'GET /notify/quota': { access: 'session', summary: '还可接收几条消息', result: Quota },
  'GET /clues': {
    access: 'session',
    summary: '我的线索，最新分配的在前',
    query: ClueQuery,
    result: CluePage,
  },
  /**
   * A stranger's lead is 404, as is none at all. Who once held it learns more, here and in the three calls below:
   * 403 when it went to somebody else, 410 when it was deleted.
   */
  'GET /clues/{id}': {
    access: 'session',
    summary: '一条线索和它的跟进记录',
    path: CluePath,
    result: ClueDetail,
  },
  /** wx.request knows no PATCH. */
  'PUT /clues/{id}': {
    access: 'session',
    summary: '修改线索状态',
    path: CluePath,
    body: ClueChange,
    result: Clue,
  },
  /** Opened for the first time; again changes nothing. */
  'PUT /clues/{id}/read': { access: 'session', summary: '标为已读', path: CluePath, result: v.null() },
  /** The same id again answers the note that is there. */
  'POST /clues/{id}/notes': {
    access: 'session',
    summary: '添加跟进记录',
    path: CluePath,
    body: ClueNoteBody,
    result: ClueNote,
  },

  'GET /admin/clues': {
    access: 'clerk',
    summary: '全部线索，新的在前',
    query: AdminClueQuery,
    result: AdminCluePage,
  },
  'POST /admin/clues': { access: 'clerk', summary: '录入一条线索', body: ClueDraft, result: Clue },
  'POST /admin/clues/import': {
    access: 'clerk',
    summary: '导入 CSV，逐行报告',
    body: ImportBody,
    result: ImportResult,
  },
  'GET /admin/clues/{id}': {
    access: 'clerk',
    summary: '一条线索的跟进记录和分配历史',
    path: CluePath,
    result: AdminClueDetail,
  },
  'PUT /admin/clues/{id}': {
    access: 'clerk',
    summary: '修改线索',
    path: CluePath,
    body: ClueEdit,
    result: AdminClue,
  },
  'DELETE /admin/clues/{id}': { access: 'clerk', summary: '删除线索', path: CluePath, result: v.null() },
  'POST /admin/clues/{id}/assign': {
    access: 'clerk',
    summary: '分配或改派一条线索，并通知员工',
    path: CluePath,
    body: AssignBody,
    result: AssignResult,
  },
  'POST /admin/clues/{id}/recall': {
    access: 'clerk',
    summary: '收回一条线索',
    path: CluePath,
    body: RecallBody,
    result: Clue,
  },
  'POST /admin/assignments': {
    access: 'clerk',
    summary: '批量分配，逐条成功或拒绝',
    body: BatchAssignBody,
    result: BatchAssignResult,
  },
  'GET /admin/deliveries': {
    access: 'clerk',
    summary: '提醒的送达情况，新的在前',
    query: DeliveryQuery,
    result: DeliveryPage,
  },
  'GET /admin/deliveries/{id}': {
    access: 'clerk',
    summary: '一条提醒的经过',
    path: DeliveryPath,
    result: DeliveryDetail,
  },
  'POST /admin/deliveries/{id}/redrive': {
    access: 'clerk',
    summary: '重新发送一条失败的提醒',
    path: DeliveryPath,
    result: AdminDelivery,
  },
  'GET /admin/staff': {
    access: 'clerk',
    summary: '员工和各自的剩余次数；maxQuota=0 列出现在收不到提醒的人',
    query: StaffQuery,
    result: StaffPage,
  },
  'POST /admin/staff': { access: 'admin', summary: '新增账号', body: StaffDraft, result: StaffMember },
  'GET /admin/staff/{id}': {
    access: 'clerk',
    summary: '一名员工和他的次数账本',
    path: StaffPath,
    result: StaffDetail,
  },
  'PUT /admin/staff/{id}': {
    access: 'admin',
    summary: '修改、停用账号或重设密码',
    path: StaffPath,
    body: StaffChange,
    result: StaffMember,
  },
  'DELETE /admin/staff/{id}/sessions': {
    access: 'admin',
    summary: '让一个账号在所有设备上退出登录',
    path: StaffPath,
    result: v.null(),
  },
  'DELETE /admin/staff/{id}/binding': {
    access: 'admin',
    summary: '解绑一个账号的微信',
    path: StaffPath,
    result: v.null(),
  },
  'GET /admin/statistics': {
    access: 'clerk',
    summary: '送达率、到达用时和等待中的提醒',
    query: StatisticsQuery,
    result: Statistics,
  },

  /** Signed with INTEGRATION_SECRET; an Idempotency-Key is required (docs/integration.zh-CN.md). */
  'POST /integration/assignments': {
    access: 'integration',
    summary: '对方系统分配线索，由我们通知员工',
    body: IntegrationAssignment,
    result: IntegrationResult,
  },
} as const satisfies Record<string, Endpoint>

type Schemas = typeof endpoints
type In<E, K extends string> =
  E extends Record<K, infer S extends v.GenericSchema> ? v.InferInput<S> : undefined
type Out<E> = E extends { result: infer S extends v.GenericSchema } ? v.InferOutput<S> : never

/** The same table as types, which is all of it that a phone imports. */
export type Endpoints = {
  [K in keyof Schemas]: {
    path: In<Schemas[K], 'path'>
    query: In<Schemas[K], 'query'>
    body: In<Schemas[K], 'body'>
    result: Out<Schemas[K]>
  }
}

export type EndpointName = keyof Endpoints

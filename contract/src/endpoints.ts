import * as v from 'valibot'
import { AssignBody, AssignResult, ClueDraft } from './admin.ts'
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
import { GrantReport, Quota, TemplateList } from './notify.ts'

interface Endpoint {
  path?: v.GenericSchema
  query?: v.GenericSchema
  body?: v.GenericSchema
  result: v.GenericSchema
}

/** Every call between phone, back office and backend, by method and path. Answers come in an Envelope. */
export const endpoints = {
  'GET /sys/randomImage/{checkKey}': { path: CaptchaPath, result: CaptchaImage },
  'POST /sys/login': { body: LoginBody, result: LoginResult },
  'POST /sys/logout': { body: LogoutBody, result: v.null() },
  /** Silent login: 401 when this WeChat is bound to nobody. */
  'POST /notify/login': { body: CodeBody, result: LoginResult },
  /** Binds this WeChat to the session after a login that had no code. */
  'POST /notify/bind': { body: CodeBody, result: WechatBinding },
  'GET /notify/templates': { result: TemplateList },
  'POST /notify/grants': { body: GrantReport, result: Quota },
  'GET /notify/quota': { result: Quota },
  'GET /clues': { query: ClueQuery, result: CluePage },
  /**
   * A stranger's lead is 404, as is none at all. Who once held it learns more, here and in the three calls below:
   * 403 when it went to somebody else, 410 when it was deleted.
   */
  'GET /clues/{id}': { path: CluePath, result: ClueDetail },
  /** wx.request knows no PATCH. */
  'PUT /clues/{id}': { path: CluePath, body: ClueChange, result: Clue },
  /** Opened for the first time; again changes nothing. */
  'PUT /clues/{id}/read': { path: CluePath, result: v.null() },
  /** The same id again answers the note that is there. */
  'POST /clues/{id}/notes': { path: CluePath, body: ClueNoteBody, result: ClueNote },
  'POST /admin/clues': { body: ClueDraft, result: Clue },
  'DELETE /admin/clues/{id}': { path: CluePath, result: v.null() },
  'POST /admin/clues/{id}/assign': { path: CluePath, body: AssignBody, result: AssignResult },
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

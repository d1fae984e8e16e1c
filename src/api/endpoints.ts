import type { Endpoints, LoginResult } from '@leadbell/contract'
import { request } from './client.ts'

type Body<E extends keyof Endpoints> = Endpoints[E]['body']

const isLogin = (result: LoginResult) =>
  typeof result?.token === 'string' && typeof result.userInfo?.id === 'string'

/** A picture as a data URL. Asking again under the same key kills the earlier picture. */
export const getCaptcha = (checkKey: string) =>
  request('GET /sys/randomImage/{checkKey}', { path: { checkKey } })

export const postLogin = (body: Body<'POST /sys/login'>) =>
  request(
    'POST /sys/login',
    { body },
    {
      // Keeps a large dictionary out of a stock JeecgBoot's answer.
      header: { 'X-Version': 'v3' },
      accepts: isLogin,
    },
  )

/** By WeChat's code alone; 401 when this WeChat is bound to nobody. */
export const postWechatLogin = (code: string) =>
  request('POST /notify/login', { body: { code } }, { accepts: isLogin })

export const postLogout = (body: Body<'POST /sys/logout'>) => request('POST /sys/logout', { body })

export const postBind = (code: string) => request('POST /notify/bind', { body: { code } })

export const getTemplates = () =>
  request('GET /notify/templates', {}, { accepts: (result) => Array.isArray(result?.templates) })

/** Sent with the phone's time of now, so that the backend sees how far its clock is off. */
export const postGrants = (report: Body<'POST /notify/grants'>) =>
  request('POST /notify/grants', { body: { ...report, sentAt: new Date().toISOString() } })

export const getQuota = () => request('GET /notify/quota', {})

import type { Endpoints } from '@leadbell/contract'
import { request } from './client.ts'

type Body<E extends keyof Endpoints> = Endpoints[E]['body']

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
      accepts: (result) => typeof result?.token === 'string' && typeof result.userInfo?.id === 'string',
    },
  )

export const postLogout = (body: Body<'POST /sys/logout'>) => request('POST /sys/logout', { body })

export const postBind = (code: string) => request('POST /notify/bind', { body: { code } })

export const getTemplates = () =>
  request('GET /notify/templates', {}, { accepts: (result) => Array.isArray(result?.templates) })

export const postGrants = (body: Body<'POST /notify/grants'>) => request('POST /notify/grants', { body })

export const getQuota = () => request('GET /notify/quota', {})

export const getClues = (query: Endpoints['GET /clues']['query']) =>
  request('GET /clues', { query }, { accepts: (result) => Array.isArray(result?.items) })

export const getClue = (id: string) =>
  request('GET /clues/{id}', { path: { id } }, { accepts: (result) => typeof result?.id === 'string' })

import type { PushRequest } from './request.ts'

/** Makes the call and reads the whole answer. Rejects when there is none, or when `signal` says to hang up. */
export type PushTransport = (
  request: PushRequest,
  signal: AbortSignal,
) => Promise<{ status: number; body: string }>

/** Over HTTP; it follows no redirect, as that would lead away from the target that was entered. */
export const pushOverHttp: PushTransport = async ({ method, url, contentType, body }, signal) => {
  const response = await fetch(url, {
    method,
    signal,
    redirect: 'manual',
    ...(body === undefined ? {} : { body }),
    ...(contentType === undefined ? {} : { headers: { 'content-type': contentType } }),
  })
  return { status: response.status, body: await response.text() }
}

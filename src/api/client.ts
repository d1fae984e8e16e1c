import { createRequest, type RequestHost } from './request.ts'

/** What the calls need to know of the session; the session store provides it. */
export interface SessionLink {
  token(): string
  onUnauthorized(token: string): void
}

let session: SessionLink = { token: () => '', onUnauthorized: () => undefined }

/** Stores know this folder and not the other way round, so the session introduces itself. */
export function linkSession(link: SessionLink): void {
  session = link
}

export const request = createRequest({
  host: () => uni as unknown as RequestHost,
  baseUrl: import.meta.env.VITE_API_BASE_URL,
  token: () => session.token(),
  onUnauthorized: (token) => session.onUnauthorized(token),
})

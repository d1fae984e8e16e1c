const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/

export const isLoopback = (url: URL): boolean => loopback.test(url.hostname)

/** Why `fetch` rejected: 'ECONNREFUSED' tells a developer more than 'fetch failed'. */
export function causeOf(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: unknown }; message?: string }
  return typeof cause?.code === 'string' ? cause.code : (message ?? '')
}

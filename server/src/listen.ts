import { serve } from '@hono/node-server'
import { errnoOf, StartFailure } from './start-failure.ts'

export interface Listening {
  port: number
  /** Takes no more connections; resolves when the last request is answered. */
  close(): Promise<void>
}

const CLOSE_IDLE_EVERY_MS = 50

/** @throws StartFailure when the port cannot be had. */
export function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  { host, port }: { host: string; port: number },
): Promise<Listening> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname: host, port }, (address) => resolve({ port: address.port, close }))
    server.on('error', (error) => reject(explained(error)))

    function close(): Promise<void> {
      // a kept connection becomes idle with its last answer, and would be waited for
      const closeIdle = () => 'closeIdleConnections' in server && server.closeIdleConnections()
      const timer = setInterval(closeIdle, CLOSE_IDLE_EVERY_MS)
      return new Promise((closed) => {
        server.close(() => {
          clearInterval(timer)
          closed()
        })
        closeIdle()
      })
    }
  })

  function explained(error: unknown): unknown {
    const code = errnoOf(error)
    if (code === 'EADDRINUSE')
      return new StartFailure(
        `PORT: 端口 ${port} 已被占用，请停掉占用它的程序或换一个 PORT (port ${port} is in use)`,
      )
    return code === 'EACCES' || code === 'EADDRNOTAVAIL'
      ? new StartFailure(`HOST/PORT: 不能监听 ${host}:${port} (cannot listen: ${code})`)
      : error
  }
}

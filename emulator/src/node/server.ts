import type { AddressInfo } from 'node:net'
import { createAdaptorServer, type WebSocketServerLike } from '@hono/node-server'
import type { Server } from 'node:http'
import { Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { WebSocketServer } from 'ws'
import { PhoneCallBroken, type Cloud } from '../cloud/cloud.ts'
import { Refused, UnknownPhone } from '../cloud/context.ts'
import { publicApi, type HttpEnv } from '../cloud/http.ts'
import type { PhoneRefusal } from '../protocol.ts'
import type { Release } from '../release.ts'
import { appSocket } from './app-socket.ts'
import type { DeskActionConfig } from './desk-actions.ts'
import { deskRoutes } from './desk-routes.ts'
import { limitedTo, ownOriginOnly } from './guard.ts'
import { domainList } from './phone-request.ts'
import { phoneRoutes } from './phone-routes.ts'
import { phoneSocket } from './phone-socket.ts'
import { noDelays } from '../network-speeds.ts'
import { StartError } from './start-error.ts'

export interface ServerParts {
  cloud: Cloud
  deskActions: readonly DeskActionConfig[]
  release: Release
  /** Origins that `wx.request` may reach besides loopback. */
  requestDomains: readonly string[]
  /** Slow networks are slow. @default true */
  networkDelays?: boolean
  /** What a browser loads; absent where there is no phone to look at. */
  pages?: Hono
}

export interface Listening {
  url: string
  port: number
  close(): Promise<void>
}

/** The largest body a mini-program may send is the phone's affair; this one is ours. */
const MAX_PHONE_BODY = 12 * 1024 * 1024
const MAX_DESK_BODY = 64 * 1024
/** What WeChat remembers of thousands of phones, and what those saved. */
const MAX_STATE_BODY = 256 * 1024 * 1024
const HOST = '127.0.0.1'

/**
 * WeChat's public side, the phone's private one, the desk and the pages on one loopback port; 0 takes any.
 * @throws StartError when the port is taken
 */
export async function listen(parts: ServerParts, port: number): Promise<Listening> {
  let own = { url: '', port: 0 }
  const { cloud } = parts
  const app = new Hono<HttpEnv>()
  const guard = ownOriginOnly(() => own.port)
  app.use('/__phone/*', guard, limitedTo(MAX_PHONE_BODY))
  const deskLimit = limitedTo(MAX_DESK_BODY)
  const stateLimit = limitedTo(MAX_STATE_BODY)
  app.use('/__desk/*', guard, (c, next) => (c.req.path === '/__desk/state' ? stateLimit : deskLimit)(c, next))
  const isAllowed = domainList(parts.requestDomains, () => own.url)
  app.get(
    '/__phone/socket',
    phoneSocket(cloud, (path, init) => app.request(`/__phone/${path}`, init)),
  )
  const speeds = parts.networkDelays === false ? { networkDelays: noDelays } : {}
  app.get('/__phone/app-socket', appSocket(cloud, isAllowed))
  app.route('/__phone', phoneRoutes(cloud, { appid: cloud.appid, isAllowed, ...speeds }, parts.release))
  app.route('/__desk', deskRoutes(cloud, parts.deskActions))
  app.route('/', publicApi(cloud))
  if (parts.pages) app.route('/', parts.pages)
  app.notFound((c) => c.json({ message: '没有这个地址 (not found)' }, 404))
  app.onError((error, c) => {
    if (error instanceof UnknownPhone) return c.json({ message: error.message }, 404)
    if (error instanceof PhoneCallBroken)
      return c.json({ message: error.message, failure: error.failure } satisfies PhoneRefusal, 503)
    if (error instanceof Refused) return c.json({ message: error.message }, 400)
    if (error instanceof HTTPException) return c.json({ message: error.message }, error.status)
    process.stderr.write(`${c.req.method} ${c.req.path}: ${error.stack ?? error.message}\n`)
    return c.json({ message: `模拟器出错了：${error.message}` }, 500)
  })

  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_PHONE_BODY })
  // ws is what it describes; its types say `undefined` where these leave out
  const websocket = { server: sockets as WebSocketServerLike }
  const server = createAdaptorServer({ fetch: app.fetch, websocket }) as Server
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explained(error, port)))
    server.listen(port, HOST, resolve)
  })
  const { port: bound } = server.address() as AddressInfo
  own = { url: `http://${HOST}:${bound}`, port: bound }
  return {
    ...own,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        // phones that listen and calls that a fault left hanging would keep it open
        server.closeAllConnections()
        for (const socket of sockets.clients) socket.terminate()
      }),
  }
}

const explained = (error: NodeJS.ErrnoException, port: number): Error =>
  error.code === 'EADDRINUSE'
    ? new StartError(`端口 ${port} 被占用：停掉占用它的程序，或用 --port 换一个 (port in use)`)
    : error

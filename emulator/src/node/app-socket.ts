import { upgradeWebSocket } from '@hono/node-server'
import type { MiddlewareHandler } from 'hono'
import type { WSContext } from 'hono/ws'
import { WebSocket } from 'ws'
import type { Cloud } from '../cloud/cloud.ts'
import type { AppSocketFrame } from '../protocol.ts'
import { text } from './input.ts'

const OPEN = 1
const maySend = (code: unknown): code is number =>
  typeof code === 'number' && (code === 1000 || (code >= 3000 && code < 5000))

/**
 * `GET /__phone/app-socket?openid=…&url=…` of protocol.ts: `wx.connectSocket` as the phone's network performs it, to
 * the hosts that `wx.request` may reach.
 */
export function appSocket(cloud: Cloud, isAllowed: (url: URL) => boolean): MiddlewareHandler {
  return upgradeWebSocket((c) => {
    const { network } = cloud.phone.state(text(c.req.query('openid'), 'openid'))
    const url = text(c.req.query('url'), 'url')
    const protocols = (c.req.query('protocols') ?? '').split(',').filter(Boolean)
    const header = JSON.parse(c.req.query('header') ?? '{}') as Record<string, string>
    let server: WebSocket | undefined

    const say = (phone: WSContext, frame: AppSocketFrame) => {
      if (phone.readyState === OPEN) phone.send(JSON.stringify(frame))
    }
    function connect(phone: WSContext): void {
      const refuse = (errMsg: string, errno: number) => {
        say(phone, { kind: 'refused', failure: { errMsg: `connectSocket:fail ${errMsg}`, errno } })
        phone.close()
      }
      if (!URL.canParse(url) || !/^wss?:$/.test(new URL(url).protocol))
        return refuse(`invalid url "${url}"`, 600009)
      if (!isAllowed(new URL(url.replace(/^ws/, 'http')))) return refuse('url not in domain list', 600002)
      if (network === 'none') return refuse('', 600001)
      say(phone, { kind: 'accepted' })
      server = new WebSocket(url, protocols, { headers: header })
      server.on('open', () => say(phone, { kind: 'open' }))
      server.on('message', (data, isBinary) => {
        if (!isBinary) say(phone, { kind: 'message', data: data.toString() })
        else if (phone.readyState === OPEN) phone.send(new Uint8Array(data as Buffer))
      })
      server.on('error', ({ message }) => say(phone, { kind: 'error', errMsg: message }))
      server.on('close', (code, reason) => {
        say(phone, { kind: 'close', code, reason: reason.toString() })
        phone.close()
      })
    }

    return {
      onOpen: (_, phone) => connect(phone),
      onMessage({ data }) {
        if (server?.readyState !== OPEN) return
        if (data instanceof ArrayBuffer) return server.send(new Uint8Array(data))
        if (typeof data !== 'string') return
        const frame = JSON.parse(data) as
          { kind: 'message'; data: string } | { kind: 'close'; code?: unknown; reason?: string }
        if (frame.kind === 'message') server.send(frame.data)
        else server.close(maySend(frame.code) ? frame.code : undefined, frame.reason)
      },
      onClose: () => server?.close(),
    }
  })
}

import type { AppSocketFrame } from '../protocol.ts'

export interface SocketWish {
  url: string
  protocols: readonly string[]
  header: Record<string, string>
}
export type HeardFrame = AppSocketFrame | { kind: 'bytes'; data: ArrayBuffer }

export interface AppSocket {
  send(data: string | ArrayBuffer): void
  close(code?: number, reason?: string): void
}

/** RFC 6455 §7.4.1: it broke without a word. */
const ABNORMAL = 1006

/** A connection of app code's through the emulator's node side, where the allow-list is (protocol.ts). */
export function openAppSocket(
  openid: string,
  { url, protocols, header }: SocketWish,
  heard: (frame: HeardFrame) => void,
): AppSocket {
  const address = new URL('/__phone/app-socket', location.href)
  address.protocol = 'ws:'
  address.search = new URLSearchParams({
    ...{ openid, url, protocols: protocols.join(','), header: JSON.stringify(header) },
  }).toString()
  const socket = new WebSocket(address)
  socket.binaryType = 'arraybuffer'
  let ended = false
  const tell = (frame: HeardFrame) => {
    if (ended) return
    ended = frame.kind === 'close' || frame.kind === 'refused'
    heard(frame)
  }
  socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) =>
    tell(typeof data === 'string' ? (JSON.parse(data) as AppSocketFrame) : { kind: 'bytes', data })
  socket.onclose = () => tell({ kind: 'close', code: ABNORMAL, reason: '' })
  return {
    send: (data) => socket.send(typeof data === 'string' ? JSON.stringify({ kind: 'message', data }) : data),
    close: (code, reason) => socket.send(JSON.stringify({ kind: 'close', code, reason })),
  }
}

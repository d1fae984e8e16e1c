import type { PhoneEvent, PhoneFrame, WeChatFrame } from '../protocol.ts'

export interface Answer {
  status: number
  text: string
}

interface Waiting {
  resolve(answer: Answer): void
  reject(reason: unknown): void
}

/** After a connection that ended, milliseconds: the emulator may just be started again. */
const RETRY_MS = 1000

/**
 * One connection to the emulator's node side for all that a phone asks and hears (protocol.ts). It opens with the first
 * use, and again after it broke while somebody listens.
 */
export class PhoneSocket {
  private connection: Promise<WebSocket> | undefined
  private readonly waiting = new Map<number, Waiting>()
  private readonly listeners = new Set<(event: PhoneEvent) => void>()
  private calls = 0

  constructor(private readonly openid: string) {}

  /** Rejects when there is no connection or it breaks; with the signal's reason when that is aborted. */
  async call(path: string, body: object, signal?: AbortSignal): Promise<Answer> {
    const socket = await this.connect()
    signal?.throwIfAborted()
    const id = ++this.calls
    const giveUp = () => {
      this.say(socket, { kind: 'cancel', id })
      this.waiting.get(id)?.reject(signal?.reason)
    }
    signal?.addEventListener('abort', giveUp)
    try {
      return await new Promise<Answer>((resolve, reject) => {
        this.waiting.set(id, { resolve, reject })
        this.say(socket, { kind: 'call', id, path, body })
      })
    } finally {
      this.waiting.delete(id)
      signal?.removeEventListener('abort', giveUp)
    }
  }

  /** Returns what ends the listening. */
  listen(onEvent: (event: PhoneEvent) => void): () => void {
    this.listeners.add(onEvent)
    this.keepOpen()
    return () => void this.listeners.delete(onEvent)
  }

  private say(socket: WebSocket, frame: PhoneFrame): void {
    socket.send(JSON.stringify(frame))
  }

  /** A failure is no news to who listens: it is tried again. */
  private keepOpen(): void {
    if (this.listeners.size > 0) this.connect().catch(() => undefined)
  }

  private connect(): Promise<WebSocket> {
    this.connection ??= new Promise((resolve, reject) => {
      const address = new URL(`/__phone/socket?openid=${encodeURIComponent(this.openid)}`, location.href)
      address.protocol = 'ws:'
      const socket = new WebSocket(address)
      socket.onopen = () => resolve(socket)
      socket.onmessage = ({ data }: MessageEvent<string>) => this.hear(JSON.parse(data) as WeChatFrame)
      socket.onclose = () => {
        this.connection = undefined
        const reason = new Error('连不上模拟器 (no connection to the emulator)')
        reject(reason)
        for (const { reject: fail } of this.waiting.values()) fail(reason)
        setTimeout(() => this.keepOpen(), RETRY_MS)
      }
    })
    return this.connection
  }

  private hear(frame: WeChatFrame): void {
    switch (frame.kind) {
      case 'event':
        return this.listeners.forEach((listener) => listener(frame.event))
      case 'answer':
        return this.waiting.get(frame.id)?.resolve({ status: frame.status, text: frame.body })
    }
  }
}

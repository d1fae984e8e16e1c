import type { AppSocket, HeardFrame } from '../app-socket.ts'
import { isBytes } from '../bytes.ts'
import { asyncApi, beginCall, fail, failed, ok, textOption, type Outcome } from './api.ts'
import type { WxHost } from './host.ts'

type Options = Record<string, unknown>
type Listener = (detail: object) => void
const events = ['Open', 'Message', 'Close', 'Error'] as const
type Event = (typeof events)[number]

/** wechat-platform.md §9.2 [net]: five connections at once. */
const MOST_OPEN = 5
const [CONNECTING, OPEN, CLOSING, CLOSED] = [0, 1, 2, 3]
/** 1000 and a plain word, as the documentation's defaults. */
const NORMAL = 1000

/** `connectSocket`: real connections to the hosts that `wx.request` may reach. */
export function socketApis(host: WxHost) {
  const tasks = new Set<SocketTask>()
  /** The older calls on `wx` itself speak of the newest connection. */
  let newest: SocketTask | undefined
  const shared: Partial<Record<Event, Listener>> = {}
  host.atEnd(() => tasks.forEach((task) => task.shut()))

  class SocketTask {
    readyState = CONNECTING
    private readonly listeners = new Map<Event, Set<Listener>>()
    private socket: AppSocket | undefined

    dial(options: Options, settle: (outcome: Outcome) => void): void {
      const protocols = Array.isArray(options.protocols) ? options.protocols.map(String) : []
      const header = Object.fromEntries(
        Object.entries((options.header ?? {}) as Options).map(([name, value]) => [name, String(value)]),
      )
      this.socket = host.link.openSocket({ url: textOption(options, 'url'), protocols, header }, (frame) =>
        this.hear(frame, settle),
      )
    }

    say(data: unknown): Outcome {
      if (this.readyState !== OPEN) return fail('SocketTask.readyState is not OPEN')
      if (typeof data !== 'string' && !isBytes(data)) return fail('data should be String/ArrayBuffer')
      this.socket?.send(data)
      return ok()
    }

    hangUp(options: Options): Outcome {
      if (this.readyState === CLOSED) return fail('SocketTask.readyState is CLOSED')
      this.readyState = CLOSING
      this.socket?.close(Number(options.code ?? NORMAL), textOption(options, 'reason'))
      return ok()
    }

    shut(): void {
      if (this.readyState === OPEN) this.socket?.close()
      this.readyState = CLOSED
    }

    listen(event: Event, listener: Listener): void {
      const known = this.listeners.get(event) ?? new Set()
      this.listeners.set(event, known.add(listener))
    }

    unlisten(event: Event, listener?: Listener): void {
      if (listener) this.listeners.get(event)?.delete(listener)
      else this.listeners.delete(event)
    }

    private hear(frame: HeardFrame, settle: (outcome: Outcome) => void): void {
      if (!host.alive()) return
      switch (frame.kind) {
        case 'accepted':
          return settle(ok())
        case 'refused':
          this.readyState = CLOSED
          tasks.delete(this)
          return settle(failed(frame.failure))
        case 'open':
          this.readyState = OPEN
          return this.tell('Open', { header: {} })
        case 'message':
        case 'bytes':
          return this.tell('Message', { data: frame.data })
        case 'error':
          return this.tell('Error', { errMsg: frame.errMsg })
        case 'close':
          this.readyState = CLOSED
          tasks.delete(this)
          return this.tell('Close', { code: frame.code, reason: frame.reason })
      }
    }

    /** What comes over a socket has no tap state. */
    private tell(event: Event, detail: object): void {
      const own = [...(this.listeners.get(event) ?? [])]
      const older = this === newest ? shared[event] : undefined
      for (const listener of older ? [...own, older] : own)
        host.tap.withoutPress(() => {
          try {
            listener(detail)
          } catch (thrown) {
            host.inspection.error(`SocketTask.on${event}`, thrown)
          }
        })
    }
  }

  const outside = (task: SocketTask) => {
    const later = (name: string, perform: (options: Options) => Outcome) =>
      asyncApi(host, { name, tap: 'none', perform })
    return {
      send: later('sendSocketMessage', ({ data }) => task.say(data)),
      close: later('closeSocket', (options) => task.hangUp(options)),
      ...Object.fromEntries(
        events.flatMap((event) => [
          [`on${event}`, (listener: Listener) => task.listen(event, listener)],
          [`off${event}`, (listener?: Listener) => task.unlisten(event, listener)],
        ]),
      ),
      get readyState() {
        return task.readyState
      },
      ...{ CONNECTING, OPEN, CLOSING, CLOSED },
    }
  }

  function connectSocket(given?: unknown) {
    const options = (given ?? {}) as Options
    const settle = beginCall(host, 'connectSocket', 'none', options)
    const task = new SocketTask()
    if (tasks.size >= MOST_OPEN) {
      settle(fail('network exceed max task count', { errno: 600007 }))
    } else {
      tasks.add(task)
      newest = task
      task.dial(options, settle)
    }
    return outside(task)
  }

  const ofNewest = (name: string, perform: (task: SocketTask, options: Options) => Outcome) =>
    asyncApi(host, {
      name,
      tap: 'none',
      perform: (options) => (newest ? perform(newest, options) : fail('WebSocket is not connected')),
    })
  return {
    connectSocket,
    sendSocketMessage: ofNewest('sendSocketMessage', (task, { data }) => task.say(data)),
    closeSocket: ofNewest('closeSocket', (task, options) => task.hangUp(options)),
    ...Object.fromEntries(
      events.map((event) => [`onSocket${event}`, (listener: Listener) => void (shared[event] = listener)]),
    ),
  }
}

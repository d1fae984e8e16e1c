import type {
  RequestAnswer,
  RequestBody,
  SubscribeCloseAnswer,
  SubscribeOpenAnswer,
  SubscribeSettings,
  PhoneState,
} from '../../protocol.ts'
import { demoRelease } from '../../release.ts'
import { initialState } from '../device.ts'
import type { HeardFrame, SocketWish } from '../app-socket.ts'
import type { PhoneLink } from '../phone-link.ts'

/** A WeChat behind the phone whose answers a test sets one by one. */
export class FakeLink implements PhoneLink {
  requests: Omit<RequestBody, 'openid'>[] = []
  opened: unknown[] = []
  closed: unknown[] = []
  settings: SubscribeSettings = { mainSwitch: true, items: [] }
  onRequest: (body: Omit<RequestBody, 'openid'>) => Promise<RequestAnswer> = async () => ({
    kind: 'response',
    statusCode: 200,
    header: {},
    data: '{}',
  })
  onOpen: () => SubscribeOpenAnswer = () => ({
    kind: 'panel',
    rows: [{ templateId: 'T1', title: '新线索提醒', example: '线索名称:恒泰建材' }],
    settled: {},
  })
  onClose: () => SubscribeCloseAnswer = () => ({ kind: 'ok', results: { T1: 'accept' } })
  /** What the phone's owner turned. */
  stateWrites: Partial<PhoneState>[] = []
  /** Whether the session of the last login holds; nobody logged in yet. */
  sessionValid = false
  private codes = 0

  constructor(readonly openid = 'oTestPhone') {}

  /** Undefined: the account has no number. */
  phoneCode: string | undefined
  phoneNumberCode = async () => this.phoneCode

  login = async () => {
    this.sessionValid = true
    return { code: `code-${++this.codes}` }
  }
  checkSession = async () => ({ valid: this.sessionValid })
  openSubscribe = async (tmplIds: readonly string[]) => {
    this.opened.push(tmplIds)
    return this.onOpen()
  }
  closeSubscribe = async (body: unknown) => {
    this.closed.push(body)
    return this.onClose()
  }
  readSettings = async () => structuredClone(this.settings)
  writeSettings = async (change: { mainSwitch?: boolean; items?: Record<string, 'accept' | 'reject'> }) => {
    this.settings = {
      mainSwitch: change.mainSwitch ?? this.settings.mainSwitch,
      items: this.settings.items.map((item) => ({
        ...item,
        value: change.items?.[item.templateId] ?? item.value,
      })),
    }
    return this.readSettings()
  }
  request = async (body: Omit<RequestBody, 'openid'>) => {
    this.requests.push(body)
    return this.onRequest(body)
  }
  messages = async () => []
  markRead = async () => undefined
  /** Templates that were refused on a card. */
  refused: string[] = []
  refuse = async (templateId: string) => void this.refused.push(templateId)
  state = async () => initialState(this.openid)
  changeState = async (change: Partial<PhoneState>) => {
    this.stateWrites.push(change)
    return { ...initialState(this.openid), ...change }
  }
  /** Connections of app code; a test lets their frames come. */
  sockets: { wanted: SocketWish; hear(frame: HeardFrame): void; said: unknown[] }[] = []
  openSocket = (wanted: SocketWish, hear: (frame: HeardFrame) => void) => {
    const said: unknown[] = []
    this.sockets.push({ wanted, hear, said })
    return {
      send: (data: string | ArrayBuffer) => void said.push(data),
      close: (code?: number, reason?: string) => void said.push({ code, reason }),
    }
  }
  release = async () => demoRelease
  listen = () => () => undefined
}

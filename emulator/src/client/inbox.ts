import type { ServiceMessage } from '../protocol.ts'
import type { Device } from './device.ts'
import type { PhoneLink } from './phone-link.ts'
import type { Shell } from './shell/shell.ts'

/** 服务通知 on one phone: what has arrived, what was read, and whether a banner drops. */
export class Inbox {
  private messages: readonly ServiceMessage[] = []

  constructor(
    private readonly shell: Shell,
    private readonly device: Device,
    private readonly link: PhoneLink,
  ) {}

  fill(past: readonly ServiceMessage[]): void {
    this.messages = past
    this.shell.updateMessages(past)
  }

  /** It lands in 服务通知 in any case; the banner is the phone's to allow (wechat-platform.md §2.4). */
  receive(message: ServiceMessage): void {
    this.fill([...this.messages.filter(({ id }) => id !== message.id), message])
    if (this.shell.screen === 'service') this.readAll()
    else if (this.device.state.notifications === 'authorized') this.shell.dropBanner(message)
  }

  readAll(): void {
    this.messages.filter((message) => !message.read).forEach(({ id }) => this.read(id))
  }

  read(id: string): void {
    this.fill(this.messages.map((message) => (message.id === id ? { ...message, read: true } : message)))
    void this.link.markRead(id)
  }
}

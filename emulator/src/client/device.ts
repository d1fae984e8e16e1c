import { newPhone, type NetworkType } from '../phone-settings.ts'
import type { PhoneState } from '../protocol.ts'

type Listener = (now: PhoneState, before: PhoneState) => void

/** Sizes of the drawn phone in px: an iPhone 8's, which WeChat's design width of 750rpx stands for. */
export const metrics = {
  screenWidth: 375,
  screenHeight: 667,
  statusBarHeight: 20,
  navigationBarHeight: 44,
  tabBarHeight: 48,
  capsule: { width: 87, height: 32, left: 278, top: 26, right: 365, bottom: 58 },
} as const

/** The phone's own state, which the desk may turn while it runs. */
export class Device {
  /** Shared by every mini-program on the phone, so it outlives a launch. */
  clipboard = ''
  /** When APIs with a limit were called, in milliseconds since 1970, by name: the limit is the user's (H29). */
  readonly recentCalls = new Map<string, readonly number[]>()
  private listeners = new Set<Listener>()

  constructor(private current: PhoneState) {}

  get state(): PhoneState {
    return this.current
  }

  get network(): NetworkType {
    return this.current.network
  }

  update(next: PhoneState): void {
    const before = this.current
    this.current = next
    for (const listener of this.listeners) listener(next, before)
  }

  /** Returns what ends the listening. */
  onChange(listener: Listener): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }
}

export function initialState(openid: string): PhoneState {
  return { ...newPhone, openid, nickname: '演示手机' }
}

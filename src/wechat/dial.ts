import { currentHost, settleOnce } from './host.ts'

/** Opens the phone's dial sheet. Thinking better of it is no error. */
export function dial(phoneNumber: string, host = currentHost()): void {
  settleOnce(
    () => undefined,
    undefined,
    (settle) =>
      host.makePhoneCall({ phoneNumber, success: () => settle(undefined), fail: () => settle(undefined) }),
  )
}

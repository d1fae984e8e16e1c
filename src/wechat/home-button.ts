import { currentHost } from './host.ts'

/** Takes WeChat's way to the first page from the bar of the shown page. Old clients keep it. */
export function hideHomeButton(host = currentHost()): void {
  host.hideHomeButton?.({ success: () => undefined, fail: () => undefined })
}

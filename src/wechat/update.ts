import { currentHost } from './host.ts'

/**
 * WeChat loads a new version while the old one runs; `onReady` gets the call that restarts into it. Without
 * that call the new version waits for the next cold start.
 */
export function watchUpdates(onReady: (restart: () => void) => void, host = currentHost()): void {
  const manager = host.getUpdateManager?.()
  manager?.onUpdateReady(() => onReady(() => manager.applyUpdate()))
}

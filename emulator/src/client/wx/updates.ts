import type { UpdatePhase } from '../app-updates.ts'
import type { WxHost } from './host.ts'

type Listener = (detail?: object) => void

/**
 * `wx.getUpdateManager`: one manager a launch. A listener that comes late hears what it missed, as WeChat's own
 * manager tells a new listener how things stand.
 */
export function updateApis(host: WxHost) {
  const { updates, timers } = host
  const listeners = { check: new Set<Listener>(), ready: new Set<Listener>(), failed: new Set<Listener>() }
  const tell = (listener: Listener, detail?: object) =>
    void timers.setTimeout(() => (detail ? listener(detail) : listener()), 0)

  const onPhase = (phase: UpdatePhase): void => {
    switch (phase) {
      case 'newest':
        return
      case 'downloading':
        return listeners.check.forEach((listener) => tell(listener, { hasUpdate: true }))
      case 'ready':
        return listeners.ready.forEach((listener) => tell(listener))
      case 'failed':
        return listeners.failed.forEach((listener) => tell(listener))
    }
  }
  host.atEnd(updates.watch(onPhase))

  const manager = {
    onCheckForUpdate: (listener: Listener) => {
      listeners.check.add(listener)
      tell(listener, { hasUpdate: updates.phase !== 'newest' })
    },
    onUpdateReady: (listener: Listener) => {
      listeners.ready.add(listener)
      if (updates.phase === 'ready') tell(listener)
    },
    onUpdateFailed: (listener: Listener) => {
      listeners.failed.add(listener)
      if (updates.phase === 'failed') tell(listener)
    },
    applyUpdate: () => {
      host.inspection.call('UpdateManager.applyUpdate', undefined, host.tap.held)
      if (updates.phase !== 'ready') throw new Error('applyUpdate: update is not ready')
      // the caller still runs; its mini-program ends in a task of its own
      timers.setTimeout(() => host.shell.restart(), 0)
    },
  }
  return { getUpdateManager: () => manager }
}

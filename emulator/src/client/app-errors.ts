import * as glassEasel from 'glass-easel'
import type { AppInstance, AppLifecycle } from './app-lifecycle.ts'
import type { Inspection } from './inspection.ts'

/** App code's console: errors are collected, for uni-app's Vue reports failed async handlers only there. */
export function appConsole(inspection: Inspection): object {
  const error = (...args: unknown[]) => {
    const thrown = args.find((arg) => arg instanceof Error)
    inspection.note('console.error', thrown ?? args.map(String).join(' '))
  }

  return Object.assign(Object.create(console) as object, { error })
}

/** Errors of the framework and of forgotten promises; every collected error reaches the app's `onError`. */
export function collectErrors(inspection: Inspection, lifecycle: AppLifecycle): () => void {
  const framework = (error: unknown) => {
    inspection.error('framework', error)
    return false
  }
  const warning = (message: string) => {
    inspection.remark(message)
    return false
  }
  glassEasel.addGlobalErrorListener(framework)
  glassEasel.addGlobalWarningListener(warning)
  const rejected = (event: PromiseRejectionEvent) => {
    inspection.note('unhandledrejection', event.reason)
    lifecycle.fire('unhandledRejection', { reason: event.reason as unknown, promise: event.promise })
  }
  const thrown = (event: ErrorEvent) => {
    if (event.error) inspection.error('window.onerror', event.error)
  }
  window.addEventListener('unhandledrejection', rejected)
  window.addEventListener('error', thrown)
  const stop = inspection.onError((error) => lifecycle.fire('error', error.stack ?? error.message))
  return () => {
    glassEasel.removeGlobalErrorListener(framework)
    glassEasel.removeGlobalWarningListener(warning)
    window.removeEventListener('unhandledrejection', rejected)
    window.removeEventListener('error', thrown)
    stop()
  }
}

interface VueApp {
  $vm?: { $?: { appContext?: { config?: { errorHandler?: ErrorHandler } } } }
}
type ErrorHandler = (this: unknown, error: unknown, ...rest: unknown[]) => unknown

/** uni-app sends a throwing handler to the app's errorHandler, which only calls App.onError: else it is silent. */
export function catchVueErrors(instance: AppInstance | undefined, inspection: Inspection): void {
  const config = (instance as VueApp | undefined)?.$vm?.$?.appContext?.config
  if (!config) return
  const original = config.errorHandler
  config.errorHandler = function (error, ...rest) {
    // uni-app's own handler goes on to App.onError
    inspection.note('vue', error)
    return original?.call(this, error, ...rest)
  }
}

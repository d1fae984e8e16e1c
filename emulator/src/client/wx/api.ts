import type { HostFailure } from '../../protocol.ts'
import { Refused } from '../phone-link.ts'
import type { WxHost } from './host.ts'

/** The three callbacks every asynchronous `wx` API takes. */
export interface Callbacks {
  success?: unknown
  fail?: unknown
  complete?: unknown
}

/** What a `wx` API came to. `errMsg` is completed to `NAME:ok` or `NAME:fail …`. */
export type Outcome<T extends object = object> =
  | { kind: 'ok'; result?: T; pressed?: boolean }
  | { kind: 'fail'; reason: string; errCode?: number; errno?: number }

export const ok = <T extends object>(result?: T): Outcome<T> => ({
  kind: 'ok',
  ...(result ? { result } : {}),
})
export const fail = (reason: string, code: { errCode?: number; errno?: number } = {}): Outcome<never> => ({
  kind: 'fail',
  reason,
  ...code,
})
/** The phone's private channel words its failures whole: `requestSubscribeMessage:fail …`. */
export const failed = ({ errMsg, ...code }: HostFailure): Outcome<never> =>
  fail(errMsg.replace(/^\w+:fail:? ?/, ''), code)

export const NO_TAP = 'can only be invoked by user TAP gesture.'

/**
 * How an API treats the tap state: `needs` fails without it and spends it (H2, H7), `passes` hands it to
 * its callbacks (H6), `none` has none in them (H8) unless the outcome itself was a press (H5).
 */
export type TapRule = 'needs' | 'passes' | 'none'

export interface ApiDefinition {
  name: string
  tap: TapRule
  /** Runs in the caller's own task. A thrown error becomes a fail with its message. */
  perform(options: Record<string, unknown>): Outcome | Promise<Outcome>
}

const isFunction = (value: unknown): value is (detail: object) => void => typeof value === 'function'

/**
 * One asynchronous API as app code calls it (H23): callbacks come later, success or fail first and then
 * complete; with any of them it returns undefined, with none a Promise that rejects with the plain object.
 */
export function asyncApi(host: WxHost, { name, tap, perform }: ApiDefinition) {
  return (given?: unknown): Promise<object> | undefined => {
    const options = (typeof given === 'object' && given !== null ? given : {}) as Record<string, unknown>
    const settle = beginCall(host, name, tap, options)
    const { success, fail: onFail, complete } = options as Callbacks
    const hasCallbacks = isFunction(success) || isFunction(onFail) || isFunction(complete)
    const start = (deliver: (outcome: Outcome) => void): void => {
      if (tap === 'needs' && !host.tap.held) return deliver(fail(NO_TAP))
      if (tap === 'needs') host.tap.spend()
      attempt(() => perform(options), deliver)
    }
    if (hasCallbacks) {
      start((outcome) => settle(outcome))
      return undefined
    }
    return new Promise((resolve, reject) => start((outcome) => settle(outcome, { resolve, reject })))
  }
}

/** Runs `perform`, wherever it throws, and gives its outcome once. */
export function attempt(
  perform: () => Outcome | Promise<Outcome>,
  deliver: (outcome: Outcome) => void,
): void {
  const refused = (thrown: unknown) =>
    deliver(
      thrown instanceof Refused
        ? failed(thrown.failure)
        : fail(thrown instanceof Error ? thrown.message : String(thrown)),
    )
  try {
    const outcome = perform()
    if (outcome instanceof Promise) outcome.then(deliver, refused)
    else deliver(outcome)
  } catch (thrown) {
    refused(thrown)
  }
}

/** Records a call and captures what its callbacks may know; the returned function runs them, in a new task. */
export function beginCall(host: WxHost, name: string, tap: TapRule, options: Record<string, unknown>) {
  const booked = host.inspection.call(name, options, host.tap.held)
  const inherits = tap === 'passes' && host.tap.passesOn
  return (
    outcome: Outcome,
    promise?: { resolve: (result: object) => void; reject: (failure: object) => void },
  ): void => {
    const run = () => {
      if (!host.alive()) return
      const detail = detailOf(name, outcome)
      booked(detail)
      const { success, fail: onFail, complete } = options as Callbacks
      const first = outcome.kind === 'ok' ? success : onFail
      const call = (where: string, callback: unknown) => {
        if (!isFunction(callback)) return
        try {
          callback(detail)
        } catch (thrown) {
          host.inspection.error(`${name} ${where}`, thrown)
        }
      }
      const deliverFirst = () => {
        call(outcome.kind === 'ok' ? 'success' : 'fail', first)
        if (outcome.kind === 'ok') promise?.resolve(detail)
        else promise?.reject(detail)
      }
      const deliverBoth = () => {
        deliverFirst()
        call('complete', complete)
      }
      const pressed = outcome.kind === 'ok' && outcome.pressed === true
      if (inherits || (pressed && host.profile.completeAfterPress === 'held'))
        return host.tap.press(deliverBoth)
      if (!pressed) return host.tap.withoutPress(deliverBoth)
      // only success has the state of a modal's button, and where microtasks keep it the task is success's
      host.tap.press(deliverFirst)
      setTimeout(() => host.alive() && host.tap.withoutPress(() => call('complete', complete)), 0)
    }
    setTimeout(run, 0)
  }
}

function detailOf(name: string, outcome: Outcome): object {
  if (outcome.kind === 'ok') return { errMsg: `${name}:ok`, ...outcome.result }
  const { reason, errCode, errno } = outcome
  return {
    errMsg: `${name}:fail${reason ? ` ${reason}` : ''}`,
    ...(errCode === undefined ? {} : { errCode }),
    ...(errno === undefined ? {} : { errno }),
  }
}

/** A synchronous API: recorded, no tap state to pass. */
export function syncApi<A extends unknown[], R>(host: WxHost, name: string, perform: (...args: A) => R) {
  return (...args: A): R => {
    host.inspection.call(name, args.length > 1 ? args : args[0], host.tap.held)
    return perform(...args)
  }
}

/** An option as text; app code may leave it out or give anything. */
export const textOption = (options: Record<string, unknown>, name: string, fallback = ''): string => {
  const value = options[name]
  return value === undefined || value === null ? fallback : String(value)
}

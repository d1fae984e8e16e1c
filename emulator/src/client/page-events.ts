import type * as glassEasel from 'glass-easel'
import { builtinOf } from './builtins/define.ts'
import type { GestureFields, WxTouch } from './gestures.ts'
import type { Inspection } from './inspection.ts'
import { domOf } from './queries/nodes.ts'
import type { TapState } from './tap-state.ts'
import { wxsInstance } from './wxs-instances.ts'

type Node = glassEasel.GeneralComponent | glassEasel.Element

const nodeOf = (target: unknown): Node | null => {
  const caller = target as { _$?: Node } | Node | null
  return (caller && '_$' in caller && caller._$ ? caller._$ : caller) as Node | null
}

const describeNode = (target: unknown) => {
  const node = nodeOf(target) as glassEasel.Element | null
  const dom = node ? domOf(node) : undefined
  const { offsetLeft = 0, offsetTop = 0 } = dom instanceof HTMLElement ? dom : {}
  return { id: node?.id ?? '', dataset: { ...node?.dataset }, offsetLeft, offsetTop }
}

type AppListener = (event: unknown, instance?: unknown) => unknown

/** Where a listener written as `{{…}}` comes from: 1 and 2 are WXS modules, see the framework's lvalue paths. */
const isWxs = (path: unknown) => Array.isArray(path) && (path[0] === 1 || path[0] === 2)

/**
 * Delivers an event to app code as WeChat does: a plain object, and with the tap state when it is a tap of the
 * user's or a form's submit (H1, H9). Other events of the screen begin without it; one that app code triggered is a
 * part of what triggered it. An error of the listener is collected and goes no further.
 */
export function eventDeliverer(tap: TapState, inspection: Inspection, submitCounts: boolean) {
  return (
    caller: unknown,
    event: glassEasel.ShadowedEvent<unknown>,
    listener: AppListener,
    origin?: unknown,
  ): unknown => {
    const fields = event.extraFields as Partial<GestureFields> | undefined
    if (fields) fields.heard = true
    const copies = (touches: readonly WxTouch[] | undefined) => (touches ?? []).map((touch) => ({ ...touch }))
    const plain = {
      type: event.type,
      timeStamp: event.timeStamp,
      detail: event.detail,
      target: describeNode(event.target),
      currentTarget: describeNode(event.currentTarget),
      mark: event.mark ?? {},
      touches: copies(fields?.touches),
      changedTouches: copies(fields?.changedTouches),
    }
    const run = () => {
      if (!isWxs(origin)) return listener.call(caller, plain)
      const owner = nodeOf(caller) as glassEasel.Element
      const instance = wxsInstance(nodeOf(event.currentTarget) as glassEasel.Element)
      return listener.call(caller, { ...plain, instance }, wxsInstance(owner))
    }
    const deliver = () => {
      try {
        return run()
      } catch (thrown) {
        inspection.error(`event ${event.type}`, thrown)
        return undefined
      }
    }
    const isGesture = event.getOriginalEvent() !== undefined
    const isBuiltin = builtinOf(nodeOf(event.target)) !== undefined
    if (isGesture && event.type === 'tap') return tap.press(deliver)
    if (isBuiltin && event.type === 'submit' && submitCounts) return tap.press(deliver)
    return isGesture || isBuiltin ? tap.withoutPress(deliver) : deliver()
  }
}

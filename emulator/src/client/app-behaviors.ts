import type * as glassEasel from 'glass-easel'
import type { CodeSpace } from 'glass-easel-miniprogram-adapter'
import { formBehaviors, takeFormRole } from './builtins/forms.ts'

/** A definition as app code passes it to `Page`, `Component` or `Behavior`. */
export interface WithBehaviors {
  behaviors?: unknown[]
  export?: unknown
}

const EXPORT = 'wx://component-export'

/**
 * Puts WeChat's own behaviours, which app code names as `wx://…`, in place of their names, and has `export` count
 * only where `wx://component-export` is among them.
 */
export function builtinBehaviors(
  space: CodeSpace,
  unknown: (name: string) => void,
): <T extends WithBehaviors>(definition: T) => T {
  const made = new Map<string, unknown>()
  const make = (name: string): unknown => {
    const role = formBehaviors[name]
    const definition = {
      ...(role === 'field' ? { properties: { name: String, value: null } } : {}),
      ...(role
        ? {
            lifetimes: {
              created(this: { _$: glassEasel.GeneralComponent }) {
                takeFormRole(this._$, role)
              },
            },
          }
        : {}),
    }
    return space
      .behavior()
      .definition(definition as never)
      .register()
  }
  const behaviorOf = (name: string) => {
    if (!made.has(name)) made.set(name, make(name))
    return made.get(name)
  }
  return (definition) => {
    const { behaviors, export: exported, ...rest } = definition
    if (!Array.isArray(behaviors)) return exported === undefined ? definition : (rest as typeof definition)
    const own = behaviors.flatMap((behavior) => {
      if (typeof behavior !== 'string') return [behavior]
      if (behavior in formBehaviors || behavior === EXPORT) return [behaviorOf(behavior)]
      unknown(behavior)
      return []
    })
    const exports = behaviors.includes(EXPORT) && exported !== undefined ? { export: exported } : {}
    return { ...rest, ...exports, behaviors: own } as typeof definition
  }
}

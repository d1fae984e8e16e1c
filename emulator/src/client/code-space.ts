import type * as glassEasel from 'glass-easel'
import type { CodeSpace, ComponentEnv } from 'glass-easel-miniprogram-adapter'
import type { ComponentConfig, MiniProgramPackage } from '../protocol.ts'
import type { Backend } from './backend.ts'
import { defineBuiltins } from './builtins/index.ts'
import type { BuiltinHost } from './builtins/define.ts'
import type { Inspection } from './inspection.ts'
import { eventDeliverer } from './page-events.ts'
import type { ComponentQueries } from './queries/component-queries.ts'
import type { ComponentCaller } from './queries/nodes.ts'
import type { TapState } from './tap-state.ts'

/** A definition as app code passes it to `Page` or `Component`. */
export interface AppDefinition {
  options?: { styleIsolation?: string; addGlobalClass?: boolean }
  behaviors?: unknown[]
}

export interface AppSpace {
  space: CodeSpace
  /** Runs a page's or component's .js; what it passes to the constructors is registered under `path`. */
  define(path: string, run: () => void): void
  Page(definition: AppDefinition): unknown
  Component(definition: AppDefinition): unknown
  Behavior(definition: object): unknown
  /** Runs the `ready` lifetimes that wait, children before parents: the framework leaves them to its host. */
  flushReady(): void
}

type TemplateGenerator = (name: string) => unknown

let spaces = 0

/** The package's components and the built-in ones, registered in a space of their own for one launch. */
export function createAppSpace(
  program: MiniProgramPackage,
  backend: Backend,
  host: BuiltinHost,
  { tap, inspection, queries }: { tap: TapState; inspection: Inspection; queries: ComponentQueries },
): AppSpace {
  spaces += 1
  const space = backend.env.createCodeSpace(`app-${spaces}`, true)
  const components = space.getComponentSpace()
  // uni-app puts its handlers on the instance, as e0_tap
  components.updateComponentOptions({ useMethodCallerListeners: true })
  const templates = program.templates as Record<string, TemplateGenerator>
  defineBuiltins(components, templates, host)

  const waiting = readyQueue()
  space.setOverallBehavior(
    components
      .define()
      .lifetime('created', function (this: unknown) {
        countSetData(this as Caller, inspection)
        queries.enter(this as ComponentCaller)
      })
      .lifetime('attached', function (this: unknown) {
        waiting.add((this as Caller)._$)
      })
      .lifetime('detached', function (this: unknown) {
        queries.leave(this as ComponentCaller)
      })
      .registerBehavior() as unknown as glassEasel.GeneralBehavior,
  )

  const deliver = eventDeliverer(tap, inspection)
  for (const path of program.order) {
    const content = templates[path]
    if (content) space.addCompiledTemplate(path, listenThrough(templates, content, deliver))
  }
  if (program.styles.app !== undefined) {
    backend.associated.registerStyleSheetContent('app.css', program.styles.app)
    space.addStyleSheet('app', 'app.css')
  }
  for (const config of Object.values(program.configs))
    for (const tag of Object.keys(config.usingComponents)) backend.context.customTags.add(tag)

  let current: { path: string; env: ComponentEnv; registered: boolean } | undefined
  const define = (kind: 'Page' | 'Component', definition: AppDefinition): unknown => {
    if (!current) throw new Error(`${kind}() was called outside a page's or component's own file`)
    current.registered = true
    configureStyles(program, backend, space, current.path, definition)
    const constructors = current.env as unknown as Record<typeof kind, (d: object) => unknown>
    return constructors[kind](withoutHostBehaviors(definition))
  }
  return {
    space,
    define: (path, run) =>
      space.componentEnv(path, (env) => {
        const place = { path, env, registered: false }
        current = place
        try {
          run()
          if (place.registered) return
          // its script failed, or forgot: the page comes up without code, and that is said
          inspection.note(
            'load',
            new Error(`${path} has not been registered: its script called neither Page nor Component`),
          )
          define('Component', {})
        } finally {
          current = undefined
        }
      }),
    Page: (definition) => define('Page', definition),
    Component: (definition) => define('Component', definition),
    Behavior: (definition) => space.behavior().definition(definition).register(),
    flushReady: waiting.flush,
  }
}

interface Caller {
  _$: glassEasel.GeneralComponent
  setData?: (data: unknown, callback?: () => void) => void
}

function countSetData(caller: Caller, inspection: Inspection): void {
  const { setData } = caller
  if (!setData) return
  caller.setData = function (this: Caller, data, callback) {
    inspection.setData.count(pageOf(this._$), data)
    return setData.call(this, data, callback)
  }
}

/** The path of the page that a component is on. */
function pageOf(component: glassEasel.GeneralComponent): string {
  let node = component
  while (node.ownerShadowRoot) node = node.ownerShadowRoot.getHostNode()
  return node.is
}

function readyQueue() {
  let queue: glassEasel.GeneralComponent[] = []
  let scheduled = false
  const flush = () => {
    const due = queue.reverse()
    queue = []
    for (const component of due) component.triggerLifetime('ready', [])
  }
  return {
    flush,
    add(component: glassEasel.GeneralComponent) {
      queue.push(component)
      if (scheduled) return
      scheduled = true
      setTimeout(() => {
        scheduled = false
        flush()
      }, 0)
    },
  }
}

/** Every listener of the template is called through `deliver`. */
function listenThrough(
  groupList: Record<string, TemplateGenerator>,
  content: TemplateGenerator,
  deliver: ReturnType<typeof eventDeliverer>,
): glassEasel.template.ComponentTemplate {
  const wrapped = (name: string) => {
    const generate = content(name) as ((...args: unknown[]) => unknown) | undefined
    if (!generate) return generate
    return (runtime: { setEventListenerWrapper(wrapper: unknown): void }, ...rest: unknown[]) => {
      runtime.setEventListenerWrapper(deliver)
      return generate(runtime, ...rest)
    }
  }
  // the compiler's output carries flags as properties of the function
  const template = { groupList, content: Object.assign(wrapped, content) }
  return template as unknown as glassEasel.template.ComponentTemplate
}

/** `wx://form-field` and the like: behaviours of the real base library that the framework cannot know. */
function withoutHostBehaviors(definition: AppDefinition): AppDefinition {
  if (!Array.isArray(definition.behaviors)) return definition
  return { ...definition, behaviors: definition.behaviors.filter((b) => typeof b !== 'string') }
}

/** styleIsolation: the JSON first, then the options in the JS, which the adapter does not read itself. */
function configureStyles(
  program: MiniProgramPackage,
  backend: Backend,
  space: CodeSpace,
  path: string,
  { options }: AppDefinition,
): void {
  const config = program.configs[path] as ComponentConfig & { styleIsolation?: string }
  const shared = { usingComponents: config.usingComponents, ...pick(config, 'componentGenerics') }
  const sheet = (text: string | undefined, scope?: string) => {
    if (text !== undefined) backend.associated.registerStyleSheetContent(`${path}.css`, text)
    space.addStyleSheet(path, text === undefined ? undefined : `${path}.css`, scope)
  }
  if (config.isPage) {
    space.addComponentStaticConfig(path, shared)
    return sheet(program.styles[path])
  }
  const isolation =
    config.styleIsolation ??
    options?.styleIsolation ??
    (options?.addGlobalClass ? 'apply-shared' : 'isolated')
  type StaticConfig = Parameters<CodeSpace['addComponentStaticConfig']>[1]
  space.addComponentStaticConfig(path, {
    ...shared,
    component: true,
    styleIsolation: isolation as NonNullable<StaticConfig['styleIsolation']>,
  })
  const isShared = isolation === 'shared' || isolation === 'page-shared'
  sheet((isShared ? program.styles : program.scopedStyles)[path], isShared ? undefined : program.scopes[path])
}

function pick(config: ComponentConfig, name: string): object {
  return config[name] === undefined ? {} : { [name]: config[name] }
}

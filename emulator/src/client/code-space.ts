import type * as glassEasel from 'glass-easel'
import type { CodeSpace, ComponentEnv } from 'glass-easel-miniprogram-adapter'
import type { ClientProfile } from '../profiles.ts'
import type { ComponentConfig, MiniProgramPackage } from '../protocol.ts'
import { builtinBehaviors, type WithBehaviors } from './app-behaviors.ts'
import type { Backend } from './backend.ts'
import { defineBuiltins } from './builtins/index.ts'
import type { BuiltinHost } from './builtins/define.ts'
import { giveAnimations } from './component-animations.ts'
import { giveRouters } from './component-routers.ts'
import { giveTabBar } from './custom-tab-bar.ts'
import type { Inspection } from './inspection.ts'
import { eventDeliverer } from './page-events.ts'
import type { ComponentQueries } from './queries/component-queries.ts'
import type { ComponentCaller } from './queries/nodes.ts'
import { screen } from './screen.ts'
import { sendable, SET_DATA_LIMIT } from './set-data.ts'
import type { TapState } from './tap-state.ts'
import { wxsInstance } from './wxs-instances.ts'

/** A definition as app code passes it to `Page` or `Component`. */
export interface AppDefinition extends WithBehaviors {
  options?: { styleIsolation?: string; addGlobalClass?: boolean }
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
  {
    tap,
    profile,
    inspection,
    queries,
  }: { tap: TapState; profile: ClientProfile; inspection: Inspection; queries: ComponentQueries },
): AppSpace {
  spaces += 1
  const space = backend.env.createCodeSpace(`app-${spaces}`, true)
  const components = space.getComponentSpace()
  // uni-app puts its handlers on the instance, as e0_tap; a property may be named as the framework names something
  components.updateComponentOptions({ useMethodCallerListeners: true, writeFieldsToNode: false })
  const templates = program.templates as Record<string, TemplateGenerator>
  defineBuiltins(components, templates, host)

  const withBehaviors = builtinBehaviors(space, (name) => host.missing(`the behavior ${name}`))
  const defer = setDataDeferrer(inspection, queries.deliver)
  const waiting = readyQueue()
  space.setOverallBehavior(
    components
      .define()
      .lifetime('created', function (this: unknown) {
        defer(this as Caller)
        giveAnimations(this as ComponentCaller, queries.deliver, (what) => host.missing(what))
        giveTabBar(this as Caller)
        giveRouters(this as ComponentCaller, (name, options) => host.callApi(name, options))
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

  const deliver = eventDeliverer(tap, inspection, profile.formSubmit)
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
    return constructors[kind](withBehaviors(definition))
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
    Behavior: (definition) =>
      space
        .behavior()
        .definition(withBehaviors(definition) as object)
        .register(),
    flushReady: waiting.flush,
  }
}

interface Caller {
  _$: glassEasel.GeneralComponent
  setData?: (data: unknown, callback?: () => void) => void
  applyDataUpdates?: () => void
  groupUpdates?: (run: () => unknown) => unknown
  setUpdatePerformanceListener?: (...given: unknown[]) => void
}

/**
 * setData as on a phone: JSON crosses; the data and the component tree change at once, the screen later, and the
 * callback comes when the change is on it.
 */
function setDataDeferrer(inspection: Inspection, deliver: ComponentQueries['deliver']) {
  return (caller: Caller): void => {
    const { setData, applyDataUpdates, groupUpdates } = caller
    if (!setData) return
    caller.setData = function (this: Caller, given, callback) {
      const { data, bytes, remarks } = sendable(given)
      inspection.remark(...remarks)
      const page = pageOf(this._$)
      inspection.setData.count(page, data)
      if (bytes > SET_DATA_LIMIT)
        inspection.note(
          `setData of ${page}`,
          new Error(`invokeWebviewMethod 数据传输长度为 ${bytes} 已经超过最大长度 ${SET_DATA_LIMIT}`),
        )
      screen.change(() => setData.call(this, data))
      if (typeof callback === 'function')
        screen.rendered(() => deliver('setData callback', () => callback.call(this)))
    }
    caller.applyDataUpdates = function (this: Caller) {
      screen.change(() => applyDataUpdates?.call(this))
    }
    caller.groupUpdates = function (this: Caller, run: () => unknown) {
      return screen.change(() => groupUpdates?.call(this, run))
    }
    // nothing is measured here
    caller.setUpdatePerformanceListener = () => undefined
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

/** What a compiled template offers its host. */
interface TemplateRuntime {
  setEventListenerWrapper(wrapper: unknown): void
  setFnFilter(filter: unknown): void
}
type Observer = (now: unknown, before: unknown, owner: unknown, own: unknown) => void

/** `change:prop` gets the screen's side of the owner and of the node (WXS). */
const wxsObserver =
  (observe: Observer) => (now: unknown, before: unknown, host: glassEasel.Element, own: glassEasel.Element) =>
    observe(now, before, wxsInstance(host), wxsInstance(own))

/** Every listener of the template is called through `deliver`. */
function listenThrough(
  groupList: Record<string, TemplateGenerator>,
  content: TemplateGenerator,
  deliver: ReturnType<typeof eventDeliverer>,
): glassEasel.template.ComponentTemplate {
  const wrapped = (name: string) => {
    const generate = content(name) as ((...args: unknown[]) => unknown) | undefined
    if (!generate) return generate
    return (runtime: TemplateRuntime, ...rest: unknown[]) => {
      runtime.setEventListenerWrapper(deliver)
      const generated = generate(runtime, ...rest)
      // the compiler's own filter, which the template has just set, hands the framework's nodes on
      runtime.setFnFilter(wxsObserver)
      return generated
    }
  }
  // the compiler's output carries flags as properties of the function
  const template = { groupList, content: Object.assign(wrapped, content) }
  return template as unknown as glassEasel.template.ComponentTemplate
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

import type * as glassEasel from 'glass-easel'
import type { FakeLink } from '../../emulator/src/client/testing/fake-link.ts'
import { startPhone, tap } from '../../emulator/src/client/testing/launch.ts'
import { AppStorage } from '../../emulator/src/client/wx/storage.ts'
import { compileMiniProgram } from '../../emulator/src/package/compile.ts'
import type { MiniProgramPackage } from '../../emulator/src/protocol.ts'
import type { Host, HostCall } from './host.ts'
import { camelCase, propertiesOf, type Shown } from './shown.ts'
import { answerOf, decide, failureOf, overTheNetwork, type Surroundings } from './surroundings.ts'

const OPENID = 'oSecondOpinion'

const compiled = new Map<string, MiniProgramPackage>()

function packageOf(dist: string): MiniProgramPackage {
  const known = compiled.get(dist)
  if (known) return known
  const { script, problems } = compileMiniProgram(dist)
  const space: { __package?: MiniProgramPackage } = {}
  new Function('globalThis', script)(space)
  if (!space.__package) throw new Error(`the emulator does not take ${dist}: ${JSON.stringify(problems)}`)
  compiled.set(dist, space.__package)
  return space.__package
}

/** The emulator's client in jsdom, with `around` behind it in place of its own cloud. */
export function startEmulatorHost(dist: string, around: Surroundings, url: string): Host {
  const program = packageOf(dist)
  localStorage.clear()
  const storage = new AppStorage(localStorage, OPENID, program.appid)
  for (const [key, value] of Object.entries(around.storage)) storage.set(key, value)
  const phone = startPhone(program, {
    openid: OPENID,
    entry: { url },
    prepare({ link, device }) {
      answerFrom(link, around)
      device.update({ ...device.state, network: around.network, notifications: around.notifications })
    },
  })
  const { inspection, program: running } = phone

  return {
    shown() {
      const page = running.pages.instances.at(-1) as unknown as { _$: glassEasel.GeneralComponent }
      const root = page._$.getShadowRoot()
      return root ? shownOf(root, program) : []
    },
    routes: () => running.pages.routes,
    page: () => running.pages.instances.at(-1) as Record<string, unknown>,
    calls: () => inspection.calls.map(({ name, arg, tap: inTap }): HostCall => ({ name, arg, inTap })),
    errors: () => inspection.errors.map(({ message }) => message),
    tap,
    tell(dom, type, value) {
      const field = dom.querySelector<HTMLInputElement>('input, textarea')
      if (!field) throw new Error(`<${dom.localName}> takes no text`)
      if (type !== 'blur') field.value = value
      if (type === 'input') field.dispatchEvent(new Event('input', { bubbles: true }))
      else if (type === 'confirm')
        field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
      else field.dispatchEvent(new FocusEvent(type, { bubbles: true }))
    },
    press: (part) => phone.press(part),
    network(type) {
      around.network = type
      phone.device.update({ ...phone.device.state, network: type })
    },
    kill: () => running.kill(),
  }
}

function answerFrom(link: FakeLink, around: Surroundings): void {
  link.readSettings = async () => {
    await overTheNetwork()
    const items = Object.entries(around.kept).map(([templateId, value]) => ({ templateId, value, title: '' }))
    return { mainSwitch: around.mainSwitch, items }
  }
  link.login = async () => {
    await overTheNetwork()
    return { code: 'code-1' }
  }
  link.openSubscribe = async (ids) => {
    await overTheNetwork()
    const decision = decide(around, ids)
    if (decision.kind !== 'panel') return decision
    const rows = decision.ids.map((templateId) => ({ templateId, title: '新线索提醒', example: '' }))
    return { kind: 'panel', rows, settled: {} }
  }
  link.closeSubscribe = async (body) => {
    await overTheNetwork()
    const { decisions } = body as { decisions: Record<string, 'accept' | 'reject'> }
    return { kind: 'ok', results: decisions }
  }
  link.onRequest = async ({ url, method, header, data }) => {
    const body = data === undefined ? undefined : (JSON.parse(data) as object)
    const reply = await answerOf(around, { url, method, header, ...(body && { data: body }) })
    if (reply === 'never') return new Promise(() => undefined)
    if (typeof reply === 'string') return { kind: 'fail', failure: failureOf(reply) }
    return { kind: 'response', statusCode: reply.status ?? 200, header: {}, data: JSON.stringify(reply.data) }
  }
}

/** The composed tree below `node`: components opened, slots filled, the insides of built-ins left out. */
function shownOf(node: glassEasel.Element, program: MiniProgramPackage): Shown[] {
  const shown: Shown[] = []
  node.forEachComposedChild((child) => {
    const element = child.asElement()
    const ofBuiltin = child.ownerShadowRoot?.getHostNode().is.startsWith('wx://') ?? false
    if (!element) {
      if (!ofBuiltin) shown.push(child.asTextNode()?.textContent ?? '')
      return
    }
    const inside = shownOf(element, program)
    const dom = element.getBackendElement() as unknown
    if (ofBuiltin || element.isVirtual() || !(dom instanceof Element)) return void shown.push(...inside)
    const component = element.asGeneralComponent()
    const builtin = component?.is.startsWith('wx://') ? component : undefined
    shown.push({
      tag: dom.localName.replace(/^wx-/, ''),
      id: element.id,
      classes: classesOf(dom, Object.values(program.scopes)),
      dataset: { ...element.dataset },
      // what the page wrote; a built-in adds its own to the DOM
      style: element.style,
      properties: builtin
        ? propertiesOf((attribute) => (builtin.data as Record<string, unknown>)[camelCase(attribute)])
        : {},
      children: inside,
      dom,
    })
  })
  return shown
}

function classesOf(dom: Element, scopes: readonly string[]): string[] {
  const plain = [...dom.classList].map((name) => {
    const scope = scopes.find((prefix) => name.startsWith(`${prefix}--`))
    return scope === undefined ? name : name.slice(scope.length + 2)
  })
  return [...new Set(plain)]
}

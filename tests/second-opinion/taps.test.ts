// @vitest-environment jsdom
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { HostCall } from './host.ts'
import { inBothHosts } from './in-both-hosts.ts'
import { playOn, type HostName } from './play.ts'
import { allElements, type ShownElement } from './shown.ts'
import { states } from './states.ts'

inBothHosts()

const NEEDS_TAP = ['requestSubscribeMessage', 'openSetting', 'openAppAuthorizeSetting']
const ATTRIBUTE = ' data-eventsync="true"'

/** The same build with the attribute taken out of every template. */
const without = mkdtempSync(join(tmpdir(), 'leadbell-no-eventsync-'))
beforeAll(() => {
  cpSync(inject('builtMiniProgram'), without, { recursive: true })
  for (const file of readdirSync(without, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.wxml')) continue
    const path = join(without, file)
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll(ATTRIBUTE, ''))
  }
})
afterAll(() => rmSync(without, { recursive: true, force: true }))

/** The pages of the build in the states in which something on them asks WeChat, and what asks for what. */
const asking: Record<string, Record<string, string>> = {
  'login with everything typed, the password shown': { 'button#login': 'requestSubscribeMessage' },
  'login after a logout with WeChat still bound': { 'button#wechat-login': 'requestSubscribeMessage' },
  'list with no reminders left': {
    'button#remedy': 'requestSubscribeMessage',
    'view.hit.clue-row': 'requestSubscribeMessage',
  },
  'list with the main switch off': { 'button#remedy': 'openSetting' },
  'list with a kept reject': { 'button#remedy': 'openSetting' },
  'list with a kept accept': { 'view.hit.clue-row': 'requestSubscribeMessage' },
  'detail with everything': {
    'text#status-pending': 'requestSubscribeMessage',
    'text#status-following': 'requestSubscribeMessage',
    'text#status-won': 'requestSubscribeMessage',
    'text#status-invalid': 'requestSubscribeMessage',
  },
  'detail of a new lead': {
    'button#follow': 'requestSubscribeMessage',
    'text#status-pending': 'requestSubscribeMessage',
    'text#status-following': 'requestSubscribeMessage',
    'text#status-won': 'requestSubscribeMessage',
    'text#status-invalid': 'requestSubscribeMessage',
  },
  'settings as they come': { 'button#allow-once': 'requestSubscribeMessage' },
  'settings with kept choices': {
    'button#allow-once': 'requestSubscribeMessage',
    'button.button.button-soft.accept-in-settings': 'openSetting',
  },
  'settings with everything off': {
    'button#allow-once': 'requestSubscribeMessage',
    'button#open-main-switch': 'openSetting',
    'button#open-phone-settings': 'openAppAuthorizeSetting',
  },
}

const nameOf = ({ tag, id, classes }: ShownElement) =>
  tag +
  (id
    ? `#${id}`
    : classes
        .filter((name) => !name.startsWith('data-v-'))
        .map((name) => `.${name}`)
        .join(''))

/** What the page made touchable: the framework knows no more of a node than its name and its attributes. */
const isTouchable = ({ id, dataset, classes }: ShownElement) =>
  id !== '' || 'eventsync' in dataset || classes.includes('action')

interface Answer {
  /** What had been asked when the dispatch of the tap was over, and what later. */
  atOnce: HostCall[]
  later: HostCall[]
}

/** Every touchable node of a state, once by its name, each tapped on a phone of its own. */
async function tapEach(host: HostName, stateName: string, dist: string, names?: string[]) {
  const state = states.find(({ name }) => name === stateName)
  if (!state) throw new Error(`no state "${stateName}"`)
  const { given, url, script } = state
  const answers: Record<string, Answer> = {}
  let left = names
  do {
    await playOn(
      host,
      given,
      url,
      async (player) => {
        await script?.(player)
        const nodes = new Map([...allElements(player.shown)].reverse().map((node) => [nameOf(node), node]))
        left ??= [...nodes.values()].filter(isTouchable).map(nameOf).reverse()
        const name = left.shift() ?? ''
        const node = nodes.get(name)
        if (!node) throw new Error(`no ${name} on the page`)
        const before = player.calls().length
        const asked = () =>
          player
            .calls()
            .slice(before)
            .filter((call) => NEEDS_TAP.includes(call.name))
        await player.dispatchTap(node.dom)
        const atOnce = asked()
        await player.settle()
        answers[name] = { atOnce, later: asked().slice(atOnce.length) }
      },
      dist,
    )
  } while (left?.length)
  return answers
}

describe.each(Object.entries(asking))('%s', (state, expected) => {
  const called = (answers: Record<string, Answer>, when: keyof Answer, inTap: boolean) =>
    Object.fromEntries(
      Object.entries(answers).flatMap(([name, answer]) =>
        answer[when].filter((call) => call.inTap === inTap).map((call) => [name, call.name]),
      ),
    )

  test('H1 H2 H10 in both hosts the same nodes reach WeChat inside the tap, and none of them without data-eventsync', async () => {
    const dist = inject('builtMiniProgram')
    const ours = await tapEach('emulator', state, dist)
    const theirs = await tapEach('exparser', state, dist)
    expect(theirs).toEqual(ours)
    expect(called(theirs, 'atOnce', true)).toEqual(expected)
    expect(called(theirs, 'later', true)).toEqual({})

    const asked = Object.keys(expected)
    const oursWithout = await tapEach('emulator', state, without, [...asked])
    const theirsWithout = await tapEach('exparser', state, without, [...asked])
    expect(theirsWithout).toEqual(oursWithout)
    expect(called(theirsWithout, 'atOnce', true)).toEqual({})
    expect(called(theirsWithout, 'later', false)).toEqual(expected)
  })
})

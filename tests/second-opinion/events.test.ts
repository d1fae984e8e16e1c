// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { inBothHosts } from './in-both-hosts.ts'
import { playOn, type HostName, type Player } from './play.ts'
import { states } from './states.ts'

inBothHosts()

interface EventNode {
  id: string
  dataset: Record<string, unknown>
}
interface AppEvent {
  type: string
  target: EventNode
  currentTarget: EventNode
  detail: Record<string, unknown>
}

/** What a handler can know, without what only a layout or a clock could tell. */
const facts = ({ type, target, currentTarget, detail }: AppEvent) => ({
  type,
  target: { id: target.id, dataset: { ...target.dataset } },
  currentTarget: { id: currentTarget.id, dataset: { ...currentTarget.dataset } },
  detail: type === 'tap' ? Object.keys(detail).sort() : detail.value,
})

/** uni-app puts its handlers on the page as `e3_ab`. */
function recordHandlers(page: Record<string, unknown>, into: unknown[]): void {
  for (const [name, handler] of Object.entries(page)) {
    if (!/^e\d+_/.test(name) || typeof handler !== 'function') continue
    const wrapped = (event: AppEvent): unknown => {
      into.push(facts(event))
      return (handler as (event: AppEvent) => unknown).call(page, event)
    }
    page[name] = Object.assign(wrapped, handler)
  }
}

async function eventsOn(host: HostName, stateName: string, act: (player: Player) => Promise<void>) {
  const events: unknown[] = []
  const state = states.find(({ name }) => name === stateName)
  if (!state) throw new Error(`no state "${stateName}"`)
  await playOn(host, state.given, state.url, async (player) => {
    recordHandlers(player.page(), events)
    await act(player)
  })
  return events
}

const acts: [string, string, (player: Player) => Promise<void>, object][] = [
  [
    'a tap on a button with plain text',
    'login, nobody was here before',
    (player) => player.tap('#login'),
    { type: 'tap', target: { id: 'login', dataset: { eventsync: 'true' } }, detail: ['x', 'y'] },
  ],
  [
    'typing',
    'login, nobody was here before',
    (player) => player.tell('#username', 'input', 'chen'),
    { type: 'input', target: { id: 'username', dataset: {} }, detail: 'chen' },
  ],
  [
    'the keyboard’s confirm key',
    'list with nothing in it',
    (player) => player.tell('#search', 'confirm', '恒泰'),
    { type: 'confirm', target: { id: 'search', dataset: {} }, detail: '恒泰' },
  ],
  [
    'H11 a tap on a row, handled by the list around it',
    'list of one',
    (player) => player.tap('.clue-row'),
    {
      type: 'tap',
      target: { id: '', dataset: { id: '7', eventsync: 'true' } },
      currentTarget: { id: 'clue-list', dataset: {} },
    },
  ],
  [
    'H11 a tap on a row beside what carries its data',
    'list of one',
    (player) => player.tap('.meta'),
    { type: 'tap', target: { id: '', dataset: {} }, currentTarget: { id: 'clue-list', dataset: {} } },
  ],
  [
    'a tap on one of many in a wx:for',
    'detail of a new lead',
    (player) => player.tap('#status-won'),
    { type: 'tap', target: { id: 'status-won', dataset: { status: 'won', eventsync: 'true' } } },
  ],
  [
    'typing in a textarea',
    'detail of a new lead',
    (player) => player.tell('#note', 'input', '下周\n再联系'),
    { type: 'input', target: { id: 'note', dataset: {} }, detail: '下周\n再联系' },
  ],
]

test.each(acts)('%s: the app’s handler is told the same', async (_, state, act, expected) => {
  const ours = await eventsOn('emulator', state, act)
  const theirs = await eventsOn('exparser', state, act)
  expect(ours[0]).toMatchObject(expected)
  expect(theirs).toEqual(ours)
})

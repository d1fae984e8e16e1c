/// <reference types="vite/client" />
import { aClue, aDetail, aUser, ok, refused, type FakeBackend } from '../fakes/backend.ts'
import { pageOf } from '../fakes/clue-pages.ts'
import type { Script } from './play.ts'
import type { Surroundings } from './surroundings.ts'

/** A page in a state that a user can bring it to. */
export interface State {
  name: string
  url: string
  given: () => Partial<Surroundings>
  /** From the opened page to the state; what it sees on the way is compared too. */
  script?: Script
}

const LOGIN = 'pages/login/login'
const LIST = 'pages/clue/clue'
const DETAIL = 'pages/clue/detail?id=7'
const SETTINGS = 'pages/clue/settings'

const templates = [{ templateId: 'T1', title: '新线索提醒', purpose: 'clue-assigned' }]
const loggedIn = {
  'leadbell.session': { token: 'token-1', user: aUser, bound: true },
  'leadbell.templates': templates,
}
const session = (backend: FakeBackend = {}, more: Partial<Surroundings> = {}) => ({
  ...more,
  storage: { ...loggedIn, ...more.storage },
  backend,
})

const minutesAgo = (minutes: number) => new Date(Date.UTC(2026, 10, 23, 4, -minutes)).toISOString()
const leads = (count: number) =>
  Array.from({ length: count }, (_, n) =>
    aClue(String(count - n), {
      status: (['pending', 'following', 'won', 'invalid'] as const)[n % 4] ?? 'pending',
      assignedAt: minutesAgo(n * 7),
      readAt: n % 3 === 0 ? null : minutesAgo(n),
      title: n % 5 === 0 ? '' : `线索 <${n}> & “询价”`,
    }),
  )
const listOf = (count: number): FakeBackend => {
  const all = leads(count)
  return { 'GET /clues': ({ query }) => ok(pageOf(all, query)) }
}
const quota = (left: number): FakeBackend => ({ 'GET /notify/quota': () => ok({ quota: { T1: left } }) })

const fill: Script = async (player) => {
  await player.tell('#username', 'input', 'chen')
  await player.tell('#password', 'input', 'secret')
  await player.tell('#captcha', 'input', 'k7pq')
}

export const states: State[] = [
  { name: 'login, nobody was here before', url: LOGIN, given: () => ({}) },
  {
    name: 'login with nothing typed',
    url: LOGIN,
    given: () => ({}),
    script: async (player) => player.tap('#login'),
  },
  {
    name: 'login with everything typed, the password shown',
    url: LOGIN,
    given: () => ({}),
    async script(player) {
      await fill(player)
      await player.tell('#username', 'confirm', 'chen')
      player.see('the password is next')
      await player.tap('#show-password')
    },
  },
  {
    name: 'login without a captcha, which then comes',
    url: LOGIN,
    given: () => {
      let asked = 0
      return {
        backend: {
          'GET /sys/randomImage/{checkKey}': () =>
            asked++ ? ok('data:image/svg+xml;base64,AAAA', 0) : refused(500, ''),
        },
      }
    },
    async script(player) {
      player.see('no captcha')
      await player.tap('#captcha-retry')
    },
  },
  {
    name: 'login while the captcha is on its way',
    url: LOGIN,
    given: () => ({ backend: { 'GET /sys/randomImage/{checkKey}': () => 'never' as const } }),
  },
  {
    name: 'login without a network, and with one again',
    url: LOGIN,
    given: () => ({ network: 'none' }),
    async script(player) {
      player.see('offline')
      await player.network('wifi')
    },
  },
  {
    name: 'login without templates',
    url: LOGIN,
    given: () => ({ backend: { 'GET /notify/templates': () => refused(500, '') } }),
  },
  {
    name: 'login after an expired session',
    url: LIST,
    given: () => session({ 'GET /clues': () => refused(401, 'Token失效', 401) }),
  },
  {
    name: 'login after a logout with WeChat still bound',
    url: LOGIN,
    given: () => ({ storage: { 'leadbell.username': 'chen', 'leadbell.signed-out': 'bound' } }),
  },
  {
    name: 'login that WeChat alone might do',
    url: LOGIN,
    given: () => ({
      storage: { 'leadbell.username': 'chen' },
      backend: { 'POST /notify/login': () => 'never' as const },
    }),
    async script(player) {
      player.see('entering')
      await player.tap('#prefer-form')
    },
  },
  {
    name: 'login with the panel open, refused by the backend',
    url: LOGIN,
    given: () => ({ backend: { 'POST /sys/login': () => refused(10010, '验证码错误') } }),
    async script(player) {
      await fill(player)
      await player.tap('#login')
      player.see('busy')
      await player.press('subscribe-allow')
    },
  },
  {
    name: 'login from the keyboard, into the list',
    url: LOGIN,
    given: () => ({ backend: listOf(3) }),
    async script(player) {
      await fill(player)
      await player.tell('#captcha', 'confirm', 'k7pq')
      player.see('asked by a modal')
      await player.press('modal-confirm')
      await player.press('subscribe-allow')
    },
  },
  {
    name: 'login with the main switch off',
    url: LOGIN,
    given: () => ({ mainSwitch: false, backend: listOf(1) }),
    async script(player) {
      await fill(player)
      await player.tap('#login')
      player.see('asked for the switch')
      await player.press('modal-confirm')
      await player.press('settings-back')
    },
  },
  { name: 'list of one', url: LIST, given: () => session() },
  {
    name: 'list of three pages',
    url: LIST,
    given: () => session(listOf(55)),
    async script(player) {
      player.see('the first page')
      await player.call('onReachBottom')
      player.see('the second')
      await player.call('onReachBottom')
    },
  },
  {
    name: 'list pulled down after leads came and went',
    url: LIST,
    given: () => {
      const [a, b, c, d, e] = leads(5)
      const rounds = [[b, c, d], [a, d, c, e], [e], [], [c, b, a]]
      const next = () => (rounds.shift() ?? []).filter((lead) => lead !== undefined)
      return session({ 'GET /clues': () => ok({ items: next(), nextCursor: null, unread: rounds.length }) })
    },
    async script(player) {
      for (const round of ['moved', 'one', 'none', 'back']) {
        player.see(`before ${round}`)
        await player.call('onPullDownRefresh')
      }
    },
  },
  { name: 'list with nothing in it', url: LIST, given: () => session(listOf(0)) },
  {
    name: 'list filtered and searched',
    url: LIST,
    given: () => session(listOf(9)),
    async script(player) {
      await player.tap('.filter', 2)
      player.see('won')
      await player.tell('#search', 'input', '没有这个')
      player.see('nothing found')
      await player.tap('#clear-search')
    },
  },
  {
    name: 'list that fails, then comes',
    url: LIST,
    given: () => {
      let asked = 0
      return session({ 'GET /clues': () => (asked++ ? ok(pageOf(leads(2), {})) : refused(500, '坏了')) })
    },
    async script(player) {
      player.see('failed')
      await player.tap('.action')
    },
  },
  { name: 'list on its way', url: LIST, given: () => session({ 'GET /clues': () => 'never' as const }) },
  {
    name: 'list whose second page fails',
    url: LIST,
    given: () =>
      session({ 'GET /clues': ({ query }) => (query.cursor ? 'offline' : ok(pageOf(leads(30), query))) }),
    script: async (player) => player.call('onReachBottom'),
  },
  {
    name: 'list kept for a phone without a network',
    url: LIST,
    given: () => session(listOf(4)),
    async script(player) {
      await player.network('none')
      player.see('offline')
      await player.call('onPullDownRefresh')
    },
  },
  { name: 'list with no reminders left', url: LIST, given: () => session({ ...listOf(2), ...quota(0) }) },
  { name: 'list with the main switch off', url: LIST, given: () => session(quota(0), { mainSwitch: false }) },
  { name: 'list with a kept reject', url: LIST, given: () => session(quota(0), { kept: { T1: 'reject' } }) },
  { name: 'list with a kept accept', url: LIST, given: () => session(quota(7), { kept: { T1: 'accept' } }) },
  {
    name: 'list left for a lead and for the settings',
    url: LIST,
    given: () => session({ ...listOf(3), ...quota(0) }, { kept: { T1: 'accept' } }),
    async script(player) {
      await player.tap('.clue-row', 1)
    },
  },
  {
    name: 'detail with everything',
    url: DETAIL,
    given: () =>
      session({
        'GET /clues/{id}': ({ path }) =>
          ok(
            aDetail(path.id ?? '', {
              remark: '上午方便\n别打座机',
              status: 'following',
              notes: [
                { id: 'n2', text: '约了周五', author: '陈小舟', at: minutesAgo(3) },
                { id: 'n1', text: '', author: '周', at: minutesAgo(300) },
              ],
            }),
          ),
      }),
  },
  {
    name: 'detail, followed up, then noted',
    url: DETAIL,
    given: () => session({}, { kept: { T1: 'accept' } }),
    async script(player) {
      player.see('pending')
      await player.tap('#follow')
      player.see('following')
      await player.tell('#note', 'input', '下周再联系')
      player.see('typed')
      await player.tap('#save-note')
      player.see('saved')
      await player.tap('.choice', 2)
    },
  },
  { name: 'detail of a new lead', url: DETAIL, given: () => session() },
  {
    name: 'detail on its way',
    url: DETAIL,
    given: () => session({ 'GET /clues/{id}': () => 'never' as const }),
  },
  {
    name: 'detail of a lead that is gone, with a note not saved',
    url: DETAIL,
    given: () =>
      session(
        { 'GET /clues/{id}': () => refused(404, '线索不存在', 404) },
        { storage: { 'leadbell.drafts': { '7': { id: 'd1', text: '还没存', at: 0 } } } },
      ),
  },
  {
    name: 'detail that fails, then comes, then is stale',
    url: DETAIL,
    given: () => {
      let asked = 0
      return session({
        'GET /clues/{id}': ({ path }) => (asked++ === 1 ? ok(aDetail(path.id ?? '')) : refused(500, '坏了')),
      })
    },
    async script(player) {
      player.see('failed')
      await player.tap('.action')
      player.see('there')
      await player.network('none')
    },
  },
  {
    name: 'detail changed by somebody else meanwhile',
    url: DETAIL,
    given: () =>
      session({ 'PUT /clues/{id}': () => refused(409, '线索已更新', 409, aClue('7', { status: 'won' })) }),
    async script(player) {
      await player.tap('#follow')
      player.see('asked')
      await player.press('subscribe-cancel')
    },
  },
  { name: 'settings as they come', url: SETTINGS, given: () => session(quota(2)) },
  {
    name: 'settings with the main switch off, then looked at',
    url: SETTINGS,
    given: () => session(quota(0), { mainSwitch: false }),
    async script(player) {
      player.see('off')
      await player.tap('#open-main-switch')
      await player.press('settings-back')
    },
  },
  {
    name: 'settings with everything off',
    url: SETTINGS,
    given: () => session(quota(0), { mainSwitch: false, notifications: 'denied' }),
  },
  {
    name: 'settings with kept choices',
    url: SETTINGS,
    given: () =>
      session(
        {
          'GET /notify/templates': () =>
            ok({
              templates: [...templates, { templateId: 'T2', title: '跟进提醒', purpose: 'clue-assigned' }],
            }),
          ...quota(1),
        },
        { kept: { T1: 'reject', T2: 'accept' } },
      ),
  },
  {
    name: 'settings after a call that failed',
    url: SETTINGS,
    given: () =>
      session(
        { 'GET /notify/quota': () => 'offline' },
        { storage: { 'leadbell.session': { token: 't', user: aUser, bound: false } } },
      ),
    async script(player) {
      await player.tap('#allow-once')
      await player.press('subscribe-cancel')
    },
  },
]

import './beside.css'
import { connectEmulator } from '../control/index.ts'
import { h } from './shell/dom.ts'

// The owner's own page and a phone in one window: what is done in the one is seen to arrive in the other.

const settings = document.querySelector<HTMLElement>('[data-beside]')
const { url = '', title = '' } = settings?.dataset ?? {}
const asked = new URLSearchParams(location.search).get('openid') ?? ''

const page = h('iframe', { src: url, title, class: 'page' })
const phone = h('iframe', { title: '模拟的手机', class: 'screen' })
const accounts = h('select', { 'aria-label': '手机上的微信账号', onchange: () => showPhone(accounts.value) })
const desk = h('a', { href: '/desk', target: '_blank' }, '模拟台')
const problem = h('p', { class: 'problem', role: 'status' })

document.body.append(
  h(
    'main',
    {},
    h('section', { class: 'owner', 'aria-label': title }, h('h2', {}, title), page),
    h(
      'section',
      { class: 'hand', 'aria-label': '手机' },
      h(
        'header',
        {},
        accounts,
        h('button', { type: 'button', onclick: () => phone.contentWindow?.location.reload() }, '重启手机'),
        desk,
      ),
      h('div', { class: 'phone' }, h('div', { class: 'glass' }, phone)),
      problem,
    ),
  ),
)

function showPhone(openid: string): void {
  const query = `?openid=${encodeURIComponent(openid)}`
  phone.src = `/phone${query}`
  desk.href = `/desk${query}`
}

connectEmulator(location.origin)
  .phones()
  .then(
    (phones) => {
      accounts.append(...phones.map(({ openid, nickname }) => h('option', { value: openid }, nickname)))
      const shown = phones.find(({ openid }) => openid === asked) ?? phones[0]
      if (!shown) return
      accounts.value = shown.openid
      showPhone(shown.openid)
    },
    (thrown: unknown) => {
      problem.textContent = thrown instanceof Error ? thrown.message : String(thrown)
    },
  )

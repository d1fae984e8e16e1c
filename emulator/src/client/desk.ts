import './desk.css'
import { render } from 'lit-html'
import { connectEmulator } from '../control/index.ts'
import { Desk } from './desk/desk.ts'
import { header } from './desk/header.ts'
import { html, type View } from './desk/html.ts'
import { LogView } from './desk/log/log-view.ts'
import { FaultsPanel } from './desk/panels/faults-panel.ts'
import { launchPanel } from './desk/panels/launch-panel.ts'
import { phonePanel } from './desk/panels/phone-panel.ts'
import { PushPanel } from './desk/panels/push-panel.ts'
import { StatePanel } from './desk/panels/state-panel.ts'
import { subscriptionsPanel } from './desk/panels/subscriptions-panel.ts'
import { timePanel } from './desk/panels/time-panel.ts'
import { PhoneLog, PhoneWindows } from './desk/phone-windows.ts'
import { Stage } from './desk/stage.ts'
import { tabbed } from './desk/tabs.ts'

const POLL_MS = 1000

const search = new URLSearchParams(location.search)
const desk = new Desk(connectEmulator(location.origin), search.get('openid') ?? '', draw)
const windows = new PhoneWindows()
const stage = new Stage(desk, windows, search)
const log = new LogView(desk, windows, () => new PhoneLog())
const faults = new FaultsPanel(desk)
const push = new PushPanel(desk)
const state = new StatePanel(desk, windows, localStorage)

function panel(): View {
  switch (desk.tab) {
    case 'phone':
      return html`${phonePanel(desk)}${launchPanel(desk, windows)}`
    case 'subscriptions':
      return subscriptionsPanel(desk)
    case 'faults':
      return faults.view()
    case 'time':
      return timePanel(desk)
    case 'push':
      return push.view()
    case 'state':
      return state.view()
  }
}

let isDrawing = false

/** Once for all that changes in one task. */
function draw(): void {
  if (isDrawing) return
  isDrawing = true
  queueMicrotask(() => {
    isDrawing = false
    log.read()
    render(
      html`${header(desk)}
        <main class=${log.tall ? 'is-log-tall' : ''}>
          ${stage.view()}
          <div class="tools">${tabbed(desk, panel())} ${log.view()}</div>
        </main>`,
      document.body,
    )
  })
}

/** The drawn phone has one size; what the window leaves it is a matter of scale. */
function fit(): void {
  const device = { width: 399, height: 691 }
  const around = 182
  const isStacked = window.innerWidth < 1024
  const room = isStacked
    ? (document.documentElement.clientWidth - 24) / device.width
    : (window.innerHeight - around) / device.height
  // a little larger would only be less sharp
  const most = isStacked || room < 1.1 ? 1 : 1.2
  const scale = Math.max(0.6, Math.min(most, room))
  document.documentElement.style.setProperty('--phone-scale', scale.toFixed(3))
}

async function poll(): Promise<void> {
  // nobody looks: nothing is asked
  if (document.visibilityState === 'visible') await desk.refresh()
  window.setTimeout(() => void poll(), POLL_MS)
}

window.addEventListener('resize', fit)
fit()
draw()
void poll()

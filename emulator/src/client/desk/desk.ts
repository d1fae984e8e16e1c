import type { CloudProfile } from '../../cloud/profile.ts'
import type { PushTargetState } from '../../cloud/push/pusher.ts'
import type { EmulatorControl } from '../../control/index.ts'
import type {
  ClockState,
  DeskAction,
  FaultEntry,
  LatencyState,
  PhoneState,
  PrivateTemplate,
  SubscribeSettings,
} from '../../protocol.ts'
import { nothingKnown, withChanges, type Known } from './changes.ts'

export const tabs = {
  phone: '手机',
  subscriptions: '订阅',
  faults: '故障',
  time: '时间',
  push: '推送',
  state: '存档',
} as const
export type Tab = keyof typeof tabs

/** What the emulator said last, part by part. */
export interface Books {
  phones: PhoneState[]
  /** Grants by openid and template. */
  quotas: Record<string, Record<string, number>>
  templates: PrivateTemplate[]
  settings: Record<string, SubscribeSettings>
  actions: DeskAction[]
  known: Known
  faults: FaultEntry[]
  latency: LatencyState | undefined
  clock: ClockState | undefined
  pushTarget: PushTargetState | undefined
  profile: CloudProfile | undefined
}

/** The one sentence that answers what was done last. */
export interface Said {
  ok: boolean
  message: string
}

/** What the desk knows and what is selected on it; every change is drawn. */
export class Desk {
  books: Books = {
    phones: [],
    quotas: {},
    templates: [],
    settings: {},
    actions: [],
    known: nothingKnown,
    faults: [],
    latency: undefined,
    clock: undefined,
    pushTarget: undefined,
    profile: undefined,
  }
  tab: Tab = 'phone'
  said: Said | undefined
  /** Why the books are not up to date; undefined when they are. */
  trouble: string | undefined
  /** Phones that were switched on. */
  readonly on = new Set<string>()
  private turn = 0
  /** What changes on one panel only was not asked for yet. */
  private isNew = true

  constructor(
    readonly control: EmulatorControl,
    /** '' means the first one there is. */
    public selected: string,
    private readonly draw: () => void,
  ) {}

  get phone(): PhoneState | undefined {
    return this.books.phones.find(({ openid }) => openid === this.selected)
  }

  nameOf(openid: string): string {
    return this.books.phones.find((phone) => phone.openid === openid)?.nickname ?? openid
  }

  titleOf(templateId: string): string {
    return this.books.templates.find(({ priTmplId }) => priTmplId === templateId)?.title ?? templateId
  }

  update(change: () => void = () => undefined): void {
    change()
    this.draw()
  }

  select(openid: string): void {
    this.selected = openid
    this.on.add(openid)
    this.draw()
    void this.refresh()
  }

  show(tab: Tab): void {
    this.tab = tab
    // what was said belongs to what was done there
    if (this.said?.ok) this.said = undefined
    this.draw()
    void this.refresh()
  }

  say(message: string, ok = true): void {
    this.update(() => (this.said = { ok, message }))
  }

  /** Does something and says what came of it: `done`, what `work` returned as a sentence, or why it failed. */
  async act(work: () => Promise<unknown>, done = ''): Promise<boolean> {
    this.said = undefined
    let isDone = true
    try {
      const answer = await work()
      const message = typeof answer === 'string' ? answer : done
      if (message !== '') this.said = { ok: true, message }
    } catch (thrown) {
      isDone = false
      this.said = { ok: false, message: thrown instanceof Error ? thrown.message : String(thrown) }
    }
    this.draw()
    await this.refresh()
    return isDone
  }

  /** WeChat is another one now: what was asked once is asked again. */
  forget(): void {
    this.isNew = true
  }

  /** Asks for what is on the screen, and draws it. The later of two wins. */
  async refresh(): Promise<void> {
    const turn = ++this.turn
    try {
      const { books, isAfresh } = await this.read()
      if (turn !== this.turn) return
      // another emulator answers than the one that was asked before
      const isAnother = this.books.known.mark !== '' && isAfresh
      this.books = books
      this.isNew = isAnother
      this.trouble = undefined
      this.settleSelection()
    } catch (thrown) {
      if (turn !== this.turn) return
      this.trouble = thrown instanceof Error ? thrown.message : String(thrown)
    }
    this.draw()
  }

  private settleSelection(): void {
    const { phones } = this.books
    const [first] = phones
    if (!first) return
    if (!phones.some(({ openid }) => openid === this.selected)) {
      if (this.selected !== '')
        this.said = { ok: false, message: `没有 openid 是 ${this.selected} 的手机，打开了第一部` }
      this.selected = first.openid
    }
    this.on.add(this.selected)
  }

  private async read(): Promise<{ books: Books; isAfresh: boolean }> {
    const { control, tab, books, isNew } = this
    const on = async <T>(isShown: boolean, ask: () => Promise<T>, before: T) => (isShown ? ask() : before)
    const [phones, quotas, settings, ...rest] = await Promise.all([
      control.phones(),
      control.quotas(),
      on(tab === 'phone' || tab === 'subscriptions', control.settings, books.settings),
      on(isNew || tab === 'subscriptions', control.templates, books.templates),
      on(isNew, control.actions, books.actions),
      control.faults(),
      on(isNew || tab === 'faults', control.latency, books.latency),
      control.clock(),
      on(tab === 'push', control.pushTarget, books.pushTarget),
      on(tab === 'subscriptions', control.profile, books.profile),
    ])
    const [templates, actions, faults, latency, clock, pushTarget, profile] = rest
    const changes = await control.changes(books.known.mark)
    return {
      books: {
        ...{ phones, quotas, settings, templates, actions, faults, latency, clock, pushTarget, profile },
        known: withChanges(books.known, changes),
      },
      isAfresh: changes.isAfresh,
    }
  }
}

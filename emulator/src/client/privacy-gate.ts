import type { ClientProfile } from '../profiles.ts'
import { privacyUses, type PrivacyApi, type Release } from '../release.ts'
import type { AppTimers } from './app-timers.ts'
import type { Device } from './device.ts'
import type { Inspection } from './inspection.ts'
import type { Pages } from './pages.ts'
import type { PhoneLink } from './phone-link.ts'
import { fail, type ApiDefinition, type Outcome } from './wx/api.ts'
import type { ShellUi } from './wx/shell-ui.ts'

/** What `onNeedPrivacyAuthorization` gives its listener to answer with. */
type Resolve = (answer: { event?: unknown; buttonId?: unknown }) => void
export type NeedListener = (resolve: Resolve, event: { referrer: string }) => void

const QUIET_MS = 10_000

const undeclared = fail('api scope is not declared in the privacy agreement', { errno: 112 })

interface Surroundings {
  release: Release
  profile: ClientProfile
  device: Device
  link: PhoneLink
  inspection: Inspection
  timers: AppTimers
  shell: ShellUi
  pages: Pages
  appName: string
  /** Whether this launch is still the one on the phone. */
  alive(): boolean
}

/** 用户隐私保护指引 of one launch: which calls wait for it, and who asks the user (wechat-platform.md §9.1, H51). */
export class PrivacyGate {
  /** Only the last listener counts; with one WeChat's own dialog stays away. */
  listener: NeedListener | undefined
  private readonly pressedButtons = new Set<string>()
  private declinedAt = Number.NEGATIVE_INFINITY
  private dialog: Promise<boolean> | undefined

  constructor(private readonly around: Surroundings) {}

  get contractName(): string {
    return `《${this.around.appName}小程序隐私保护指引》`
  }

  get needsAuthorization(): boolean {
    const { device, release } = this.around
    const { declares, needsConsent } = release.privacy
    return needsConsent && declares.length > 0 && !device.state.privacyConsent
  }

  private get declined(): Outcome {
    return fail('privacy permission is not authorized', { errno: this.around.profile.privacyRefusal })
  }

  /** `perform` behind the gate. */
  guarded(api: PrivacyApi, perform: ApiDefinition['perform']): ApiDefinition['perform'] {
    return (options) => {
      if (!this.around.release.privacy.declares.includes(api)) return undeclared
      return this.afterConsent(api, () => perform(options))
    }
  }

  afterConsent(referrer: string, run: () => Outcome | Promise<Outcome>): Outcome | Promise<Outcome> {
    if (!this.needsAuthorization) return run()
    const asking = this.listener ? this.askApp(this.listener, referrer) : this.askUser()
    return asking.then((agreed) => (agreed ? run() : this.declined))
  }

  /** Covers the page below: it is hidden, and shown again on return. */
  openContract(): void {
    const { pages, shell, release, alive } = this.around
    pages.hideTop()
    shell.openPrivacyContract({
      contractName: this.contractName,
      uses: release.privacy.declares.map((api) => privacyUses[api]),
      closed: () => {
        if (alive()) pages.showTop()
      },
    })
  }

  /** A press on `<button open-type="agreePrivacyAuthorization">` is consent by itself. */
  agreeBy(buttonId: string): void {
    this.pressedButtons.add(buttonId)
    this.consent()
  }

  /** Every call asks for itself: app code collects the answers it owes. */
  private askApp(listener: NeedListener, referrer: string): Promise<boolean> {
    const { timers, inspection } = this.around
    return new Promise((settle) => {
      const resolve: Resolve = ({ event, buttonId }) => {
        if (event === 'disagree') return settle(false)
        if (event !== 'agree') return
        const pressed = this.pressedButtons.has(String(buttonId))
        if (!pressed)
          inspection.note(
            'onNeedPrivacyAuthorization',
            new Error(`no agreePrivacyAuthorization button "${String(buttonId)}" was pressed`),
          )
        settle(pressed)
      }
      timers.setTimeout(() => listener(resolve, { referrer }), 0)
    })
  }

  /** One dialog for all calls that wait; none within ten seconds of a refusal. */
  private askUser(): Promise<boolean> {
    if (Date.now() - this.declinedAt < QUIET_MS) return Promise.resolve(false)
    const { contractName } = this
    const openContract = () => this.openContract()
    this.dialog ??= new Promise<boolean>((settle) =>
      this.around.shell.askPrivacy({ contractName, openContract }, (agreed) => {
        this.dialog = undefined
        if (agreed) this.consent()
        if (agreed === false) this.declinedAt = Date.now()
        settle(agreed === true)
      }),
    )
    return this.dialog
  }

  /** Holds at once; WeChat remembers it beyond this launch. */
  private consent(): void {
    const { device, link, inspection } = this.around
    device.update({ ...device.state, privacyConsent: true })
    link.changeState({ privacyConsent: true }).catch((error: unknown) => inspection.note('privacy', error))
  }
}

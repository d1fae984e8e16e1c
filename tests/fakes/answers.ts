/** What each host call of the fake comes to, by the script of the test. */
import type { FakeHost } from './host.ts'

export interface HostFailure {
  errCode?: number
  errno?: number
  errMsg?: string
}
export type PanelAnswer = { results: Record<string, string> } | { fail: HostFailure }
export type ModalButton = 'confirm' | 'cancel'

export type Options = Record<string, unknown> & {
  success?: (answer: unknown) => void
  fail?: (failure: unknown) => void
}

type Answers = Record<string, (options: Options) => unknown>

interface Stage {
  withTapState(action: () => unknown): void
  openPanels: ((answer: PanelAnswer) => void)[]
  openModals: ((button: ModalButton) => void)[]
}

/** WeChat calls back after the call has returned. */
export const later = (run: () => void) => queueMicrotask(run)

const SILENT = ['showToast', 'reLaunch', 'navigateTo', 'stopPullDownRefresh', 'hideHomeButton']

export function createAnswers(host: FakeHost, { withTapState, openPanels, openModals }: Stage): Answers {
  const answers: Answers = {
    requestSubscribeMessage(options) {
      const tmplIds = options.tmplIds as string[]
      const answer = host.subscribe.shift() ?? {
        results: Object.fromEntries(tmplIds.map((id) => [id, 'accept'])),
      }
      const close = (given: PanelAnswer) => {
        if ('fail' in given) options.fail?.({ errMsg: 'requestSubscribeMessage:fail', ...given.fail })
        else options.success?.({ errMsg: 'requestSubscribeMessage:ok', ...given.results })
      }
      if (answer === 'throws') throw new TypeError('requestSubscribeMessage')
      if (answer === 'stays open') openPanels.push(close)
      else later(() => close(answer))
    },
    openSetting(options) {
      later(() => {
        host.onSettingsPage()
        options.success?.({ errMsg: 'openSetting:ok' })
      })
    },
    openAppAuthorizeSetting: (options) => later(() => options.success?.({})),
    getSetting(options) {
      if (host.getSetting === 'throws') throw new TypeError('getSetting')
      if (host.getSetting === 'never answers') return
      const { mainSwitch, kept } = host.settings
      const subscriptionsSetting = { mainSwitch, ...(kept && { itemSettings: { ...kept } }) }
      later(() => {
        if (host.getSetting === 'fails') options.fail?.({ errMsg: 'getSetting:fail' })
        else options.success?.({ subscriptionsSetting })
      })
    },
    login(options) {
      if (host.login === 'throws') throw new TypeError('login')
      if (host.login === 'never answers') return
      later(() =>
        host.login === 'code'
          ? options.success?.({ code: 'wx-code' })
          : options.fail?.({ errMsg: 'login:fail' }),
      )
    },
    showModal(options) {
      const button = host.modals.shift() ?? 'cancel'
      const press = (pressed: ModalButton) =>
        withTapState(() =>
          options.success?.({ confirm: pressed === 'confirm', cancel: pressed === 'cancel' }),
        )
      if (button === 'stays open') openModals.push(press)
      else later(() => press(button))
    },
    showActionSheet(options) {
      const choice = host.actionSheet.shift() ?? 'cancel'
      later(() => {
        if (choice === 'cancel') options.fail?.({ errMsg: 'showActionSheet:fail cancel' })
        else withTapState(() => options.success?.({ tapIndex: choice }))
      })
    },
    setClipboardData: (options) =>
      later(() => (host.clipboard ? options.fail?.(host.clipboard) : options.success?.({}))),
    openPrivacyContract: (options) =>
      later(() => (host.privacyContract === 'opens' ? options.success?.({}) : options.fail?.({}))),
    makePhoneCall: (options) => later(() => options.success?.({})),
    getNetworkType: (options) => later(() => options.success?.({ networkType: host.network })),
  }
  for (const name of SILENT) answers[name] = () => {}
  return answers
}

import type { PickerHandle, PickerRequest } from '../shell/pickers/picker-sheet.ts'
import type { PanelRow, SubscribeSettings } from '../../protocol.ts'

export interface ModalRequest {
  title: string
  content: string
  showCancel: boolean
  confirmText: string
  cancelText: string
  confirmColor: string | undefined
  cancelColor: string | undefined
  editable: boolean
  placeholderText: string
}
export interface ModalAnswer {
  confirm: boolean
  /** What was typed into an editable modal. */
  content: string
}

export interface ToastRequest {
  title: string
  icon: 'success' | 'error' | 'loading' | 'none'
  image: string | undefined
  mask: boolean
}

/** `null`: the phone left the panel without an answer. */
export type PanelAnswer = { decisions: Record<string, 'accept' | 'reject'>; keep: boolean } | null

/** One switch of WeChat's settings page. */
export interface SettingsPermission {
  scope: string
  label: string
  allowed: boolean
  set(allowed: boolean): void
}

/**
 * What WeChat draws over a mini-program, as the API asks for it. The answers come by callback, inside the
 * browser's own event of the user's press.
 */
export interface ShellUi {
  showToast(toast: ToastRequest): void
  hideToast(): void
  askModal(request: ModalRequest, answer: (answer: ModalAnswer) => void): void
  /** `null`: turned away. */
  askActionSheet(
    request: { items: string[]; color: string; title?: string },
    answer: (row: number | null) => void,
  ): void
  /** WeChat asks its user for a scope; `null`: it went away without an answer. */
  askPermission(request: { what: string; why: string }, answer: (allowed: boolean | null) => void): void
  /** The phone's album. The answer is the rows; `null`: turned away. */
  choosePictures(
    request: { count: number; pictures: { name: string; url: string }[] },
    answer: (rows: number[] | null) => void,
  ): void
  /** Over the whole screen, until a press. */
  showPictures(request: { urls: string[]; current: number }): void
  openPlace(
    place: { name: string; address: string; latitude: number; longitude: number },
    closed: () => void,
  ): void
  /** The card that 转发 sends, and whether it was sent. */
  askShare(card: { title: string; imageUrl: string | undefined }, answer: (sent: boolean) => void): void
  /** `simulated`: the devtools draw it, not WeChat (H52). */
  askSubscribe(
    request: { rows: readonly PanelRow[]; simulated: boolean },
    answer: (answer: PanelAnswer) => void,
  ): void
  openSettings(request: {
    settings: SubscribeSettings
    withSubscriptions: boolean
    /** What was asked of the user before, 位置信息 and the like. */
    permissions: SettingsPermission[]
    write(change: {
      mainSwitch?: boolean
      items?: Record<string, 'accept' | 'reject'>
    }): Promise<SubscribeSettings>
    closed(): void
  }): void
  /** WeChat's own dialog before a gated call; `null`: it went away without an answer. */
  askPrivacy(
    request: { contractName: string; openContract(): void },
    answer: (agreed: boolean | null) => void,
  ): void
  openPrivacyContract(request: { contractName: string; uses: readonly string[]; closed(): void }): void
  /** The phone's settings, in place of WeChat. */
  openSystemSettings(): void
  /** To the chats, as the capsule's ring does. */
  exit(): void
  /** A cold start of the same mini-program. */
  restart(): void
  showDialSheet(phoneNumber: string, answer: (call: boolean) => void): void
  showPicker(request: PickerRequest): PickerHandle
}

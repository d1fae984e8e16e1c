import { currentHost, settleOnce, type ModalOptions } from './host.ts'

/**
 * A question with two buttons. `onConfirm` runs inside `showModal`'s own success callback, the one place
 * after a tap that has tap state again; a promise would lose it (wechat-platform.md §1.4, §10.2).
 */
export function confirmModal(
  options: ModalOptions,
  { onConfirm, onCancel = () => undefined }: { onConfirm(): void; onCancel?(): void },
  host = currentHost(),
): void {
  settleOnce<boolean>(
    (confirmed) => (confirmed ? onConfirm() : onCancel()),
    false,
    (settle) =>
      host.showModal({
        ...options,
        success: ({ confirm }) => settle(confirm === true),
        // Android before 6.7.2 reports a cancel as a failure.
        fail: () => settle(false),
      }),
  )
}

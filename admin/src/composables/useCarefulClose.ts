import { ask } from '../say.ts'

/**
 * How a dialog with typed text closes: not while it saves, and not without asking when something would be lost. Esc
 * while it asks does not ask a second time.
 */
export function useCarefulClose(dialog: {
  isBusy: () => boolean
  isLost: () => boolean
  question: { title: string; text: string; confirm: string }
  close: () => void
}): () => Promise<void> {
  let asking = false

  return async () => {
    if (asking || dialog.isBusy()) return
    if (dialog.isLost()) {
      const { title, text, confirm } = dialog.question
      asking = true
      const agreed = await ask(title, text, confirm)
      asking = false
      // what was being decided may be saved by now
      if (!agreed || dialog.isBusy()) return
    }
    dialog.close()
  }
}

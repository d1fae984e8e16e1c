import type { MiniProgram } from './mini-program.ts'
import type { ScreenName, Shell } from './shell/shell.ts'

/** A mini-program that was away that long is gone: its next start is a cold one (framework/runtime/operating-mechanism). */
export const BACKGROUND_LIFE_MS = 30 * 60_000

const hasLapsed = ({ hiddenSince }: MiniProgram) =>
  hiddenSince !== undefined && Date.now() - hiddenSince >= BACKGROUND_LIFE_MS

/** What the user looks at: the mini-program leaves the screen and comes back to it. */
export function createScreens(shell: Shell, running: () => MiniProgram | undefined, launch: () => void) {
  const enter = (): void => {
    const program = running()
    if (!program || hasLapsed(program)) return launch()
    shell.show('app')
    program.show()
  }
  const leave = (screen: ScreenName): void => {
    if (screen === 'app') return enter()
    if (shell.screen === 'app') running()?.hide()
    shell.show(screen)
  }
  return { enter, leave }
}

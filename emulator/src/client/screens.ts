import type { MiniProgram } from './mini-program.ts'
import type { ScreenName, Shell } from './shell/shell.ts'

/** What the user looks at: the mini-program leaves the screen and comes back to it. */
export function createScreens(shell: Shell, running: () => MiniProgram | undefined, launch: () => void) {
  const enter = (): void => {
    const program = running()
    if (!program) return launch()
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

import { compileMiniProgram, type CompiledPackage } from './compile.ts'
import { fingerprint } from './folder.ts'

export interface LivePackage {
  /** Compiled again when a file of the folder has changed since the last call. */
  current(): CompiledPackage
}

/** The built mini-program as it is on the disk now. `onCompile` hears of every compilation. */
export function livePackage(
  dist: string,
  onCompile: (made: CompiledPackage) => void = () => undefined,
): LivePackage {
  let made: CompiledPackage | undefined
  let madeFrom: string | undefined
  return {
    current() {
      const now = fingerprint(dist)
      if (made && now !== undefined && now === madeFrom) return made
      made = compileMiniProgram(dist)
      madeFrom = now
      onCompile(made)
      return made
    },
  }
}

import { appendFileSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { stop } from './start-error.ts'

/**
 * Appends each line it is given; undefined where no file is named. A file that cannot be written is said at once; one
 * that fails later is told to `onProblem`, once.
 * @throws StartError
 */
export function logFileWriter(
  file: string | undefined,
  onProblem: (line: string) => void,
): ((line: string) => void) | undefined {
  if (file === undefined) return undefined
  const append = (text: string) => appendFileSync(file, text, { mode: 0o600 })
  try {
    mkdirSync(dirname(file), { recursive: true })
    append('')
  } catch (error) {
    stop(`写不了 logFile ${file} (cannot write): ${(error as Error).message}`)
  }
  let isBroken = false
  return (line) => {
    if (isBroken) return
    try {
      append(`${line}\n`)
    } catch (error) {
      isBroken = true
      onProblem(`写不了 logFile ${file} (cannot write): ${(error as Error).message}`)
    }
  }
}

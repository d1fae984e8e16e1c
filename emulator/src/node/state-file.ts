import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { StartError } from './start-error.ts'

/** What an earlier run left, or what `GET /__desk/state` gave, or undefined when there was none. @throws StartError when the file is broken */
export function readState(file: string): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new StartError(`读不了 ${file} (cannot read): ${(error as Error).message}`)
  }
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new StartError(`${file} 坏了，删掉它就从头开始 (broken, delete it to begin anew)`)
  }
}

/**
 * Writes what `snapshot` gives when it has changed. For the owner's eyes only; whole or not at all.
 * The returned function throws StartError when it cannot write.
 */
export function stateSaver(file: string, snapshot: () => string): () => void {
  let saved = ''
  return () => {
    const text = snapshot()
    if (text === saved) return
    try {
      mkdirSync(dirname(file), { recursive: true })
      const draft = `${file}.new`
      writeFileSync(draft, text, { mode: 0o600 })
      renameSync(draft, file)
    } catch (error) {
      throw new StartError(`写不了 ${file} (cannot write): ${(error as Error).message}`)
    }
    saved = text
  }
}

/** ms: so much at the most is lost when the process is killed. */
const SAVE_AFTER_MS = 50
/** A large state rests that many times as long as it took to save. */
const REST = 20

/** Saves again and again, and once more at the `stop`; what keeps it from it is told to `onProblem`, once. */
export function saveOften(save: () => void, onProblem: (line: string) => void): { stop(): void } {
  let timer = setTimeout(go, SAVE_AFTER_MS).unref()
  let problem: string | undefined
  function trySave(): void {
    const before = problem
    try {
      save()
      problem = undefined
    } catch (error) {
      problem = (error as Error).message
      if (problem !== before) onProblem(problem)
    }
  }
  function go(): void {
    const began = performance.now()
    trySave()
    timer = setTimeout(go, Math.max(SAVE_AFTER_MS, REST * (performance.now() - began))).unref()
  }
  return {
    stop() {
      clearTimeout(timer)
      trySave()
    },
  }
}

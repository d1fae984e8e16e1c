import { fork, type ChildProcess } from 'node:child_process'
import { createWriteStream, mkdirSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Stop } from './say.ts'

const root = resolve(import.meta.dirname, '..')

export interface Backend {
  port: number
  /** Finishes what it is doing, then ends. */
  stop(): Promise<void>
  /** What a power cut does. */
  kill(): Promise<void>
  /** Called when it ends by itself. */
  onExit(listener: (code: number | null) => void): void
}

/**
 * Starts server/ as a process of its own with the given environment and waits until it answers.
 * Its log goes to `logFile`; a start that fails throws a Stop with the last lines of it.
 */
export function startBackend(env: Record<string, string>, logFile: string): Promise<Backend> {
  mkdirSync(dirname(logFile), { recursive: true })
  const log = createWriteStream(logFile, { flags: 'a' })
  const child = fork(resolve(root, 'server/src/main.ts'), [], {
    cwd: root,
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Ctrl-C reaches the whole terminal group; the parent decides when the server ends.
    detached: process.platform !== 'win32',
  })
  const tail: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      log.write(chunk)
      tail.push(...chunk.toString().trimEnd().split('\n'))
      tail.splice(0, tail.length - 12)
    })
  }
  const exited = new Promise<number | null>((resolveExit) => child.once('exit', (code) => resolveExit(code)))

  return new Promise((resolveStart, reject) => {
    child.once('message', (message: { kind: string; port: number }) => {
      if (message.kind !== 'ready') return
      resolveStart({
        port: message.port,
        stop: () => end(child, 'SIGTERM', exited),
        kill: () => end(child, 'SIGKILL', exited),
        onExit: (listener) => void exited.then(listener),
      })
    })
    void exited.then((code) =>
      reject(
        new Stop(`后台服务没有启动 (server exited with ${code})：\n${tail.join('\n')}\n完整日志: ${logFile}`),
      ),
    )
  })
}

async function end(
  child: ChildProcess,
  signal: 'SIGTERM' | 'SIGKILL',
  exited: Promise<unknown>,
): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal)
  await exited
}

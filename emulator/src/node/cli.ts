import type { Problem } from '../package/problems.ts'
import { startEmulator } from './emulator.ts'
import { readCommandLine, usage } from './config.ts'
import { StartError } from './start-error.ts'

const say = (line: string) => void process.stdout.write(`${line}\n`)
const complain = (line: string, level: Problem['level'] = 'error') =>
  void process.stderr.write(`${level === 'error' ? '✗' : '!'} ${line}\n`)

async function main(): Promise<void> {
  const command = readCommandLine(process.argv.slice(2), process.env)
  if (command.kind === 'help') return say(usage)
  const emulator = await startEmulator({ ...command.options, onProblem: complain })
  say(`打开 (open): ${emulator.url}`)
  say('按 Ctrl-C 停止 (Ctrl-C stops)')
  process.send?.({ kind: 'ready', url: emulator.url })
  let isStopping = false
  const stop = async () => {
    if (isStopping) return
    isStopping = true
    await emulator.close()
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop())
  process.on('disconnect', () => void stop())
}

main().catch((error: unknown) => {
  complain(error instanceof StartError ? error.message : ((error as Error).stack ?? String(error)))
  process.exit(1)
})

import { readFileSync } from 'node:fs'
import { startCloud, type CloudServerOptions } from './start-cloud.ts'
import { StartError } from './start-error.ts'

// WeChat's server side as a process of its own, for benches: `tsx emulator/src/node/cloud-main.ts '{"accounts":1000}'`.
// The options of startCloud as JSON: the first argument, which may be a file's name instead, or the environment's
// EMULATED_CLOUD. Its address goes to stdout as one line of JSON, and to a parent that forked it; it ends with it.

async function main(): Promise<void> {
  const running = await startCloud({ port: 0, ...readOptions() })
  const ready = { kind: 'ready', url: running.url, port: running.port }
  process.stdout.write(`${JSON.stringify(ready)}\n`)
  process.send?.(ready)
  const stop = () => void running.close().then(() => process.exit(0))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  process.once('disconnect', stop)
}

function readOptions(): CloudServerOptions {
  const given = process.argv[2] ?? process.env.EMULATED_CLOUD ?? '{}'
  try {
    // their values are checked by startCloud
    return JSON.parse(
      given.trimStart().startsWith('{') ? given : readFileSync(given, 'utf8'),
    ) as CloudServerOptions
  } catch (error) {
    throw new StartError(`读不了选项 (cannot read the options)：${(error as Error).message}`)
  }
}

main().catch((error: unknown) => {
  const text = error instanceof StartError ? error.message : ((error as Error).stack ?? String(error))
  process.stderr.write(`✗ ${text}\n`)
  process.exit(1)
})

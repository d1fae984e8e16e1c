import { configWarnings, readConfig } from './config.ts'
import { refuse } from './start-failure.ts'

process.exitCode = run()

/** Says everything that is wrong with the environment, or OK. Opens and calls nothing. */
function run(): number {
  const parsed = readConfig(process.env)
  if (!parsed.ok) return refuse(parsed.errors)
  for (const line of configWarnings(parsed.config)) process.stdout.write(`注意 ${line}\n`)
  process.stdout.write('OK\n')
  return 0
}

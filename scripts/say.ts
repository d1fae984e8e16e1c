/** Lines for the person at the terminal; a failure is one line that says what to do. */
export const say = (line = '') => process.stdout.write(`${line}\n`)

export class Stop extends Error {}

/** Runs a command's `main`; a Stop ends it with its sentence, anything else with its stack. */
export function run(main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    process.stderr.write(`\n✗ ${error instanceof Stop ? error.message : (error as Error).stack}\n`)
    process.exit(1)
  })
}

/** Something the operator can mend: said in one line, without a stack. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure'
}

/** Runs a command's work and answers its exit code; what the operator can mend is one line on standard error. */
export async function exitCodeOf(work: () => Promise<number>): Promise<number> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof StartFailure)) throw error
    return refuse([error.message])
  }
}

/** Prints the lines to standard error and answers the exit code of a refusal. */
export function refuse(lines: readonly string[]): number {
  process.stderr.write(lines.map((line) => `${line}\n`).join(''))
  return 1
}

export function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

import type { LoadedFile } from './admin-loads.ts'

/** What the login page may take from the network before it can be used: its page, scripts and styles, in brotli bytes. */
export const LOGIN_BUDGET = 101_500

export interface Weight {
  /** As the network carries it. */
  sent: number
  raw: number
}

export const weigh = (files: readonly LoadedFile[]): Weight => ({
  sent: files.reduce((sum, file) => sum + file.sent, 0),
  raw: files.reduce((sum, file) => sum + file.raw, 0),
})

/** A sentence when the login page is over its budget. */
export function overLoginBudget(files: readonly LoadedFile[]): string | undefined {
  const { sent } = weigh(files)
  if (sent <= LOGIN_BUDGET) return undefined
  return `the login page takes ${sent} bytes, ${sent - LOGIN_BUDGET} over its budget of ${LOGIN_BUDGET}`
}

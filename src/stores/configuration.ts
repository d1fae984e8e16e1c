/** What ops set in the .env files (docs/configuration.zh-CN.md); the build has checked it. */

/** With fewer grants than this a tap made anyway may open the panel. */
export const askBelow = Number(import.meta.env.VITE_ASK_BELOW)

/** At least so long between two panels nobody asked for. */
export const askPauseMs = Number(import.meta.env.VITE_ASK_PAUSE_MINUTES) * 60_000

/** Purposes whose templates are asked for; empty means all the backend offers. */
export const templatePurposes: readonly string[] = import.meta.env.VITE_TEMPLATE_PURPOSES.split(',')
  .map((purpose) => purpose.trim())
  .filter(Boolean)

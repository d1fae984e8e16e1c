/** Follows the system until the clerk chooses otherwise. */
export type Theme = 'system' | 'light' | 'dark'

const KEY = 'leadbell.admin.theme'
const system = matchMedia('(prefers-color-scheme: dark)')
let theme: Theme = 'system'

/** What the clerk chose, which may be to follow the system. */
export const presentTheme = (): Theme => theme

/** At once, and for the next time. */
export function chooseTheme(chosen: Theme): void {
  theme = chosen
  localStorage.setItem(KEY, chosen)
  apply()
}

/** Before the first paint, so that a dark page never flashes white. */
export function restoreTheme(): void {
  const kept = localStorage.getItem(KEY)
  theme = kept === 'light' || kept === 'dark' ? kept : 'system'
  system.addEventListener('change', apply)
  apply()
}

function apply(): void {
  const dark = theme === 'dark' || (theme === 'system' && system.matches)
  document.documentElement.classList.toggle('dark', dark)
}

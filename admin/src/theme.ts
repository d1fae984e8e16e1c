/** Follows the system until the clerk chooses otherwise. */
export type Theme = 'system' | 'light' | 'dark'

const KEY = 'leadbell.admin.theme'
const system = matchMedia('(prefers-color-scheme: dark)')
let theme: Theme = 'system'

export const presentTheme = (): Theme => theme

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

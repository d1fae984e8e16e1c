import { beforeEach, describe, expect, it, vi } from 'vitest'

const root = document.documentElement

/** The system's wish, which may change while the page is open. */
class System extends EventTarget {
  constructor(public matches: boolean) {
    super()
  }
  become(dark: boolean): void {
    this.matches = dark
    this.dispatchEvent(new Event('change'))
  }
}

async function start(system: System) {
  vi.resetModules()
  vi.spyOn(globalThis, 'matchMedia').mockReturnValue(system as unknown as MediaQueryList)
  const theme = await import('./theme.ts')
  theme.restoreTheme()
  return theme
}

beforeEach(() => root.classList.remove('dark'))

describe('the theme', () => {
  it('follows the system, also when it changes', async () => {
    const system = new System(true)
    const { presentTheme } = await start(system)
    expect(presentTheme()).toBe('system')
    expect(root.classList.contains('dark')).toBe(true)
    system.become(false)
    expect(root.classList.contains('dark')).toBe(false)
  })

  it('that somebody chose stays, over a reload and whatever the system does', async () => {
    const system = new System(false)
    const { chooseTheme } = await start(system)
    chooseTheme('dark')
    expect(root.classList.contains('dark')).toBe(true)
    root.classList.remove('dark')
    const { presentTheme } = await start(system)
    expect(presentTheme()).toBe('dark')
    system.become(true)
    system.become(false)
    expect(root.classList.contains('dark')).toBe(true)
  })

  it('goes back to the system’s', async () => {
    const { chooseTheme } = await start(new System(false))
    chooseTheme('dark')
    chooseTheme('system')
    expect(root.classList.contains('dark')).toBe(false)
  })

  it('that nobody knows is the system’s', async () => {
    localStorage.setItem('leadbell.admin.theme', 'sepia')
    expect((await start(new System(false))).presentTheme()).toBe('system')
  })
})

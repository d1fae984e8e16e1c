import { h } from './dom.ts'

/** A mini-program's picture: the built files bring none, so the first character of its name on a colour of its own. */
export function avatar(appName: string, size: 'small' | 'large' = 'large'): HTMLElement {
  return h('span', {
    class: `we-avatar we-avatar-${size}`,
    // drawn by the style sheet: the name is said beside it already
    'data-initial': [...appName][0] ?? '',
    style: `--we-app-hue: ${hueOf(appName)}`,
    'aria-hidden': 'true',
  })
}

/** Of the colour wheel, without the muddy part between orange and green; names of one more character are far apart. */
function hueOf(name: string): number {
  let sum = 0
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003
  return (140 + ((sum * 137) % 280)) % 360
}

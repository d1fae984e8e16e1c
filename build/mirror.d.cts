export const MIRRORED: readonly string[]
export function decide(
  top: string | null,
  copy: string | null,
  base: string | undefined,
): 'same' | 'down' | 'up' | 'conflict' | 'missing'
export function mirror(root: string): { down: string[]; up: string[]; problems: string[] }
export function carriedUp(name: string): string

/** The number behind an id on the wire; undefined for what cannot be one. */
export function parseId(id: string): number | undefined {
  return /^[1-9]\d{0,14}$/.test(id) ? Number(id) : undefined
}

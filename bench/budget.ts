/** What may not be exceeded, in gzip bytes as multiples of the floor: the least that uni-app and Pinia come to. */
export const WHOLE_BUDGET = 1.7
export const FIRST_SCREEN_BUDGET = 1.25

export interface Size {
  raw: number
  /** Every file compressed on its own, added up. */
  gzip: number
}

export interface Sizes {
  floor: Size
  whole: Size
  /** What WeChat downloads before any page of the main package can run. */
  mainPackage: Size
  /** What runs or is read before the login page can show. */
  firstScreen: Size
}

/** One line for each part that is over its budget; none when all keep it. */
export function overBudget({ floor, whole, mainPackage, firstScreen }: Sizes): string[] {
  const parts = [
    { name: 'the whole output', size: whole, budget: WHOLE_BUDGET },
    { name: 'the main package', size: mainPackage, budget: FIRST_SCREEN_BUDGET },
    { name: 'the first screen', size: firstScreen, budget: FIRST_SCREEN_BUDGET },
  ]
  return parts
    .filter(({ size, budget }) => size.gzip > budget * floor.gzip)
    .map(({ name, size, budget }) => {
      const excess = Math.ceil(size.gzip - budget * floor.gzip)
      return `${name} is ${size.gzip} bytes gzip, ${excess} over its budget of ${budget} times the floor (${floor.gzip})`
    })
}

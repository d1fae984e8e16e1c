import { afterAll, beforeAll, beforeEach, inject } from 'vitest'
import { startWorld, type World, type WorldOptions } from './world.ts'

/**
 * A world for the tests of one `describe`, gone after them. It is empty until they run, and the demo account is bound to
 * no WeChat when one begins.
 * @param distOf where the mini-program is, if not as it was built
 */
export function useWorld(
  distOf = () => inject('builtMiniProgram'),
  more: Pick<WorldOptions, 'accounts'> = {},
): World {
  const world = {} as World
  beforeAll(async () => {
    const built = { dist: distOf(), adminDir: inject('builtAdmin'), ...more }
    Object.assign(world, await startWorld({ ...built, database: inject('newDatabase') }))
  })
  beforeEach(() => world.unbind())
  afterAll(() => world.close())
  return world
}

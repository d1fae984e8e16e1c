import { expect } from 'vitest'

/** `expect`, asked again until it holds; ten seconds at most, for a machine that is busy. */
export const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 10_000, interval: 10 })

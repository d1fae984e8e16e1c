import type { PhoneSettings } from './phone-settings.ts'

/** What one call on such a network goes through. */
export interface NetworkSpeed {
  /** Milliseconds before anything arrives, evenly between the two. */
  latencyMs: readonly [least: number, most: number]
  /** How fast a body comes and goes. */
  bytesPerSecond: number
  /** Of a hundred calls, how many find no answer. */
  lostPercent: number
}
export type NetworkDelays = Readonly<Record<'wifi' | '4g' | '3g' | '2g' | 'weak', NetworkSpeed>>

/** Rough figures for mobile networks; 'weak' is what `wx.onNetworkWeakChange` warns of. */
export const networkDelays: NetworkDelays = {
  wifi: { latencyMs: [0, 0], bytesPerSecond: Number.POSITIVE_INFINITY, lostPercent: 0 },
  '4g': { latencyMs: [30, 80], bytesPerSecond: 1_500_000, lostPercent: 0 },
  '3g': { latencyMs: [100, 300], bytesPerSecond: 150_000, lostPercent: 0 },
  '2g': { latencyMs: [400, 1200], bytesPerSecond: 20_000, lostPercent: 2 },
  weak: { latencyMs: [800, 3000], bytesPerSecond: 15_000, lostPercent: 20 },
}

/** Every network as good as any. */
export const noDelays: NetworkDelays = {
  wifi: networkDelays.wifi,
  '4g': networkDelays.wifi,
  '3g': networkDelays.wifi,
  '2g': networkDelays.wifi,
  weak: networkDelays.wifi,
}

/** Undefined without a network: nothing gets through at all. */
export function speedOf(
  { network, weakNetwork }: Pick<PhoneSettings, 'network' | 'weakNetwork'>,
  delays: NetworkDelays,
): NetworkSpeed | undefined {
  if (network === 'none') return undefined
  return delays[weakNetwork ? 'weak' : network]
}

/** Milliseconds for a body of that length. `random` gives [0, 1). */
export function durationOf(speed: NetworkSpeed, bytes: number, random: () => number): number {
  const [least, most] = speed.latencyMs
  return least + (most - least) * random() + (bytes / speed.bytesPerSecond) * 1000
}

export const isLost = ({ lostPercent }: NetworkSpeed, random: () => number): boolean =>
  random() * 100 < lostPercent

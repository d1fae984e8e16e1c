/** When something that a test breaks is broken: for whom, how often, how many times. */
export interface Firing {
  /** Only for this user. @default everybody */
  openid?: string
  /** Of each occasion, 0–1. @default 1 */
  probability?: number
  /** Occasions on which it fires, then it is gone. @default until cleared */
  times?: number
}

/** The first of `faults` that is meant, and fires now; it is used up by one time. */
export function fire<F extends Firing>(
  faults: F[],
  random: () => number,
  openid: string | undefined,
  isMeant: (fault: F) => boolean,
): F | undefined {
  const fault = faults.find(
    (candidate) =>
      isMeant(candidate) &&
      (candidate.openid === undefined || candidate.openid === openid) &&
      (candidate.probability === undefined || random() < candidate.probability),
  )
  if (fault?.times !== undefined) {
    fault.times -= 1
    if (fault.times <= 0) faults.splice(faults.indexOf(fault), 1)
  }
  return fault
}

/** When something that a test breaks is broken: for whom, how often, how many times. */
export interface Firing {
  /** Only for this user. @default everybody */
  openid?: string
  /** Of each occasion, 0–1. @default 1 */
  probability?: number
  /** Occasions on which it fires, then it is gone. @default until cleared */
  times?: number
}

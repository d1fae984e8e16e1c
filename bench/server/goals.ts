/** What `npm run bench:server` must show; it exits with 1 when one is missed. */
export const goals = {
  /** Assignments through the domain, as a share of the same rows written by hand. */
  assignmentsOfRawSql: 0.6,
  /** Deliveries, as a share of what pg-boss does as its documentation uses it. */
  deliveriesOfPgBoss: 1,
  /** From the assignment to WeChat having the message, half of them, at 50 a second. */
  latencyP50Ms: 25,
  /** How much more heap, after a collection, the last quarter of an hour's work holds than the first. */
  heapGrowth: 0.1,
  /** Of all storms with every event: messages that came twice, and that never came. */
  stormDuplicates: 0,
  stormLost: 0,
} as const

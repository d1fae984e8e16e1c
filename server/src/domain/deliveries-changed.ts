import type { Context } from './context.ts'

/**
 * After a commit that made, freed or ended deliveries: one may be due, and the leads, the deliveries and what people
 * wait for look different.
 */
export function deliveriesChanged(ctx: Pick<Context, 'wakeWorker' | 'changed'>): void {
  ctx.wakeWorker()
  ctx.changed('clues', 'deliveries', 'staff')
}

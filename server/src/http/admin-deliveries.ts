import { listAllDeliveries, readDelivery, redrive } from '../domain/admin-deliveries.ts'
import { readStatistics } from '../domain/statistics.ts'
import type { On } from './endpoint.ts'

/** What the back office sees of the messages. */
export function addAdminDeliveryRoutes(on: On): void {
  on('GET /admin/deliveries', (r, _actor, ctx) => listAllDeliveries(ctx, r.query))
  on('GET /admin/deliveries/{id}', (r, _actor, ctx) => readDelivery(ctx, r.path.id))
  on('POST /admin/deliveries/{id}/redrive', (r, _actor, ctx) => redrive(ctx, r.path.id))
  on('GET /admin/statistics', (r, _actor, ctx) => readStatistics(ctx, r.query))
}

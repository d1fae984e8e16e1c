import { assignFromOutside } from '../domain/integration.ts'
import type { On } from './endpoint.ts'

/** What the customer's own system may call. */
export function addIntegrationRoutes(on: On): void {
  on('POST /integration/assignments', (r, _actor, ctx) => assignFromOutside(ctx, r.body))
}

import {
  changeMember,
  createMember,
  endSessions,
  listMembers,
  readMember,
  unbindMember,
} from '../domain/staff.ts'
import type { On } from './endpoint.ts'

/** What the back office does with people. `passwordNeeded`: this server checks the passwords. */
export function addAdminStaffRoutes(on: On, { passwordNeeded }: { passwordNeeded: boolean }): void {
  on('GET /admin/staff', (r, _actor, ctx) => listMembers(ctx, r.query))
  on('POST /admin/staff', (r, _actor, ctx) => createMember(ctx, r.body, { passwordNeeded }))
  on('GET /admin/staff/{id}', (r, _actor, ctx) => readMember(ctx, r.path.id))
  on('PUT /admin/staff/{id}', (r, _actor, ctx) => changeMember(ctx, r.path.id, r.body))
  on('DELETE /admin/staff/{id}/sessions', (r, _actor, ctx) => endSessions(ctx, r.path.id))
  on('DELETE /admin/staff/{id}/binding', (r, _actor, ctx) => unbindMember(ctx, r.path.id))
}

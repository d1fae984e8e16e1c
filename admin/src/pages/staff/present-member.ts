import { StaffMember } from '@leadbell/contract'
import * as v from 'valibot'
import type { ApiError } from '../../api/outcome.ts'

const CONFLICT = 409

/** The account as it is now, which the backend sends when somebody else edited it first. */
export function presentMember(error: ApiError): StaffMember | undefined {
  return error.kind === 'refused' && error.code === CONFLICT && v.is(StaffMember, error.result)
    ? error.result
    : undefined
}

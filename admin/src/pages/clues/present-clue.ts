import { AdminClue } from '@leadbell/contract'
import { is } from 'valibot'
import type { ApiError } from '../../api/outcome.ts'

/** The lead as it is now, which a refusal carries when somebody else was first. */
export const presentClue = (error: ApiError): AdminClue | null =>
  error.kind === 'refused' && is(AdminClue, error.result) ? error.result : null

import { is, type GenericSchema } from 'valibot'
import { isConflict, type ApiError } from './outcome.ts'

/** The record as it is now, which a refusal carries when somebody else was first; null when it carries none. */
export const presentRecord = <T>(schema: GenericSchema<unknown, T>, error: ApiError): T | null =>
  error.kind === 'refused' && isConflict(error) && is(schema, error.result) ? (error.result as T) : null

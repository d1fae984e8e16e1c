import type { Role } from '@leadbell/contract'

/** Who works in the back office: a person, or another system by its token. `name` is what the history shows. */
export type Actor =
  | { kind: 'account'; accountId: number; name: string; role: Role }
  | { kind: 'token'; name: 'api' | 'integration' }

/** Tells one caller from another. */
export const callerKey = (who: Actor): string =>
  who.kind === 'account' ? `account:${who.accountId}` : `token:${who.name}`

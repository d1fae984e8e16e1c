import { hash, verify } from '@node-rs/argon2'

// argon2id with the library's defaults (19 MiB, 2 passes), which are OWASP's
export const hashPassword = (password: string): Promise<string> => hash(password)

let decoy: Promise<string> | undefined

/** False for an unknown account too, after the same work: the time must not tell who exists. */
export async function passwordMatches(storedHash: string | undefined, password: string): Promise<boolean> {
  decoy ??= hashPassword('nobody’s password')
  const matches = await verify(storedHash ?? (await decoy), password)
  return matches && storedHash !== undefined
}

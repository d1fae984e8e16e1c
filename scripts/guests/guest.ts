import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Platform } from '../../emulator/src/profiles.ts'

export const ROOT = resolve(import.meta.dirname, '../..')
const FOLDER = join(ROOT, 'guests')

/** How a guest is made, in a temporary folder that begins with the files of guests/NAME. */
export type Step =
  /** Installs what the lock file of guests/NAME names, in `in` if given. */
  | { do: 'install'; in?: string }
  | { do: 'copy'; from: string; to: string }
  /** One command; its words stand in groups only to be read. */
  | { do: 'run'; command: string[][]; in?: string }
  /** Lends uni-app's compiler as this repository has it. */
  | { do: 'uni-app'; in: string }

/** A mini-program that is not ours: guests/NAME/guest.json. None of its source is in this repository. */
export interface Guest {
  name: string
  title: string
  what: string
  package: string
  version: string
  license: string
  steps: Step[]
  /** Where the built mini-program is in the end. */
  dist: string
  /** Whose WeChat the phone has. @default 'strict' */
  platform?: Platform
  /** What the phone may collect while it runs, and why. */
  errors: { message: string; reason: string }[]
}

export const guestFolder = (name: string): string => join(FOLDER, name)

export const guestNames = (): string[] =>
  readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)

export function readGuest(name: string): Guest {
  const guest = JSON.parse(readFileSync(join(guestFolder(name), 'guest.json'), 'utf8')) as Omit<Guest, 'name'>
  return { name, ...guest }
}

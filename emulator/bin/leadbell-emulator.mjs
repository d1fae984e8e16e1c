#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { join } from 'node:path'

// the repository runs its sources; the package ships without them
if (existsSync(join(import.meta.dirname, '../src/node/cli.ts'))) {
  const { register } = await import('tsx/esm/api')
  register()
  await import('../src/node/cli.ts')
} else await import('../dist/cli.js')

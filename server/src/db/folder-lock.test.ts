import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FolderInUse, lockFolder } from './folder-lock.ts'

let dir: string
let file: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'leadbell-lock-'))
  file = join(dir, 'deeper', 'data.lock')
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

describe('the lock of the data folder', () => {
  it('is refused to a second opener in the same process, until released', () => {
    const release = lockFolder(file)
    expect(readFileSync(file, 'utf8')).toBe(String(process.pid))
    expect(() => lockFolder(file)).toThrow(FolderInUse)
    release()
    expect(existsSync(file)).toBe(false)
    lockFolder(file)()
  })

  it('is refused while its process lives, and taken over once it is gone', async () => {
    const owner = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    const gone = new Promise((resolve) => owner.once('exit', resolve))
    lockFolder(file)()
    writeFileSync(file, String(owner.pid))
    expect(() => lockFolder(file)).toThrow(new RegExp(`进程 ${owner.pid} 使用.*DATABASE_URL`))
    owner.kill('SIGKILL')
    await gone
    lockFolder(file)()
  })

  it('with our own pid is a former run’s, as in a container', () => {
    lockFolder(file)()
    writeFileSync(file, String(process.pid))
    lockFolder(file)()
  })
})

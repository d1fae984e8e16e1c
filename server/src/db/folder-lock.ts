import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** The data folder belongs to a process that is alive. `message` is for the operator. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse'
}

// a second open by this very process cannot be told by its pid
const heldHere = new Set<string>()

/**
 * Takes `file` as the lock of a data folder and answers the release. PGlite takes no lock itself, and two
 * openers lose acknowledged rows without a word. A lock whose process is gone is taken over.
 *
 * @throws FolderInUse while the owner lives.
 */
export function lockFolder(file: string): () => void {
  if (heldHere.has(file)) throw inUse(process.pid, file)
  for (let attempt = 0; attempt < 2; attempt++) {
    if (createLock(file)) {
      heldHere.add(file)
      const release = () => {
        if (heldHere.delete(file)) rmSync(file, { force: true })
        process.off('exit', release)
      }
      process.once('exit', release)
      return release
    }
    const owner = Number(readFileSync(file, 'utf8'))
    // in a container every run has the same pid: a lock that carries ours is a dead one's
    if (owner !== process.pid && isAlive(owner)) throw inUse(owner, file)
    rmSync(file, { force: true })
  }
  throw inUse(Number.NaN, file)
}

function createLock(file: string): boolean {
  mkdirSync(dirname(file), { recursive: true })
  // written first and linked then: nobody ever reads a lock without its pid
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, String(process.pid))
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return isErrno(error, 'EPERM')
  }
}

const isErrno = (error: unknown, code: string) =>
  error instanceof Error && 'code' in error && error.code === code

const inUse = (pid: number, file: string) =>
  new FolderInUse(
    `数据目录正被进程 ${pid} 使用（锁文件 ${file}）。请先停掉它，或用 DATABASE_URL 接 PostgreSQL 以运行多个进程。 ` +
      `The data folder is in use by process ${pid}; stop it first, or set DATABASE_URL to run several processes.`,
  )

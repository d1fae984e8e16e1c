import { spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './ports.ts'
import { Stop } from './say.ts'

export interface Cluster {
  url: string
  stop(): void
}

/** A PostgreSQL of its own for one test run, or null where its programs are not installed. */
export async function startCluster(): Promise<Cluster | null> {
  const bin = findBin()
  if (!bin) return null
  const folder = mkdtempSync(join(tmpdir(), 'leadbell-postgres-'))
  const owner = unprivilegedUser()
  if (owner) chownSync(folder, owner.uid, owner.gid)
  const data = join(folder, 'data')
  const port = await freePort()

  // PostgreSQL refuses to run as root.
  const pg = (program: string, ...args: string[]) => {
    const command = [join(bin, program), ...args]
    const [file = '', ...rest] = owner ? ['runuser', '-u', owner.name, '--', ...command] : command
    // pg_ctl's server inherits our pipes and would keep them open for ever.
    const { status, error } = spawnSync(file, rest, { stdio: 'ignore', cwd: folder })
    if (status !== 0) throw new Stop(`PostgreSQL: ${program} 失败 (${error?.message ?? `exit ${status}`})`)
  }

  pg('initdb', '-D', data, '-U', 'leadbell', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync')
  const settings = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off -c max_connections=200`
  pg('pg_ctl', '-D', data, '-w', '-l', join(folder, 'log'), '-o', settings, 'start')
  return {
    url: `postgres://leadbell@127.0.0.1:${port}/postgres`,
    stop() {
      pg('pg_ctl', '-D', data, '-m', 'immediate', 'stop')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function findBin(): string | null {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    '/opt/homebrew/opt/postgresql/bin',
    ...(process.env.PATH ?? '').split(':'),
  ]
  return (
    folders.find((folder) => ['initdb', 'pg_ctl'].every((program) => existsSync(join(folder, program)))) ??
    null
  )
}

/** Somebody to run the server as when we are root; null when we are not. */
function unprivilegedUser(): { name: string; uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) =>
      spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout.trim(),
    )
    if (uid && gid) return { name, uid: Number(uid), gid: Number(gid) }
  }
  throw new Stop('PostgreSQL 不能以 root 运行，也没有找到 postgres 或 nobody 用户')
}

import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { parseArgs } from 'node:util'
import { Role } from '@leadbell/contract'
import * as v from 'valibot'
import { readDatabaseSource, type Config } from './config.ts'
import type { Database } from './db/database.ts'
import { createAccount, type NewAccount } from './domain/accounts.ts'
import { createChangeFeed } from './domain/change-feed.ts'
import { createLog } from './log.ts'
import { openMigrated } from './open-migrated.ts'
import { exitCodeOf, refuse } from './start-failure.ts'

const USAGE =
  '用法：npm run add-account -w @leadbell/server -- [--role staff|clerk|admin] <用户名> <姓名>，密码从标准输入读取 (the password comes from stdin)'
const MIN_PASSWORD = 8

process.exitCode = await exitCodeOf(() => run(process.argv.slice(2)))

/** Makes one account; the exit code says whether. */
async function run(args: string[]): Promise<number> {
  const person = readPerson(args)
  if (!person) return refuse([USAGE])
  const source = readDatabaseSource(process.env)
  if (!source.ok) return refuse(source.errors)
  const password = await readPassword()
  if (password.length < MIN_PASSWORD)
    return refuse([`密码至少 ${MIN_PASSWORD} 个字符 (at least ${MIN_PASSWORD} characters)`])
  return add(source.source, { ...person, password })
}

function readPerson(args: string[]): Omit<NewAccount, 'password'> | undefined {
  try {
    const { values, positionals } = parseArgs({
      args,
      options: { role: { type: 'string', default: 'staff' } },
      allowPositionals: true,
    })
    const [username, realname, ...rest] = positionals
    if (!username || !realname || rest.length > 0 || !v.is(Role, values.role)) return undefined
    return { username, realname, role: values.role }
  } catch {
    // an option that there is not
    return undefined
  }
}

async function add(source: Config['database'], person: NewAccount): Promise<number> {
  const database = await openMigrated(source)
  try {
    const account = await createAccount(database.db, person, new Date())
    if (!account) return refuse([`用户名 ${person.username} 已存在 (the username is taken)`])
    await tellServers(database)
    process.stdout.write(
      `已创建账号 ${account.username}（${account.realname}），编号 ${account.id}，角色 ${account.role}\n`,
    )
    return 0
  } finally {
    await database.close()
  }
}

/** The back offices that are open show who there is. */
async function tellServers(database: Database): Promise<void> {
  const changes = createChangeFeed({ database, log: createLog('warn') })
  changes.changed('staff')
  await changes.stop()
}

/** One line of standard input; typed at a terminal it is not shown. */
async function readPassword(): Promise<string> {
  const terminal = process.stdin.isTTY === true
  if (terminal) process.stderr.write('密码：')
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: silent, terminal })
  const first = await new Promise<string>((resolve) => {
    lines.once('line', resolve)
    lines.once('close', () => resolve(''))
  })
  lines.close()
  if (terminal) process.stderr.write('\n')
  return first
}

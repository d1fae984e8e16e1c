import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { readDatabaseSource } from './config.ts'
import { openDatabase } from './db/database.ts'
import { FolderInUse } from './db/folder-lock.ts'
import { migrate } from './db/migrate.ts'
import { createAccount } from './domain/accounts.ts'

const USAGE =
  '用法：npm run add-account -w server -- <用户名> <姓名>，密码从标准输入读取 (the password comes from stdin)'
const MIN_PASSWORD = 8

process.exitCode = await run(process.argv.slice(2))

/** Makes one account; the exit code says whether. */
async function run([username, realname, ...rest]: string[]): Promise<number> {
  if (!username || !realname || rest.length > 0) return fail(USAGE)
  const source = readDatabaseSource(process.env)
  if (!source.ok) return fail(source.errors.join('\n'))
  const password = await readPassword()
  if (password.length < MIN_PASSWORD)
    return fail(`密码至少 ${MIN_PASSWORD} 个字符 (at least ${MIN_PASSWORD} characters)`)
  try {
    return await add(source.source, { username, realname, password })
  } catch (error) {
    if (error instanceof FolderInUse) return fail(error.message)
    throw error
  }
}

async function add(
  source: Parameters<typeof openDatabase>[0],
  person: { username: string; realname: string; password: string },
): Promise<number> {
  const database = await openDatabase(source)
  try {
    await migrate(database)
    const account = await createAccount(database.db, person, new Date())
    if (!account) return fail(`用户名 ${person.username} 已存在 (the username is taken)`)
    process.stdout.write(`已创建账号 ${account.username}（${account.realname}），编号 ${account.id}\n`)
    return 0
  } finally {
    await database.close()
  }
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

function fail(line: string): number {
  process.stderr.write(`${line}\n`)
  return 1
}

import { openDatabase, sqlState, type Database } from './db/database.ts'
import { FolderInUse } from './db/folder-lock.ts'
import { migrate, readSchemaState, SchemaNewer } from './db/migrate.ts'
import type { Config } from './config.ts'
import { errnoOf, StartFailure } from './start-failure.ts'

const NEWER =
  'DATABASE_URL: 数据库的结构比这个程序新，说明新版本已经升级过它。请启动新版本，或恢复升级前的备份 (the schema is newer than this program)'
const OLDER =
  'MIGRATE_ON_START: 数据库的结构还是旧的，而 MIGRATE_ON_START=0。请先运行 npm run migrate -w @leadbell/server (the schema is older than this program)'

/**
 * Opens the database with the schema that this program wants. `migrates: false` changes nothing in it and fails unless
 * it is current.
 *
 * @throws StartFailure for what the operator can mend; nothing stays open then.
 */
export async function openMigrated(
  source: Config['database'],
  { migrates = true }: { migrates?: boolean } = {},
): Promise<Database> {
  const database = await openDatabase(source).catch((error: unknown) => {
    throw error instanceof FolderInUse ? new StartFailure(error.message) : error
  })
  try {
    if (migrates) await migrate(database)
    else await demandCurrent(database)
    return database
  } catch (error) {
    await database.close()
    throw explained(error)
  }
}

async function demandCurrent(database: Database): Promise<void> {
  const state = await readSchemaState(database)
  if (state === 'newer') throw new SchemaNewer('the schema is newer')
  if (state === 'older') throw new StartFailure(OLDER)
}

function explained(error: unknown): unknown {
  if (error instanceof SchemaNewer) return new StartFailure(NEWER)
  const why = error instanceof Error && error.message ? error.message : 'no connection'
  const unreachable = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|timeout/.test(`${why} ${errnoOf(error)}`)
  // 28: the password, 3D: the name of the database
  return unreachable || /^(28|3D)/.test(sqlState(error) ?? '')
    ? new StartFailure(
        `DATABASE_URL: 连不上数据库，请检查地址、账号和密码 (cannot connect: ${errnoOf(error) || why})`,
      )
    : error
}

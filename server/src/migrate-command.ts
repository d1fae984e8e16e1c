import { readDatabaseSource } from './config.ts'
import { openMigrated } from './open-migrated.ts'
import { exitCodeOf, refuse } from './start-failure.ts'

process.exitCode = await exitCodeOf(run)

/** Brings the database up to this program's schema and ends. */
async function run(): Promise<number> {
  const source = readDatabaseSource(process.env)
  if (!source.ok) return refuse(source.errors)
  const database = await openMigrated(source.source)
  await database.close()
  process.stdout.write('数据库的结构已是最新 (the schema is current)\n')
  return 0
}

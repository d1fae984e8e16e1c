import { listOwnClues } from '../../server/src/domain/clues.ts'
import type { Context } from '../../server/src/domain/context.ts'
import type { Database } from '../../server/src/db/database.ts'
import type { Sizes } from './growth-data.ts'

export interface Person {
  accountId: number
  openid: string
  /** A lead of theirs. */
  clueId: number
}

/** Who and what the operations are tried on. */
export interface Cast {
  /** The n-th of a thousand people at most, picked by chance who can be rung. */
  average(n: number): Person
  heavy: Person
  /** Has very many leads too, and none of the last months. */
  departed: Person
  longBook: Person
  longestBook: Person
  /** A lead that nobody has had yet. */
  freshLead(): Promise<number>
  /** Enters five hundred for the next calls. */
  enterFresh(): Promise<void>
  /** Where the page before `page` of the person's list ends. */
  cursorOf(accountId: number, page: number, size: number): Promise<string>
}

export async function castFor(ctx: Context, database: Database, sizes: Sizes): Promise<Cast> {
  const { pool } = database
  await pool.query('select setseed(0.17)')
  const average = await readPeople(
    database,
    `account_id > ${sizes.heavyPeople + 1} and quota >= 20
     and not exists (select from accounts a where a.id = account_id and a.disabled_at is not null) order by md5(openid) limit 1000`,
  )
  const one = async (where: string): Promise<Person> => {
    const [person] = await readPeople(database, where)
    if (!person) throw new Error(`nobody fits: ${where}`)
    return person
  }
  const books = '(select count(*) from ledger l where l.openid = b.openid)'
  const cursors = new Map<string, string>()
  const fresh: number[] = []
  const enterFresh = async () => {
    fresh.push(...(await enterLeads(database, 500)))
  }
  return {
    enterFresh,
    average(n) {
      const person = average[n % average.length]
      if (!person) throw new Error('nobody can be rung')
      return person
    },
    heavy: await one('account_id = 1'),
    departed: await one(`account_id = ${sizes.heavyPeople + 1}`),
    longBook: await one(
      sizes.heavyBooks > 0
        ? `${books} between ${sizes.heavyBook * 0.9} and ${sizes.heavyBook * 1.5} order by account_id desc limit 1`
        : 'account_id = 104',
    ),
    longestBook: await one(`account_id <= ${sizes.heavyPeople + 1} order by ${books} desc limit 1`),
    async freshLead() {
      if (fresh.length === 0) await enterFresh()
      return fresh.pop() ?? 0
    },
    async cursorOf(accountId, page, size) {
      const key = `${accountId}/${page}`
      const known = cursors.get(key)
      if (known !== undefined) return known
      let cursor: string | undefined
      for (let at = 1; at < page || cursor === undefined; at++) {
        const read = await listOwnClues(ctx, accountId, { limit: size, cursor })
        if (!read.ok || read.value.nextCursor === null) throw new Error(`there is no page ${page}`)
        cursor = read.value.nextCursor
      }
      cursors.set(key, cursor)
      return cursor
    },
  }
}

async function readPeople({ pool }: Database, where: string): Promise<Person[]> {
  const { rows } = await pool.query<Person>(
    `select b.account_id as "accountId", b.openid, lead.id as "clueId"
     from wechat_bindings b join quotas q using (openid)
     cross join lateral (select id from clues c where c.assignee_id = b.account_id and c.deleted_at is null limit 1) lead
     where ${where}`,
  )
  return rows
}

/** As an import does, with a word to search for in every hundredth. */
async function enterLeads({ pool }: Database, count: number): Promise<number[]> {
  const { rows } = await pool.query<{ id: number }>(
    `insert into clues (title, customer_name, phone, remark, status, version, created_at)
     select case when n % 100 = 0 then '线索收件箱 ' else '新线索 ' end || n, '客户', '139' || lpad(n::text, 8, '0'), '', 'pending', 1, now()
     from generate_series(1, $1::int) n returning id`,
    [count],
  )
  return rows.map(({ id }) => id)
}

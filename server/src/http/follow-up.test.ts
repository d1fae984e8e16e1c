import { randomUUID } from 'node:crypto'
import type { Clue, ClueDetail, ClueNote, CluePage, ClueStatus } from '@leadbell/contract'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { giveClueTo } from '../db/clues.ts'
import { Harness, type Person } from '../testing/harness.ts'

let server: Harness
let owner: Person & { token: string }
let other: Person & { token: string }
beforeAll(async () => {
  server = await Harness.start()
  const [a, b] = [await server.hire('陈小舟'), await server.hire('林可')]
  owner = { ...a, token: await server.tokenOf(a) }
  other = { ...b, token: await server.tokenOf(b) }
})
afterAll(() => server.stop())

const read = async (id: string, { token } = owner) =>
  (await server.call<ClueDetail>('GET', `/clues/${id}`, { token })).result
const open = (id: string, { token } = owner) => server.call<null>('PUT', `/clues/${id}/read`, { token })
const setStatus = (clue: Clue, status: ClueStatus, { token } = owner) =>
  server.call<Clue>('PUT', `/clues/${clue.id}`, { token, body: { status, version: clue.version } })
const note = (clueId: string, text: string, id: string = randomUUID(), { token } = owner) =>
  server.call<ClueNote>('POST', `/clues/${clueId}/notes`, { token, body: { id, text } })

describe('opening a lead', () => {
  it('takes the unread mark away at the first time and is no edit', async () => {
    const { clue } = await server.assign(owner)
    expect(clue.readAt).toBeNull()
    const opened = server.now().toISOString()
    expect(await open(clue.id)).toMatchObject({ status: 200, code: 200, result: null })
    server.advance(1000)
    expect(await open(clue.id)).toMatchObject({ code: 200, result: null })
    expect(await read(clue.id)).toMatchObject({ readAt: opened, version: clue.version })
    const { items } = (await server.call<CluePage>('GET', '/clues?limit=1', { token: owner.token })).result
    expect(items[0]).toMatchObject({ id: clue.id, readAt: opened })
  })

  it('is forgotten when the lead goes to somebody, the same person included', async () => {
    const { clue } = await server.assign(owner)
    await open(clue.id)
    const again = await server.reassign(clue, owner)
    expect(again.result.clue.readAt).toBeNull()
    expect((await read(clue.id)).readAt).toBeNull()
    await open(clue.id)
    const { result } = await server.reassign(again.result.clue, other)
    expect(result.clue.readAt).toBeNull()
  })
})

describe('changing the status', () => {
  it('is one edit, and the lead says so from then on', async () => {
    const { clue } = await server.assign(owner)
    const changed = await setStatus(clue, 'following')
    const expected = { ...clue, status: 'following', version: clue.version + 1 }
    expect(changed).toMatchObject({ status: 200, code: 200, result: expected })
    expect(await read(clue.id)).toMatchObject(expected)
  })

  it('to what it is already changes nothing, however often', async () => {
    const { clue } = await server.assign(owner)
    for (let n = 0; n < 2; n++)
      expect(await setStatus(clue, clue.status)).toMatchObject({ code: 200, result: clue })
  })

  it('on a stale version is answered with the present lead and does nothing', async () => {
    const { clue } = await server.assign(owner)
    const won = await setStatus(clue, 'won')
    expect(await setStatus(clue, 'invalid')).toMatchObject({
      status: 409,
      code: 409,
      success: false,
      message: '线索已被他人修改，请核对最新内容后再操作',
      result: won.result,
    })
    expect(await read(clue.id)).toMatchObject({ status: 'won' })
    expect(await setStatus(won.result, 'invalid')).toMatchObject({ code: 200 })
  })

  it('makes an assignment on the earlier version stale', async () => {
    const { clue } = await server.assign(owner)
    const { result } = await setStatus(clue, 'following')
    expect(await server.reassign(clue, other)).toMatchObject({ code: 409, result })
  })

  it.each([
    [{ status: 'lost', version: 2 }, 'status'],
    [{ version: 2 }, 'status'],
    [{ status: 'won' }, 'version'],
    [{ status: 'won', version: 0 }, 'version'],
    [{ status: 'won', version: '2' }, 'version'],
  ])('names the field that is wrong: %j', async (body, field) => {
    const { clue } = await server.assign(owner)
    const answer = await server.call('PUT', `/clues/${clue.id}`, { token: owner.token, body })
    expect(answer).toMatchObject({ status: 400, code: 400 })
    expect(answer.message).toContain(`（${field}）`)
  })

  it('takes a version beyond every count for a stale one', async () => {
    const { clue } = await server.assign(owner)
    for (const version of [2 ** 31 - 1, 2 ** 31, Number.MAX_SAFE_INTEGER, 1e300]) {
      expect(await setStatus({ ...clue, version }, 'won')).toMatchObject({ code: 409, result: clue })
      expect(await server.reassign({ ...clue, version }, other)).toMatchObject({ code: 409, result: clue })
    }
  })
})

describe('changes of one lead at once', () => {
  type Move =
    { kind: 'status'; by: 'owner' | 'other'; status: ClueStatus } | { kind: 'assign'; to: 'owner' | 'other' }
  const who = fc.constantFrom('owner' as const, 'other' as const)
  const move: fc.Arbitrary<Move> = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('status' as const),
        by: who,
        status: fc.constantFrom<ClueStatus>('pending', 'following', 'won', 'invalid'),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('assign' as const), to: who }) },
  )

  it('go through one after another: of those that saw one version at most one edits it, its owner alone', async () => {
    const people = { owner, other }
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(move, { maxLength: 5 }), { maxLength: 3 }), async (rounds) => {
        let clue = (await server.assign(owner)).clue
        for (const moves of rounds) {
          const seen = clue
          const answers = await Promise.all(
            moves.map(async (now) => {
              if (now.kind === 'status') return setStatus(seen, now.status, people[now.by])
              const answer = await server.reassign(seen, people[now.to])
              return { ...answer, result: answer.code === 200 ? answer.result.clue : answer.result }
            }),
          )
          for (const [n, { code, result }] of answers.entries()) {
            const now = moves[n]
            expect([200, 403, 404, 409]).toContain(code)
            if (code !== 200 || now?.kind !== 'status') continue
            // whoever changed the status had the lead at that moment
            expect(result).toMatchObject({ status: now.status, assigneeId: people[now.by].id })
          }
          const edits = answers.filter(
            ({ code, result }) => code === 200 && (result as Clue).version !== seen.version,
          )
          expect(edits.length).toBeLessThanOrEqual(1)
          clue = edits[0] ? (edits[0].result as Clue) : seen
          const holder = clue.assigneeId === owner.id ? owner : other
          expect(await read(clue.id, holder)).toEqual({ ...clue, notes: [] })
        }
      }),
      { numRuns: 25 },
    )
  })
})

describe('follow-up notes', () => {
  it('are kept with their author, newest first, and are no edit', async () => {
    const { clue } = await server.assign(owner)
    const first = await note(clue.id, '  电话聊过，周四再联系 ')
    expect(first).toMatchObject({
      status: 200,
      code: 200,
      result: { text: '电话聊过，周四再联系', author: '陈小舟', at: server.now().toISOString() },
    })
    server.advance(1000)
    const second = await note(clue.id, '约好周四上门')
    expect(await read(clue.id)).toEqual({ ...clue, notes: [second.result, first.result] })
  })

  it('go with the lead: the next owner reads them and adds to them', async () => {
    const { clue } = await server.assign(owner)
    const first = await note(clue.id, '对方在比价')
    await server.reassign(clue, other)
    server.advance(1000)
    const second = await note(clue.id, '接手，明天回电', undefined, other)
    expect(second.result.author).toBe('林可')
    expect((await read(clue.id, other)).notes).toEqual([second.result, first.result])
  })

  it('sent again are answered as they are stored, also when both arrive at once', async () => {
    const { clue } = await server.assign(owner)
    const id = randomUUID()
    const answers = await Promise.all(Array.from({ length: 5 }, (_, n) => note(clue.id, `第 ${n} 次`, id)))
    server.advance(1000)
    answers.push(await note(clue.id, '后来', id))
    const { notes } = await read(clue.id)
    expect(notes).toHaveLength(1)
    for (const { code, result } of answers) expect({ code, result }).toEqual({ code: 200, result: notes[0] })
  })

  it('of two leads may have the same id', async () => {
    const [one, two] = [await server.assign(owner), await server.assign(owner)]
    await note(one.clue.id, '甲', 'same-id-1')
    expect((await note(two.clue.id, '乙', 'same-id-1')).result.text).toBe('乙')
    expect((await read(one.clue.id)).notes.map(({ text }) => text)).toEqual(['甲'])
  })

  it('are shown up to the newest hundred', async () => {
    const { clue } = await server.assign(owner)
    await server.db.database.pool.query(
      `insert into clue_notes (clue_id, id, author_id, text, at)
       select $1::bigint, 'note-' || n, $2::bigint, n::text, $3::timestamptz + n * interval '1 second'
       from generate_series(1, 103) n`,
      [clue.id, owner.id, server.now().toISOString()],
    )
    const { notes } = await read(clue.id)
    expect(notes.map(({ text }) => Number(text))).toEqual(Array.from({ length: 100 }, (_, n) => 103 - n))
  })

  it.each(['话'.repeat(500), '第一行\n第二行', "'; drop table clue_notes; --", '<b>粗</b> & "引" \\ 😀'])(
    'keep their text to the letter: %j',
    async (text) => {
      const { clue } = await server.assign(owner)
      expect((await note(clue.id, text)).result.text).toBe(text)
      expect((await read(clue.id)).notes.map((kept) => kept.text)).toEqual([text])
    },
  )

  it.each([
    [{ id: 'note-0001' }, '跟进内容', 'text'],
    [{ id: 'note-0001', text: ' \n ' }, '跟进内容', 'text'],
    [{ id: 'note-0001', text: '话'.repeat(501) }, '跟进内容', 'text'],
    [{ id: 'note-0001', text: '有\0的' }, '跟进内容', 'text'],
    [{ id: 'short', text: '好' }, '编号', 'id'],
    [{ id: "x' or '1'='1", text: '好' }, '编号', 'id'],
    [{ id: 'x'.repeat(65), text: '好' }, '编号', 'id'],
    [{ text: '好' }, '编号', 'id'],
  ])('name the field that is wrong: %j', async (body, label, field) => {
    const { clue } = await server.assign(owner)
    expect(await server.call('POST', `/clues/${clue.id}/notes`, { token: owner.token, body })).toMatchObject({
      status: 400,
      code: 400,
      message: `${label}有误或未填写，请检查后重试（${field}）`,
    })
    expect((await read(clue.id)).notes).toEqual([])
  })
})

describe('a reassignment that is not committed yet', () => {
  /** Whether somebody waits for the database: for the row, or on PGlite for the one connection. */
  async function someoneWaits(): Promise<boolean> {
    const { engine, pool } = server.db.database
    if (engine === 'PGlite') return pool.waitingCount > 0
    const { rows } = await pool.query(
      "select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    )
    return rows.length > 0
  }

  it.each<[string, (clue: Clue) => Promise<{ code: number }>]>([
    ['a status', (clue) => setStatus(clue, 'won')],
    ['the read mark', ({ id }) => open(id)],
    ['a note', ({ id }) => note(id, '赶上了吗')],
  ])('is waited for by the earlier owner’s change of %s, which is then refused', async (_name, change) => {
    const { clue } = await server.assign(owner)
    const [order, assignedAt] = [{ id: Number(clue.id), assigneeId: Number(other.id) }, server.now()]
    const [taken, committing] = [gate(), gate()]
    const reassigned = server.db.database.transaction(async (tx) => {
      const { version } = clue
      expect((await giveClueTo(tx, { ...order, version, now: assignedAt })).kind).toBe('given')
      taken.open()
      await committing.opened
    })
    await taken.opened
    const late = change(clue)
    await vi.waitFor(async () => expect(await someoneWaits()).toBe(true))
    committing.open()
    await reassigned
    expect(await late).toMatchObject({ status: 403, code: 403 })
    const { rows } = await server.db.database.pool.query(
      'select status, read_at, (select count(*) from clue_notes where clue_id = $1) as notes from clues where id = $1',
      [clue.id],
    )
    expect(rows).toEqual([{ status: 'pending', read_at: null, notes: 0 }])
  })
})

function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { open, opened }
}

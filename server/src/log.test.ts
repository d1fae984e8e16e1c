import { DrizzleQueryError } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { createLog } from './log.ts'

/** What one call of the log writes. */
function written(write: (log: ReturnType<typeof createLog>) => void): string {
  const lines: string[] = []
  write(createLog('info', { write: (line) => void lines.push(line) }))
  expect(lines).toHaveLength(1)
  return lines[0] ?? ''
}

describe('the log', () => {
  it.each([
    'password',
    'token',
    'adminToken',
    'access_token',
    'code',
    'session_key',
    'secret',
    'integrationSecret',
    'aesKey',
    'Encrypt',
    'captcha',
    'signature',
    'msg_signature',
    'authorization',
    'x-access-token',
    'x-leadbell-signature',
    'openid',
    'unionid',
    'touser',
    'phone',
    'customerName',
    'remark',
  ])('hides %s wherever it stands', (key) => {
    const line = written((log) =>
      log.info({ [key]: 'hunter2', a: { [key]: 'hunter2', b: { [key]: 'hunter2' } }, delivery: 7 }, 'words'),
    )
    expect(line).not.toContain('hunter2')
    expect(JSON.parse(line)).toMatchObject({
      [key]: '[hidden]',
      a: { [key]: '[hidden]', b: { [key]: '[hidden]' } },
      delivery: 7,
      msg: 'words',
    })
  })

  it('tells a failed query without its values, however deep it is the cause', () => {
    const database = Object.assign(new Error('duplicate key value violates "ledger_key"'), {
      code: '23505',
      detail: 'Key (key)=(hunter2) already exists.',
    })
    const query = new DrizzleQueryError('insert into ledger values ($1)', ['hunter2'], database)
    for (const err of [query, new Error('settling failed', { cause: query }), database]) {
      const line = written((log) => log.error({ err }, 'failed'))
      expect(line).not.toContain('hunter2')
      expect(line).toContain('23505')
      expect(line).toContain('log.test.ts')
    }
    expect(JSON.parse(written((log) => log.error({ err: query }, 'failed')))).toMatchObject({
      err: { type: 'DrizzleQueryError', query: 'insert into ledger values ($1)', cause: { type: 'Error' } },
    })
  })

  it('survives an error that is none, and causes that go round in a circle', () => {
    expect(written((log) => log.error({ err: 'hunter2' }, 'failed'))).not.toContain('hunter2')
    const circle = new Error('round')
    circle.cause = circle
    expect(written((log) => log.error({ err: circle }, 'failed'))).toContain('round')
  })
})

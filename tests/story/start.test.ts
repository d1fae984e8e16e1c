import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { freePort } from '../../scripts/ports.ts'

const root = resolve(import.meta.dirname, '../..')
const data = mkdtempSync(join(tmpdir(), 'leadbell-start-'))
const running = new Set<ChildProcess>()

/** `npm start`, as its script runs it. */
function start(env: Record<string, string>) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/start.ts'], {
    cwd: root,
    env: { ...process.env, LEADBELL_DATA: data, ...env },
  })
  running.add(child)
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const exited = new Promise<number | null>((done) =>
    child.once('exit', (code) => {
      running.delete(child)
      done(code)
    }),
  )
  const says = (words: string) =>
    new Promise<void>((done, fail) => {
      const look = () => {
        if (output.includes(words)) done()
      }
      child.stdout.on('data', look)
      look()
      void exited.then(() => fail(new Error(`ended before it said ${words}:\n${output}`)))
    })
  return { child, says, exited, output: () => output }
}

afterAll(() => {
  for (const child of running) child.kill('SIGKILL')
  rmSync(data, { recursive: true, force: true })
})

describe('npm start', () => {
  it('a port in use: one line that says which and what to type, no stack', async () => {
    const squatter = createServer()
    const port = await new Promise<number>((done) =>
      squatter.listen(0, '127.0.0.1', () => done((squatter.address() as { port: number }).port)),
    )
    const run = start({ LEADBELL_PORT: String(port) })
    expect(await run.exited).toBe(1)
    squatter.close()
    expect(run.output()).toContain(`端口 ${port} 被占用`)
    expect(run.output()).toContain(`LEADBELL_PORT=${port + 10} npm start`)
    expect(run.output()).not.toMatch(/\n\s+at /)
  })

  it('a port that is none: says so', async () => {
    const run = start({ LEADBELL_PORT: 'abc' })
    expect(await run.exited).toBe(1)
    expect(run.output()).toContain('LEADBELL_PORT=abc 不是端口号')
    expect(run.output()).not.toMatch(/\n\s+at /)
  })

  // it builds both pages twice
  it('prints one address that works; Ctrl-C ends all of it; a second start keeps the data', async () => {
    const ports = { LEADBELL_PORT: String(await freePort()), LEADBELL_SERVER_PORT: String(await freePort()) }
    const url = `http://127.0.0.1:${ports.LEADBELL_PORT}`
    const grants = { openid: 'oLeadbellDemoPhone000000001' }
    const desk = (path: string, body?: object) =>
      fetch(
        `${url}${path}`,
        body && {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json' },
        },
      )

    const first = start(ports)
    await first.says('按 Ctrl-C 停止')
    expect(first.output()).toContain(url)
    expect(await (await fetch(url)).text()).toContain('<html')
    await desk(`/__phone/subscribe/open`, {
      ...grants,
      tmplIds: ['TPL_CLUE_ASSIGNED_0000000000000000000000001'],
    })
    await desk(`/__phone/subscribe/close`, {
      ...grants,
      settled: {},
      decisions: { TPL_CLUE_ASSIGNED_0000000000000000000000001: 'accept' },
      keep: false,
    })
    first.child.kill('SIGINT')
    expect(await first.exited).toBe(0)
    await expect(fetch(url)).rejects.toThrow()
    await expect(fetch(`http://127.0.0.1:${ports.LEADBELL_SERVER_PORT}/healthz`)).rejects.toThrow()
    expect(existsSync(join(data, 'pglite'))).toBe(true)

    const second = start(ports)
    await second.says('按 Ctrl-C 停止')
    expect(await (await desk(`/__desk/quota/${grants.openid}`)).json()).toEqual({
      TPL_CLUE_ASSIGNED_0000000000000000000000001: 1,
    })
    second.child.kill('SIGINT')
    expect(await second.exited).toBe(0)
  }, 300_000)
})

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { trialAdmin, TRIAL_PASSWORD } from '../domain/trial.ts'
import { listen, type Listening } from '../listen.ts'
import { ADMIN_TOKEN, Harness } from '../testing/harness.ts'
import { sayTrialLogin } from './admin-page.ts'
import { createApp } from './app.ts'

const PLACEHOLDER = '<meta name="leadbell-trial" content="">'
const INDEX = `<!doctype html><head>${PLACEHOLDER}<script type="module" src="./assets/index-B7x_2-aa.js"></script></head>`
const SCRIPT = 'export const words = "线索铃";\n'.repeat(50)
const STYLES = 'body { margin: 0 }\n'
const ICON = '<svg xmlns="http://www.w3.org/2000/svg"/>'
const SECRET = 'nobody may read this'

let server: Harness
let root: string
let folder: string
beforeAll(async () => {
  server = await Harness.start()
})
afterAll(() => server.stop())
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'leadbell-admin-page-'))
  folder = join(root, 'dist')
  build()
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** What the build leaves, and what lies beside it. */
function build(): void {
  const assets = join(folder, 'assets')
  mkdirSync(join(assets, 'inner'), { recursive: true })
  const files = {
    [join(folder, 'index.html')]: INDEX,
    [join(folder, 'favicon.svg')]: ICON,
    [join(assets, 'index-B7x_2-aa.js')]: SCRIPT,
    [join(assets, 'index-B7x_2-aa.js.br')]: brotliCompressSync(SCRIPT),
    [join(assets, 'index-B7x_2-aa.js.gz')]: gzipSync(SCRIPT),
    [join(assets, 'only.css')]: STYLES,
    [join(assets, 'only.css.gz')]: gzipSync(STYLES),
    [join(assets, 'logo.png')]: Buffer.from([0x89, 0x50, 0x4e, 0x47]),
    [join(assets, '.env')]: SECRET,
    [join(assets, 'inner', 'deep.js')]: SECRET,
    [join(folder, 'notes.txt')]: SECRET,
    [join(root, 'secret.txt')]: SECRET,
  }
  for (const [name, content] of Object.entries(files)) writeFileSync(name, content)
}

const appWith = ({ trial = false, adminDir = folder } = {}) =>
  createApp({ ctx: server.ctx, adminToken: ADMIN_TOKEN, trial, adminDir, addressOf: () => '203.0.113.1' })

const ask = (path: string, headers: Record<string, string> = {}, { method = 'GET', trial = false } = {}) =>
  appWith({ trial }).request(`http://localhost${path}`, { method, headers })

describe('the page of the back office', () => {
  it('is looked for anew each time, and sent only when it changed', async () => {
    const answer = await ask('/admin/')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toMatch(/^text\/html; charset=utf-8$/i)
    expect(answer.headers.get('cache-control')).toBe('no-cache')
    expect(await answer.text()).toBe(INDEX)
    const etag = answer.headers.get('etag') ?? ''
    expect(etag).toMatch(/^(W\/)?"\w+"$/)

    const same = await ask('/admin/', { 'if-none-match': etag })
    expect(same.status).toBe(304)
    expect(same.headers.get('cache-control')).toBe('no-cache')
    expect(await same.text()).toBe('')

    writeFileSync(join(folder, 'index.html'), '<p>a newer build</p>')
    const newer = await ask('/admin/', { 'if-none-match': etag })
    expect(newer.status).toBe(200)
    expect(await newer.text()).toBe('<p>a newer build</p>')
  })

  it('is found without the last slash, whatever a proxy puts before it', async () => {
    const answer = await ask('/admin')
    expect(answer.status).toBe(308)
    const location = answer.headers.get('location') ?? ''
    expect(new URL(location, 'https://example.com/admin').pathname).toBe('/admin/')
    expect(new URL(location, 'https://example.com/leads/admin').pathname).toBe('/leads/admin/')
  })

  it('lets nothing come from elsewhere, and nobody else show it', async () => {
    for (const path of ['/admin/', '/admin/assets/index-B7x_2-aa.js']) {
      const { headers } = await ask(path)
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; object-src 'none'; frame-ancestors 'self'",
      )
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    }
  })

  it('answers HEAD like GET, without the page', async () => {
    for (const path of ['/admin/', '/admin/assets/index-B7x_2-aa.js']) {
      const [get, head] = [await ask(path), await ask(path, {}, { method: 'HEAD' })]
      expect(head.status).toBe(200)
      expect(await head.text()).toBe('')
      for (const name of ['content-type', 'cache-control', 'etag', 'content-security-policy'])
        expect(head.headers.get(name), name).toBe(get.headers.get(name))
    }
  })
})

describe('in trial mode', () => {
  const trial = { trial: true }

  it('the page says how to log in', async () => {
    const html = await (await ask('/admin/', {}, trial)).text()
    const filled = `<meta name="leadbell-trial" content="${trialAdmin.username} / ${TRIAL_PASSWORD}">`
    expect(html).toBe(INDEX.replace(PLACEHOLDER, filled))
  })

  it('the page may be shown beside the phone on this machine, and nowhere else', async () => {
    const { headers } = await ask('/admin/', {}, trial)
    expect(headers.get('content-security-policy')).toMatch(
      /; frame-ancestors 'self' http:\/\/127\.0\.0\.1:\* http:\/\/localhost:\*$/,
    )
  })

  it('what is filled in cannot leave its place', () => {
    expect(sayTrialLogin(PLACEHOLDER, `"><script>alert('1')</script>&$&$1`)).toBe(
      '<meta name="leadbell-trial" content="&#34;&#62;&#60;script&#62;alert(&#39;1&#39;)&#60;/script&#62;&#38;$&#38;$1">',
    )
  })

  it('a page as Prettier writes it is filled in, too', () => {
    expect(sayTrialLogin('<meta name="leadbell-trial" content="" />', 'wang')).toBe(
      '<meta name="leadbell-trial" content="wang" />',
    )
  })
})

describe('a file of the page', () => {
  const path = '/admin/assets/index-B7x_2-aa.js'

  it.each([
    ['br, gzip', 'br', brotliCompressSync(SCRIPT)],
    ['gzip, deflate, br, zstd', 'br', brotliCompressSync(SCRIPT)],
    ['gzip', 'gzip', gzipSync(SCRIPT)],
    ['', null, Buffer.from(SCRIPT)],
    ['deflate', null, Buffer.from(SCRIPT)],
    ['br;q=0', null, Buffer.from(SCRIPT)],
  ])('comes to who accepts %j as %j', async (accepted, encoding, bytes) => {
    const answer = await ask(path, { 'accept-encoding': accepted })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-encoding')).toBe(encoding)
    expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(answer.headers.get('content-length')).toBe(String(bytes.length))
    expect(answer.headers.get('vary')).toBe('accept-encoding')
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true)
  })

  it('comes as it is when that is all there is', async () => {
    const css = await ask('/admin/assets/only.css', { 'accept-encoding': 'br' })
    expect(css.headers.get('content-encoding')).toBeNull()
    expect(css.headers.get('content-type')).toBe('text/css; charset=utf-8')
    expect(await css.text()).toBe(STYLES)
    const png = await ask('/admin/assets/logo.png', { 'accept-encoding': 'br, gzip' })
    expect(png.headers.get('content-type')).toBe('image/png')
    expect((await png.arrayBuffer()).byteLength).toBe(4)
  })

  it('may be kept for ever', async () => {
    expect((await ask(path)).headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  })

  it('that keeps its name is looked for anew', async () => {
    const icon = await ask('/admin/favicon.svg')
    expect(icon.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8')
    expect(icon.headers.get('cache-control')).toBe('no-cache')
    expect(icon.headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(await icon.text()).toBe(ICON)
  })

  it('that there is not is 404 in the envelope, which may not be kept', async () => {
    for (const name of ['gone.js', 'inner', '', 'index.html']) {
      const answer = await ask(`/admin/assets/${name}`)
      expect(answer.status).toBe(404)
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(await answer.json()).toMatchObject({ success: false, code: 404, result: null })
    }
  })
})

describe('over the network', () => {
  let listening: Listening
  beforeEach(async () => {
    listening = await listen(appWith().fetch, { host: '127.0.0.1', port: 0 })
  })
  afterEach(() => listening.close())

  /** The path as it is: a URL would take the dots out of it. */
  const send = (path: string, method = 'GET') =>
    new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; body: string }>(
      (resolve, reject) => {
        const sent = request({ host: '127.0.0.1', port: listening.port, path, method }, (answer) => {
          const chunks: Buffer[] = []
          answer.on('data', (chunk: Buffer) => chunks.push(chunk))
          answer.on('end', () =>
            resolve({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              body: Buffer.concat(chunks).toString(),
            }),
          )
        })
        sent.on('error', reject)
        sent.end()
      },
    )

  it.each([
    '/admin/assets/../notes.txt',
    '/admin/assets/../../secret.txt',
    '/admin/../secret.txt',
    '/admin/assets/%2e%2e/notes.txt',
    '/admin/assets/..%2fnotes.txt',
    '/admin/assets/%2e%2e%2f%2e%2e%2fsecret.txt',
    '/admin/assets/..%5c..%5csecret.txt',
    '/admin/assets/..\\notes.txt',
    '/admin/assets/%252e%252e%252fnotes.txt',
    '/admin/assets//notes.txt',
    '/admin/assets/.env',
    '/admin/assets/%2eenv',
    '/admin/assets/inner/deep.js',
    '/admin/assets/inner%2fdeep.js',
    '/admin/assets/logo.png%00.js',
    '/admin/notes.txt',
    '/admin/secret.txt',
  ])('%s reads nothing', async (path) => {
    const answer = await send(path)
    expect([400, 404]).toContain(answer.status)
    expect(answer.body).not.toContain(SECRET)
  })

  it('the page and its files arrive whole, and HEAD brings their length alone', async () => {
    expect(await send('/admin/')).toMatchObject({ status: 200, body: INDEX })
    expect(await send('/admin')).toMatchObject({ status: 308, headers: { location: 'admin/' } })
    expect(await send('/admin/assets/index-B7x_2-aa.js')).toMatchObject({ status: 200, body: SCRIPT })
    expect(await send('/admin/assets/index-B7x_2-aa.js', 'HEAD')).toMatchObject({
      status: 200,
      body: '',
      headers: { 'content-length': String(Buffer.byteLength(SCRIPT)) },
    })
  })
})

describe('a page that is not built', () => {
  const warnings = () => server.logLines.filter((line) => line.includes('the back office is not built'))

  it('says what to run, is warned about once, and is there as soon as it is built', async () => {
    rmSync(folder, { recursive: true })
    const complaints = vi.spyOn(console, 'error')
    const before = warnings().length
    const app = appWith({ trial: true })
    for (let n = 0; n < 2; n++) {
      const answer = await app.request('http://localhost/admin/')
      expect(answer.status).toBe(503)
      expect(answer.headers.get('content-type')).toMatch(/^text\/html; charset=utf-8$/i)
      expect(answer.headers.get('cache-control')).toBe('no-store')
      const html = await answer.text()
      expect(html).toContain('<html lang="zh-CN">')
      expect(html).toContain('npm run build -w admin')
      expect((await app.request('http://localhost/admin/assets/index-B7x_2-aa.js')).status).toBe(404)
    }
    expect(warnings()).toHaveLength(before + 1)
    expect(complaints).not.toHaveBeenCalled()
    complaints.mockRestore()

    build()
    expect((await app.request('http://localhost/admin/')).status).toBe(200)
    const script = await app.request('http://localhost/admin/assets/index-B7x_2-aa.js')
    expect(await script.text()).toBe(SCRIPT)
  })

  it('is the same when only its index.html is missing, or a file is in the folder’s place', async () => {
    rmSync(join(folder, 'index.html'))
    expect((await ask('/admin/')).status).toBe(503)
    const file = appWith({ adminDir: join(root, 'secret.txt') })
    expect((await file.request('http://localhost/admin/')).status).toBe(503)
    expect((await file.request('http://localhost/admin/assets/only.css')).status).toBe(404)
  })

  it('is not warned about when it is there', () => {
    const before = warnings().length
    appWith()
    expect(warnings()).toHaveLength(before)
  })
})

describe('the calls of the API', () => {
  it('below /admin answer as they did', async () => {
    const authorization = `Bearer ${ADMIN_TOKEN}`
    for (const path of ['/admin/clues', '/admin/staff', '/admin/deliveries', '/admin/statistics']) {
      const answer = await ask(path, { authorization })
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(answer.headers.get('content-security-policy')).toBeNull()
      expect(await answer.json()).toMatchObject({ success: true, code: 200 })
      expect((await ask(path)).status).toBe(401)
    }
    expect((await ask('/admin/nothing')).status).toBe(404)
    expect((await ask('/admin/', {}, { method: 'POST' })).status).toBe(404)
  })

  it('are counted under their own names, and the files of the page under one', async () => {
    const request = vi.spyOn(server.ctx.metrics, 'request')
    for (const path of ['/admin/clues', '/admin/', '/admin/assets/only.css', '/admin/assets/logo.png'])
      await ask(path)
    const names = request.mock.calls.map(([name]) => name)
    request.mockRestore()
    expect(names).toEqual([
      'GET /admin/clues',
      'GET /admin/',
      'GET /admin/assets/{file}',
      'GET /admin/assets/{file}',
    ])
  })

  it('are all there is where no folder is given', async () => {
    expect((await server.app.request('http://localhost/admin/')).status).toBe(404)
  })
})

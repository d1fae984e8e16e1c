import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { serveStatic } from '@hono/node-server/serve-static'
import type { Hono, MiddlewareHandler } from 'hono'
import { etag } from 'hono/etag'
import { trialLogin } from '../domain/trial.ts'
import type { AppDeps, HttpEnv } from './env.ts'

/** A build gives what it wrote a new name when it changed. */
const FOREVER = 'public, max-age=31536000, immutable'
const ANEW = 'no-cache'
const ASSET_NAME = /^[\w-][\w.-]*$/

/**
 * `GET /admin/`: the built back office in the folder `adminDir`. Nothing is served but its index.html, its favicon.svg
 * and the files that lie directly in its `assets/`. Until it is built the page says so; a build is found without a
 * restart.
 */
export function addAdminPage(app: Hono<HttpEnv>, { ctx, trial }: AppDeps, adminDir: string): void {
  const folder = resolve(adminDir)
  const index = join(folder, 'index.html')
  if (!existsSync(index))
    ctx.log.warn(
      { adminDir: folder },
      'the back office is not built: npm run build -w admin, or set ADMIN_DIR',
    )

  const guarded = withHeaders(trial)
  app.use('/admin/', guarded, etag())
  app.use('/admin/favicon.svg', guarded)
  app.use('/admin/assets/*', guarded)

  // relative, so that a prefix put before it by a proxy does no harm
  app.get('/admin', (c) => c.redirect('admin/', 308))
  app.get('/admin/', async (c) => {
    const html = await readIfThere(index)
    if (html === undefined) return c.html(notBuilt, 503)
    return c.html(trial ? sayTrialLogin(html, trialLogin) : html, 200, { 'cache-control': ANEW })
  })

  const files = filesOf(folder)
  app.get('/admin/favicon.svg', files(ANEW))
  app.get('/admin/assets/:file', (c, next) =>
    ASSET_NAME.test(c.req.param('file')) ? files(FOREVER)(c, next) : next(),
  )
}

/** Sends the file of the path, compressed as the browser likes it best; goes on when there is none. */
function filesOf(folder: string): (cacheControl: string) => MiddlewareHandler<HttpEnv> {
  let serve: MiddlewareHandler<HttpEnv> | undefined
  return (cacheControl) => async (c, next) => {
    // it complains on the console of a folder that is not there yet
    if (!existsSync(folder)) return next()
    serve ??= serveStatic({
      root: folder,
      rewriteRequestPath: (path) => path.slice('/admin'.length),
      precompressed: true,
    })
    const answer = await serve(c, next)
    if (!answer?.ok) return answer
    answer.headers.set('cache-control', cacheControl)
    answer.headers.set('vary', 'accept-encoding')
    return answer
  }
}

/** Element Plus sets styles in attributes; a worker and a picture may be made on the page itself. */
function withHeaders(trial: boolean): MiddlewareHandler<HttpEnv> {
  // `npm start` shows it beside the phone, on a port of this machine
  const frames = trial ? "'self' http://127.0.0.1:* http://localhost:*" : "'self'"
  const policy = [
    "default-src 'self'",
    "img-src 'self' data: blob:",
    "style-src 'self' 'unsafe-inline'",
    "connect-src 'self'",
    "worker-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "object-src 'none'",
    `frame-ancestors ${frames}`,
  ].join('; ')
  return async (c, next) => {
    c.header('content-security-policy', policy)
    c.header('referrer-policy', 'no-referrer')
    await next()
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}

/** Fills the placeholder of index.html, which the login page reads. */
export const sayTrialLogin = (html: string, login: string): string =>
  html.replace('<meta name="leadbell-trial" content="', (before) => before + escapeHtml(login))

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`)

const notBuilt = `<!doctype html>
<html lang="zh-CN">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>后台页面还没有生成</title>
  </head>
  <body style="max-width: 36em; margin: 4em auto; padding: 0 1em; font: 16px/1.8 system-ui, sans-serif">
    <h1>后台页面还没有生成</h1>
    <p>请在线索铃的文件夹里运行这条命令，再刷新本页：</p>
    <pre>npm run build -w admin</pre>
    <p>如果它生成在别处，请把 ADMIN_DIR 设为那个文件夹再启动。接口和提醒不受影响。</p>
  </body>
</html>
`

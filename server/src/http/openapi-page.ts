import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Hono } from 'hono'
import { etag } from 'hono/etag'
import server from '../../package.json' with { type: 'json' }
import type { HttpEnv } from './env.ts'
import { describeApi } from './openapi.ts'

const TITLE = '线索铃接口文档'
const HOUR = 'public, max-age=3600'
// Swagger UI has its icons in data URLs; nothing comes from elsewhere
const POLICY = [
  "default-src 'self'",

  "img-src 'self' data:",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** What is served of swagger-ui-dist, and as what. */
const assets: Record<string, string> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
}

// relative, so that a prefix put before it by a proxy does no harm
const page = `<!doctype html>
<html lang="zh-CN">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${TITLE}</title>
    <link rel="icon" type="image/png" href="docs/favicon-32x32.png" />
    <link rel="stylesheet" href="docs/swagger-ui.css" />
  </head>
  <body>
    <div id="api">正在打开接口文档…</div>
    <noscript>请在浏览器中启用 JavaScript，或直接查看 <a href="openapi.json">openapi.json</a></noscript>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`

const start = `SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#api',
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  validatorUrl: null,
})
`

/** `GET /openapi.json`, and `GET /docs` to read it in a browser, from this server alone. */
export function addApiPage(app: Hono<HttpEnv>): void {
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  let document: string | undefined

  app.use('/openapi.json', etag())
  app.use('/docs', etag())
  app.use('/docs/*', etag())
  app.get('/openapi.json', (c) => {
    document ??= JSON.stringify(describeApi(server.version))
    return c.body(document, 200, { 'content-type': 'application/json; charset=utf-8', 'cache-control': HOUR })
  })
  app.get('/docs', (c) => c.html(page, 200, { 'content-security-policy': POLICY, 'cache-control': HOUR }))
  app.get('/docs/start.js', (c) =>
    c.body(start, 200, { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': HOUR }),
  )
  for (const [name, type] of Object.entries(assets))
    app.get(`/docs/${name}`, async (c) =>
      c.body(new Uint8Array(await readFile(join(folder, name))), 200, {
        'content-type': type,
        'cache-control': HOUR,
      }),
    )
}

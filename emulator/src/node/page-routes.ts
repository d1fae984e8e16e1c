import { readFileSync, realpathSync } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'
import { Hono } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import { programFolder } from '../package/folder.ts'
import type { LivePackage } from '../package/live-package.ts'
import { problemLine } from '../package/problems.ts'
import { clientFiles } from './client-bundle.ts'

/** Files of the package that a page may show. Its code comes compiled, in /package.js. */
const assetTypes: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  svg: 'image/svg+xml',
  ico: 'image/x-icon',
  ttf: 'font/ttf',
  woff: 'font/woff',
  woff2: 'font/woff2',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
}

const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)

const html = (title: string, body: string, name?: string, rootAttribute = '') => `<!doctype html>
<html lang="zh-CN"${rootAttribute}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
${name ? `<link rel="stylesheet" href="/${name}.css">` : ''}
</head>
<body>
${body}
</body>
</html>
`

const sideBySide = ({ title, url }: Beside) => {
  const settings = `<div data-beside data-title="${escapeHtml(title)}" data-url="${escapeHtml(url)}"></div>`
  return html(`${title}和手机`, `${settings}\n${script('beside')}`, 'beside')
}

const script = (name: string) => `<script type="module" src="/${name}.js"></script>`

/** A page of the mini-program's owner, shown beside the phone: the back office whose messages arrive there. */
export interface Beside {
  title: string
  url: string
}

/** What is shown besides the program, each by itself. */
interface Trimmings {
  beside?: Beside | undefined
  /** A picture file. */
  icon?: string | undefined
}

/** The phone, the desk, the phone beside the owner's page if there is one, and what these load. */
export function pageRoutes(program: LivePackage, dist: string, { beside, icon }: Trimmings): Hono {
  const app = new Hono()
  app.use(
    secureHeaders({
      // the mini-program runs in this page: its only way out is wx.request, and nobody else may frame it
      contentSecurityPolicy: { connectSrc: ["'self'"], frameAncestors: ["'self'"], objectSrc: ["'none'"] },
      xFrameOptions: 'SAMEORIGIN',
      referrerPolicy: 'no-referrer',
      crossOriginOpenerPolicy: false,
      strictTransportSecurity: false,
    }),
  )
  app.use(async (c, next) => {
    await next()
    c.header('cache-control', 'no-store')
  })

  const desk = html('线索铃 · 模拟台', script('desk'), 'desk')
  app.get('/', (c) => c.html(beside ? sideBySide(beside) : desk))
  app.get('/desk', (c) => c.html(desk))
  app.get('/phone', (c) => {
    const { problems } = program.current()
    if (problems.some(({ level }) => level === 'error')) {
      const lines = problems.map((problem) => `<li>${escapeHtml(problemLine(problem))}</li>`).join('\n')
      return c.html(
        html('小程序没有打包成功', `<h1>小程序没有打包成功</h1>\n<ul data-test="problems">\n${lines}\n</ul>`),
      )
    }
    const scripts = `<script src="/package.js"></script>\n${script('phone')}`
    return c.html(html('手机', scripts, 'phone', icon === undefined ? '' : ' data-app-icon'))
  })
  app.get('/package.js', (c) =>
    c.body(program.current().script, 200, { 'content-type': 'text/javascript; charset=utf-8' }),
  )
  for (const name of ['desk', 'phone', 'beside'])
    for (const extension of ['js', 'css'])
      app.get(`/${name}.${extension}`, async (c) => {
        const file = (await clientFiles()).get(`${name}.${extension}`)
        if (!file) return c.notFound()
        return c.body(file.text, 200, { 'content-type': `${file.type}; charset=utf-8` })
      })

  app.get('/app-icon', (c) => {
    const picture = icon === undefined ? undefined : readAsset(dirname(icon), basename(icon))
    return picture ? c.body(picture.bytes, 200, { 'content-type': picture.type }) : c.notFound()
  })
  app.get('/app/*', (c) => {
    const asset = readAsset(programFolder(dist), c.req.path.slice('/app/'.length))
    if (!asset) return c.notFound()
    return c.body(asset.bytes, 200, { 'content-type': asset.type })
  })
  return app
}

/** Undefined for anything that is not a picture, font or sound inside `dist`, symbolic links resolved. */
function readAsset(
  dist: string,
  encoded: string,
): { bytes: Uint8Array<ArrayBuffer>; type: string } | undefined {
  try {
    const root = realpathSync(dist)
    const file = realpathSync(join(root, decodeURIComponent(encoded)))
    const type = assetTypes[file.split('.').at(-1)?.toLowerCase() ?? '']
    if (type === undefined || !file.startsWith(root + sep)) return undefined
    return { bytes: new Uint8Array(readFileSync(file)), type }
  } catch {
    return undefined
  }
}

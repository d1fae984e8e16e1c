import { symlinkSync } from 'node:fs'
import { get } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folderOf, putFiles, smallProgram } from '../testing/folders.ts'
import { testEmulator } from '../testing/emulator.ts'

/** The path exactly as written: fetch would tidy it up first. */
const rawStatus = (url: string, path: string) =>
  new Promise<number>((resolve, reject) => {
    const { hostname, port } = new URL(url)
    get({ hostname, port, path }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    }).on('error', reject)
  })

describe('the pages', () => {
  it('desk and phone come with script and style, bundled from the client', async () => {
    const { url } = await testEmulator()
    for (const [path, name] of [
      ['/', 'desk'],
      ['/phone?openid=x', 'phone'],
    ]) {
      const html = await (await fetch(url + path)).text()
      expect(html).toContain(`<script type="module" src="/${name}.js">`)
      expect(html).toContain(`<link rel="stylesheet" href="/${name}.css">`)
      const script = await fetch(`${url}/${name}.js`)
      expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
      expect(await script.text()).toMatch(/\n\/\/# sourceMappingURL=data:/)
      expect((await fetch(`${url}/${name}.css`)).headers.get('content-type')).toBe('text/css; charset=utf-8')
    }
  })

  it('the owner’s page lies beside the phone where there is one, and the desk moves to /desk', async () => {
    const beside = { title: '后台 "甲"', url: 'http://127.0.0.1:5301/admin/' }
    const { url } = await testEmulator({ beside })
    const text = async (path: string) => (await fetch(url + path)).text()
    const html = await text('/')
    expect(html).toContain('data-title="后台 &#34;甲&#34;" data-url="http://127.0.0.1:5301/admin/"')
    expect(html).toContain('src="/beside.js"')
    expect(await text('/desk')).toContain('src="/desk.js"')
    expect(await text('/beside.js')).toContain('data-beside')
  })

  it('WeChat shows the mini-program’s picture where there is one', async () => {
    const dist = folderOf({ ...smallProgram, 'logo.svg': '<svg/>' })
    const { url } = await testEmulator({ dist, icon: `${dist}/logo.svg` })
    expect(await (await fetch(`${url}/phone`)).text()).toContain('<html lang="zh-CN" data-app-icon>')
    const picture = await fetch(`${url}/app-icon`)
    expect(picture.headers.get('content-type')).toBe('image/svg+xml')
    expect(await picture.text()).toBe('<svg/>')

    const without = await testEmulator()
    expect(await (await fetch(`${without.url}/phone`)).text()).not.toContain('data-app-icon')
    expect((await fetch(`${without.url}/app-icon`)).status).toBe(404)
  })

  it('app code has no way out but wx.request, and nobody else may frame the phone', async () => {
    const { url } = await testEmulator()
    const policy = (await fetch(`${url}/phone`)).headers.get('content-security-policy')
    expect(policy).toContain("connect-src 'self'")
    expect(policy).toContain("frame-ancestors 'self'")
  })

  it('/package.js follows the folder; with an error in it the phone’s page says what is wrong', async () => {
    const dist = folderOf(smallProgram)
    const lines: string[] = []
    const emulator = await testEmulator({ dist, onProblem: (line) => lines.push(line) })
    const text = async (path: string) => (await fetch(emulator.url + path)).text()
    expect(await text('/package.js')).toMatch(/^globalThis\.__package = /)
    expect(await text('/phone')).toContain('/package.js')

    putFiles(dist, { 'pages/login/login.wxml': '<view>\n{{ <b> }}</view>' })
    expect(await text('/package.js')).toMatch(/^\/\/ pages\/login\/login\.wxml:2:\d+: 模板写错了/)
    const html = await text('/phone')
    expect(html).toContain('pages/login/login.wxml:2:')
    expect(html).not.toContain('/phone.js')
    expect(lines[0]).toMatch(/^pages\/login\/login\.wxml:2:/)
    expect(emulator.problems()).not.toEqual([])

    putFiles(dist, smallProgram)
    expect(await text('/phone')).toContain('/phone.js')
  })

  it('a page that was added later can be the page of a message', async () => {
    const dist = folderOf(smallProgram)
    const emulator = await testEmulator({ dist })
    const openid = emulator.cloud.firstOpenid
    const templateId = 'TPL_CLUE_ASSIGNED_0000000000000000000000001'
    const accessToken = await emulator.accessToken()
    const send = async () =>
      (
        await emulator.post(`/cgi-bin/message/subscribe/send?access_token=${accessToken}`, {
          ...{ touser: openid, template_id: templateId, page: 'pages/new/new?id=1' },
          data: { thing1: { value: 'a' }, time2: { value: '9:42' }, phrase3: { value: '待' } },
        })
      ).json as { errcode: number }
    expect((await send()).errcode).toBe(41030)
    const pages = ['pages/login/login', 'pages/new/new']
    putFiles(dist, {
      'app.json': JSON.stringify({ pages }),
      'pages/new/new.js': 'Page({})',
      'pages/new/new.json': '{}',
      'pages/new/new.wxml': '<view/>',
    })
    expect((await send()).errcode).toBe(43101)
  })
})

describe('files of the mini-program', () => {
  it('pictures are served; code, other files and everything outside the folder are not', async () => {
    const outside = folderOf({ 'secret.png': 'outside' })
    const dist = folderOf({ ...smallProgram, 'static/标 志.png': new Uint8Array([137, 80, 78, 71]) })
    symlinkSync(join(outside, 'secret.png'), join(dist, 'static/link.png'))
    const { url } = await testEmulator({ dist })
    const picture = await fetch(`${url}/app/static/${encodeURIComponent('标 志.png')}`)
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png'])
    expect(new Uint8Array(await picture.arrayBuffer())).toEqual(new Uint8Array([137, 80, 78, 71]))
    const up = `/app/../${outside.split('/').at(-1)}/secret.png`
    for (const path of [
      ...['/app/app.js', '/app/project.config.json', '/app/static', '/app/', '/app/nope.png', '/app/%zz.png'],
      ...[
        '/app/static/link.png',
        up,
        up.replace('..', '%2e%2e'),
        up.replace('/../', '/..%2f'),
        '/app//etc/x.png',
      ],
    ])
      expect([path, await rawStatus(url, path)]).toEqual([path, 404])
  })
})

import { describe, expect, it } from 'vitest'
import { whyUnreachable, type Ask } from '../../build/diagnosis.ts'
import { checkBackend, checkOfferedTemplates } from '../../build/doctor-backend.ts'
import { checkConfiguration, checkManifest, checkMessagePages } from '../../build/doctor-project.ts'
import { checkAppVersion, checkNode, checkPackages } from '../../build/doctor-versions.ts'
import { checkWechatTemplates } from '../../build/doctor-wechat.ts'
import { readFrom } from '../../build/output-checks.ts'

const API = 'https://api.example.com'
const settings = {
  VITE_API_BASE_URL: API,
  WECHAT_APPID: 'wx0123456789abcdef',
  VITE_TEMPLATE_PURPOSES: '',
  VITE_ASK_BELOW: '3',
  VITE_ASK_PAUSE_MINUTES: '240',
}

/** A folder of these files; what is no text is written as JSON. */
const files = (all: Record<string, unknown>) => (file: string) => {
  if (!(file in all)) return null
  return typeof all[file] === 'string' ? all[file] : JSON.stringify(all[file])
}

/** A server that answers these paths; the query is not looked at. */
function server(answers: Record<string, unknown>) {
  const asked: { url: string; body: unknown }[] = []
  const ask: Ask = (url, init) => {
    asked.push({ url, body: init ? (JSON.parse(init.body) as unknown) : undefined })
    const answer = answers[new URL(url).pathname]
    return answer instanceof Error
      ? Promise.reject(answer)
      : Promise.resolve({ status: 200, text: typeof answer === 'string' ? answer : JSON.stringify(answer) })
  }
  return { ask, asked }
}

const envelope = (result: unknown, code = 0) => ({
  success: code === 0,
  message: '好',
  code,
  result,
  timestamp: 1,
})
const levels = (diagnoses: { level: string }[]) => diagnoses.map(({ level }) => level)
const said = (level: string, words: string | RegExp) => ({
  level,
  text: typeof words === 'string' ? expect.stringContaining(words) : expect.stringMatching(words),
})

describe('the configuration', () => {
  const manifest = files({ 'manifest.json': { 'mp-weixin': { appid: 'wx1ead0be110000001' } } })

  it('of a release is all right, and names the domain to allow-list with its port', () => {
    const findings = checkConfiguration(
      { ...settings, VITE_API_BASE_URL: `${API}:8443/jeecg-boot` },
      manifest,
    )
    expect(levels(findings)).toEqual(['ok', 'ok', 'ok'])
    expect(findings[1]).toEqual(said('ok', `request 合法域名要有 ${API}:8443。`))
  })

  it('of a fresh clone: it runs here, and says what a release lacks', () => {
    const fresh = { ...settings, VITE_API_BASE_URL: 'http://127.0.0.1:5301', WECHAT_APPID: '' }
    expect(checkConfiguration(fresh, manifest)).toEqual([
      said('warning', '上线前请改成 https'),
      said('warning', 'appid wx1ead0be110000001 是演示用的'),
      said('ok', '授权'),
    ])
  })

  it('every error is told, and api.weixin.qq.com is one', () => {
    const wrong = { ...settings, VITE_API_BASE_URL: 'https://api.weixin.qq.com', WECHAT_APPID: 'wx1' }
    expect(checkConfiguration(wrong, manifest)).toEqual([
      said('error', 'api.weixin.qq.com'),
      said('error', 'WECHAT_APPID'),
    ])
  })

  it('an app id is looked for in manifest.json when the settings have none', () => {
    const read = files({ 'manifest.json': { 'mp-weixin': { appid: 'nonsense' } } })
    expect(checkConfiguration({ ...settings, WECHAT_APPID: '' }, read)).toEqual([
      said('error', 'manifest.json 的 mp-weixin.appid'),
    ])
  })
})

describe('manifest.json', () => {
  const check = (manifest: unknown) => checkManifest(files({ 'manifest.json': manifest }))

  it('with urlCheck on and statistics off is fine; this project’s own is', () => {
    expect(
      levels(check({ 'mp-weixin': { setting: { urlCheck: true } }, uniStatistics: { enable: false } })),
    ).toEqual(['ok', 'ok'])
    expect(levels(checkManifest(readFrom('.')))).toEqual(['ok', 'ok'])
  })

  it.each([{ urlCheck: false }, {}, undefined])('urlCheck must be on: %j', (setting) => {
    expect(check({ 'mp-weixin': { setting } })).toEqual([
      said('error', 'urlCheck 设为 true'),
      said('ok', '统计'),
    ])
  })

  it('statistics must be off, for all platforms and for WeChat', () => {
    const weixin = { setting: { urlCheck: true } }
    for (const manifest of [
      { 'mp-weixin': weixin, uniStatistics: { enable: true } },
      { 'mp-weixin': { ...weixin, uniStatistics: { enable: true } }, uniStatistics: { enable: false } },
    ]) {
      expect(check(manifest)).toContainEqual(said('error', 'uniStatistics.enable 都设为 false'))
    }
  })

  it('that is none is one error', () => {
    expect(check('{')).toEqual([said('error', 'manifest.json')])
    expect(checkManifest(() => null)).toEqual([said('error', 'manifest.json')])
  })
})

describe('the pages that messages open', () => {
  const messages = { 'clue-assigned': { page: 'pages/clue/detail?id=1' } }
  const check = (pages: unknown) => checkMessagePages(messages, files({ 'pages.json': pages }))

  it.each([
    { pages: [{ path: 'pages/clue/detail' }] },
    { pages: [], subPackages: [{ root: 'pages/clue', pages: [{ path: 'detail' }] }] },
    { pages: [], subpackages: [{ root: 'pages/clue/', pages: [{ path: 'detail' }] }] },
  ])('are found in %j', (pages) => {
    expect(levels(check(pages))).toEqual(['ok'])
  })

  it.each([{ pages: [{ path: 'pages/clue/clue' }] }, {}])('are missed in %j', (pages) => {
    expect(check(pages)).toEqual([said('error', 'pages/clue/detail，pages.json 里没有')])
  })
})

describe('versions', () => {
  it('Node 20 and newer will do', () => {
    expect(levels([...checkNode('20.0.0'), ...checkNode('24.1.0')])).toEqual(['ok', 'ok'])
    expect(checkNode('18.20.4')).toEqual([said('error', '18.20.4 太旧')])
  })

  const uni = '3.0.0-5010420260703001'
  const installed = (change: Record<string, unknown> = {}) =>
    files({
      'package.json': { dependencies: { vue: '3.4.21' }, devDependencies: { vite: '5.2.8' } },
      'node_modules/vue/package.json': { version: '3.4.21' },
      'node_modules/vite/package.json': { version: '5.2.8' },
      'node_modules/.package-lock.json': {
        packages: {
          'node_modules/@dcloudio/uni-app': { version: uni },
          'node_modules/@dcloudio/types': { version: '3.4.31' },
          'node_modules/@dcloudio/uni-app/node_modules/picomatch': { version: '4.0.7' },
        },
      },
      ...change,
    })

  it('are right when what is installed is what is pinned', () => {
    expect(checkPackages(installed())).toEqual([said('ok', '2 个依赖'), said('ok', uni)])
  })

  it('another version and a missing package are named, with npm ci', () => {
    const read = installed({ 'node_modules/vue/package.json': { version: '3.5.0' } })
    const without = (file: string) => (file === 'node_modules/vite/package.json' ? null : read(file))
    expect(checkPackages(without)[0]).toEqual(
      said('error', /vue（要 3\.4\.21，装的是 3\.5\.0）、vite（要 5\.2\.8，没有装），请执行 npm ci。$/),
    )
  })

  it('two versions of the uni-app packages are an error, a copy inside another package too', () => {
    const lock = {
      packages: {
        'node_modules/@dcloudio/uni-app': { version: uni },
        'node_modules/other/node_modules/@dcloudio/uni-shared': { version: '3.0.0-1' },
      },
    }
    expect(checkPackages(installed({ 'node_modules/.package-lock.json': lock }))[1]).toEqual(
      said('error', `${uni}、3.0.0-1 几个版本`),
    )
  })

  it('this project’s are right as installed', () => {
    expect(levels([...checkPackages(readFrom('.')), ...checkAppVersion(readFrom('.'))])).toEqual([
      'ok',
      'ok',
      'ok',
    ])
  })

  it('package.json and manifest.json should agree', () => {
    const read = files({ 'package.json': { version: '1.0.0' }, 'manifest.json': { versionName: '0.9.0' } })
    expect(checkAppVersion(read)).toEqual([said('warning', /1\.0\.0.*0\.9\.0/)])
  })
})

describe('the backend', () => {
  it('that answers its envelope is fine', async () => {
    const { ask, asked } = server({ '/jeecg-boot/readyz': envelope({ status: 'ok' }, 200) })
    expect(levels(await checkBackend(`${API}/jeecg-boot`, ask))).toEqual(['ok'])
    expect(asked).toEqual([{ url: `${API}/jeecg-boot/readyz`, body: undefined }])
  })

  it.each([['<html>nginx</html>'], [{ status: 'UP' }], [[]], ['']])(
    'anything else at that address, %j, is not ours',
    async (answer) => {
      expect(await checkBackend(API, server({ '/readyz': answer }).ask)).toEqual([
        said('error', '不是本项目后台的'),
      ])
    },
  )

  it('that refuses is quoted', async () => {
    const { ask } = server({ '/readyz': { ...envelope(null, 500), message: '数据库没有连上' } })
    expect(await checkBackend(API, ask)).toEqual([said('error', '数据库没有连上')])
  })

  it.each([
    [{ code: 'ENOTFOUND' }, '域名解析不到'],
    [{ code: 'ECONNREFUSED' }, '连接被拒绝'],
    [{ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }, '证书不被信任'],
    [{ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }, '证书不被信任'],
    [{ code: 'ECONNRESET' }, 'ECONNRESET'],
  ])('that cannot be reached, %j: the reason', async (cause, why) => {
    const { ask } = server({ '/readyz': new TypeError('fetch failed', { cause }) })
    expect(await checkBackend(API, ask)).toEqual([said('error', why)])
  })

  it('that is silent is given up', () => {
    expect(whyUnreachable(new DOMException('late', 'TimeoutError'))).toBe('十秒内没有回答')
  })
})

const assigned = { templateId: 'T1', title: '新线索提醒', purpose: 'clue-assigned' }

describe('the templates a backend offers', () => {
  const check = async (templates: unknown, wanted: string[] = []) =>
    checkOfferedTemplates(
      { address: API, wanted },
      server({ '/notify/templates': envelope({ templates }) }).ask,
    )

  it('one of each purpose is right, and handed on', async () => {
    const { diagnoses, templates } = await check([assigned], ['clue-assigned'])
    expect(diagnoses).toEqual([said('ok', '新线索提醒')])
    expect(templates).toEqual([assigned])
  })

  it.each([
    [[], '没有配置模板'],
    [[1, 2, 3, 4].map((n) => ({ ...assigned, templateId: `T${n}`, title: `标题${n}` })), '最多请求 3 个'],
    [[assigned, { ...assigned, templateId: 'T2' }], '标题都是「新线索提醒」'],
    [[{ ...assigned, purpose: 'clue-lost' }], '用途是「clue-lost」，这个版本不认识'],
    [[{ templateId: 'T1' }], '格式不对'],
    ['nonsense', '格式不对'],
  ])('%j: %s', async (templates, words) => {
    const { diagnoses } = await check(templates)
    expect(diagnoses).toEqual([said('error', words)])
  })

  it('a purpose that is wanted and not offered is an error', async () => {
    const { diagnoses } = await check([assigned], ['clue-overdue'])
    expect(diagnoses).toEqual([said('error', '要的 clue-overdue 后台没有')])
  })
})

describe('the templates in WeChat', () => {
  const messages = { 'clue-assigned': { data: { thing1: {}, time2: {}, phrase3: {} } } }
  const inWechat = {
    priTmplId: 'T1',
    title: '新线索提醒',
    content: '线索名称:{{thing1.DATA}}\n分配时间:{{time2.DATA}}\n线索状态:{{phrase3.DATA}}\n',
    type: 2,
  }
  const access = {
    appid: 'wx0123456789abcdef',
    accessToken: 'a-token',
    secret: undefined,
    baseUrl: 'https://wx.test',
  }
  const GET = '/wxaapi/newtmpl/gettemplate'
  const check = (data: unknown, offered = [assigned]) =>
    checkWechatTemplates(access, offered, messages, server({ [GET]: { errcode: 0, data } }).ask)

  it('that have just the keys we send are right', async () => {
    expect(await check([{ ...inWechat, priTmplId: 'T0' }, inWechat])).toEqual([
      said('ok', 'thing1、time2、phrase3'),
    ])
  })

  it.each([
    [[], '微信里没有模板「新线索提醒」（T1）'],
    [[{ ...inWechat, type: 3 }], '不是一次性订阅'],
    [[{ ...inWechat, content: '{{thing1.DATA}}{{time2.DATA}}' }], '缺少 phrase3'],
    [[{ ...inWechat, content: `${inWechat.content}备注:{{thing4.DATA}}` }], '多了 thing4'],
    [[{ ...inWechat, content: '{{thing1.DATA}}{{date2.DATA}}{{phrase3.DATA}}' }], '缺少 time2，多了 date2'],
  ])('%j: %s', async (data, words) => {
    expect(await check(data)).toEqual([said('error', words)])
  })

  it('two of one title in WeChat are an error, whatever the backend calls them', async () => {
    const offered = [assigned, { ...assigned, templateId: 'T2', title: '另一个' }]
    expect(await check([inWechat, { ...inWechat, priTmplId: 'T2' }], offered)).toContainEqual(
      said('error', '都叫「新线索提醒」'),
    )
  })

  it('are not looked at without a token or secret, which is said', async () => {
    const { ask, asked } = server({})
    const none = { ...access, accessToken: '', secret: undefined }
    expect(await checkWechatTemplates(none, [assigned], messages, ask)).toEqual([
      said('warning', 'WECHAT_SECRET'),
    ])
    expect(asked).toEqual([])
  })

  it('with a secret, a token is fetched that leaves the backend’s alive', async () => {
    const { ask, asked } = server({
      '/cgi-bin/stable_token': { access_token: 'T O', expires_in: 7200 },
      [GET]: { errcode: 0, data: [inWechat] },
    })
    const secret = { ...access, accessToken: undefined, secret: 'S' }
    expect(levels(await checkWechatTemplates(secret, [assigned], messages, ask))).toEqual(['ok'])
    expect(asked).toEqual([
      {
        url: 'https://wx.test/cgi-bin/stable_token',
        body: { grant_type: 'client_credential', appid: access.appid, secret: 'S', force_refresh: false },
      },
      { url: `https://wx.test${GET}?access_token=T+O`, body: undefined },
    ])
  })

  it.each([
    [{ errcode: 40125, errmsg: 'invalid appsecret' }, 'AppSecret 不对'],
    [{ errcode: 40013, errmsg: 'invalid appid' }, 'appid 不对'],
    [{ errcode: 40164, errmsg: 'invalid ip' }, 'IP 白名单'],
    [{ errcode: 42001, errmsg: 'expired' }, 'access_token 已过期'],
    [{ errcode: 45009, errmsg: 'quota' }, '请稍后再检查'],
    [{ errcode: 99999, errmsg: 'new' }, '微信错误码 99999'],
    ['<html>', '读不懂'],
    [new TypeError('fetch failed', { cause: { code: 'ENOTFOUND' } }), '连不上微信 wx.test，域名解析不到'],
  ])('a refusal, %j, is one sentence without token or secret', async (answer, words) => {
    const { ask } = server({ [GET]: answer })
    const found = await checkWechatTemplates(access, [assigned], messages, ask)
    expect(found).toEqual([said('error', words)])
    expect(found[0]?.text).not.toContain('a-token')
  })
})

import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildMiniProgram } from '../../build/build-mini-program.ts'
import { copyProject } from '../../build/project-copy.ts'
import { UNI_ONLY, uniOnlyNames } from '../../build/uni-runtime.ts'

const runtime = dirname(createRequire(import.meta.url).resolve('@dcloudio/uni-mp-weixin/package.json'))
const wrapper = readFileSync(join(runtime, 'dist/uni.api.esm.js'), 'utf8')

/** The property names of an object literal in the wrapper's source. */
function keysOf(opening: string): string[] {
  const start = wrapper.indexOf(opening)
  expect(start, opening).toBeGreaterThan(-1)
  const body = wrapper.slice(start + opening.length, wrapper.indexOf('}', start))
  return body.split(',').flatMap((entry) => entry.trim().match(/^[$\w]+/)?.[0] ?? [])
}

describe('without uni-app’s wrapper around wx', () => {
  it('every name it brings is refused, or answers the same in WeChat', () => {
    const same = [
      // WeChat has these; the wrapper adds fields, renames an option it also had, or keeps a list of its own.
      ...['getAppAuthorizeSetting', 'getAppBaseInfo', 'getDeviceInfo', 'getWindowInfo'],
      ...['getSystemInfo', 'getSystemInfoSync', 'onError', 'offError', 'onSocketMessage', 'onSocketOpen'],
      ...['redirectTo', 'shareVideoMessage', 'showActionSheet'],
      // For HBuilderX's console and for components.
      ...['__f__', '__proto__', '$emit'],
    ]
    const brought = [
      ...keysOf('const baseApis = {'),
      ...keysOf('var shims = /*#__PURE__*/Object.freeze({'),
      ...keysOf('var protocols = /*#__PURE__*/Object.freeze({'),
    ]
    expect([...new Set(brought)].sort()).toEqual([...new Set([...same, ...UNI_ONLY])].sort())
  })

  it('such a name is found in our modules, whatever it is read from', () => {
    const used = (code: string, id = '/p/src/stores/a.ts') => uniOnlyNames([{ id, code }])
    expect(used('const stop = index\n  .$on("a", f)')).toEqual(['$on'])
    expect(used('currentHost().previewImage({ urls })')).toEqual(['previewImage'])
    expect(used('uni.request({}); const getLocale = () => 1; getLocale()')).toEqual([])
    expect(used('uni.upx2px(1)', 'C:\\p\\node_modules\\a\\b.js')).toEqual([])
  })

  it('a build that would need one stops, names it, and leaves nothing to upload', async () => {
    const project = copyProject()
    try {
      appendFileSync(join(project.root, 'src/main.ts'), "uni.$on('scan', () => undefined)\n")
      const outDir = join(project.root, 'out')
      const outcome = await buildMiniProgram({
        cwd: project.root,
        outDir,
        apiBaseUrl: 'https://api.example.com',
        quiet: true,
      })
      expect(outcome).toMatchObject({
        ok: false,
        output: expect.stringContaining('微信没有或不同的接口 $on'),
      })
      expect(existsSync(join(outDir, 'app.json'))).toBe(false)
    } finally {
      project.remove()
    }
  })
})

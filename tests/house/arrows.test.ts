import { resolve } from 'node:path'
import { ESLint } from 'eslint'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const eslint = new ESLint({ cwd: root })

/** What the linter says of `code` as if it stood in `file`. */
async function complaints(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: resolve(root, file) })
  return (result?.messages ?? []).map((message) => message.message)
}

describe('the linter refuses an arrow the wrong way', () => {
  it.each([
    ['src/pages/clue/clue-words.ts', "import '@/api/endpoints.ts'", 'A page dispatches a store action'],
    ['src/wechat/login.ts', "import '@/stores/session.ts'", 'wechat/ speaks to the host'],
    ['src/api/request.ts', "import '@/stores/session.ts'", 'api/ is called by stores'],
    ['src/stores/clue-list.ts', "import '../../server/src/main.ts'", 'The phone runs src/'],
    ['server/src/main.ts', "import '../../src/errors.ts'", 'The server knows the contract only'],
    ['server/src/db/schema.ts', "import '../http/app.ts'", 'db/ is the bottom of the server'],
    ['emulator/src/protocol.ts', "import '../../contract/src/index.ts'", 'The emulator meets the others'],
    ['contract/src/index.ts', "import '../../src/errors.ts'", 'contract/ is the bottom'],
    ['admin/src/ring.ts', "import '../../server/src/main.ts'", 'The back office knows the contract only'],
    ['admin/src/api/call.ts', "import '../stores/session.ts'", 'api/ is called by stores and pages'],
    ['admin/src/stores/live.ts', "import '../pages/UnknownPage.vue'", 'What pages share does not know pages'],
  ])('%s: %s', async (file, code, words) => {
    expect((await complaints(file, code)).join('\n')).toContain(words)
  })

  it('and takes one the right way', async () => {
    expect(await complaints('src/stores/clue-list.ts', "import '@/api/endpoints.ts'\n")).toEqual([])
  })
})

describe('the linter keeps the phone honest', () => {
  it.each([
    [
      'src/stores/clue-list.ts',
      "import { Clue } from '@leadbell/contract'\nexport const shape = Clue\n",
      'Types only',
    ],
    [
      'src/stores/clue-list.ts',
      "export const call = () => uni.request({ url: '' })\n",
      'Call a function of src/api',
    ],
    [
      'src/pages/clue/clue-words.ts',
      'export const read = (e: { errMsg: string }) => e.errMsg\n',
      'Only src/wechat reads',
    ],
    ['src/stores/clue-list.ts', "uni.addInterceptor('request', {})\n", 'An interceptor can delay'],
  ])('%s: %s', async (file, code, words) => {
    expect((await complaints(file, code)).join('\n')).toContain(words)
  })
})

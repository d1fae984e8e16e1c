import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const example = fileURLToPath(new URL('jeecgboot.ts', import.meta.url))

it('the example of docs/jeecgboot.zh-CN.md ends well and gets the answers it tells of', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', example])
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  const answers = output.split('\n').filter((line) => line.includes(' → ') && !line.includes('code 0 '))
  expect(answers, output).toEqual([
    '   POST /sys/login → HTTP 200 code 500 用户名或密码错误',
    '   POST /sys/login → HTTP 200 code 200 操作成功：陈小舟（chen）',
    '   POST /notify/login → HTTP 200 code 200 操作成功：陈小舟（chen）',
    '   POST /sys/login → HTTP 200 code 200 操作成功：陈舟（chen）',
    '   POST /sys/login → HTTP 200 code 500 账号已被冻结，请联系管理员',
    '   GET /sys/randomImage/{checkKey} → HTTP 200 code 500 暂时连不上登录服务器，请稍后再试',
  ])
  expect(code).toBe(0)
}, 60_000)

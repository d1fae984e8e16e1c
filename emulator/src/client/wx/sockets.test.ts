// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { onePage, startPhone } from '../testing/launch.ts'

interface Task extends Record<string, unknown> {
  readyState: number
  send(options: object): Promise<object>
  close(options?: object): Promise<object>
  onOpen(listener: (detail: object) => void): void
}
type Wx = Record<string, (options?: unknown) => unknown>
const wx = () => Reflect.get(globalThis, 'wx') as Wx
const connect = (options: object = {}) =>
  wx().connectSocket?.({ url: 'ws://127.0.0.1:9/live', ...options }) as Task
const settle = () => new Promise((resolve) => setTimeout(resolve, 5))

function start() {
  const phone = startPhone(onePage('', '<view/>'))
  const log: unknown[] = []
  const listen = (task: Task) => {
    for (const event of ['Open', 'Message', 'Close', 'Error'])
      (task[`on${event}`] as (l: (d: unknown) => void) => void)((detail) => log.push([event, detail]))
    return task
  }
  return { phone, log, listen }
}

test('a connection from its opening to its end', async () => {
  const { phone, log, listen } = start()
  const answers: unknown[] = []
  const task = listen(
    connect({ protocols: ['chat'], header: { 'x-token': 1 }, success: (a: unknown) => answers.push(a) }),
  )
  const [socket] = phone.link.sockets
  expect(socket?.wanted).toEqual({
    url: 'ws://127.0.0.1:9/live',
    protocols: ['chat'],
    header: { 'x-token': '1' },
  })
  await expect(task.send({ data: 'too soon' })).rejects.toMatchObject({
    errMsg: 'sendSocketMessage:fail SocketTask.readyState is not OPEN',
  })
  socket?.hear({ kind: 'accepted' })
  socket?.hear({ kind: 'open' })
  expect(task.readyState).toBe(1)
  await task.send({ data: '你好' })
  const bytes = new Uint8Array([1]).buffer
  socket?.hear({ kind: 'message', data: '在' })
  socket?.hear({ kind: 'bytes', data: bytes })
  await task.close({ code: 3001, reason: '再见' })
  expect(socket?.said).toEqual(['你好', { code: 3001, reason: '再见' }])
  socket?.hear({ kind: 'close', code: 3001, reason: '再见' })
  await settle()
  expect(answers).toEqual([{ errMsg: 'connectSocket:ok' }])
  expect(log).toEqual([
    ['Open', { header: {} }],
    ['Message', { data: '在' }],
    ['Message', { data: bytes }],
    ['Close', { code: 3001, reason: '再见' }],
  ])
  expect(task.readyState).toBe(3)
})

test('a host that is not on the list fails with 600002', async () => {
  const { phone } = start()
  const failed = new Promise((resolve) => connect({ fail: resolve }))
  phone.link.sockets[0]?.hear({
    kind: 'refused',
    failure: { errMsg: 'connectSocket:fail url not in domain list', errno: 600002 },
  })
  expect(await failed).toEqual({ errMsg: 'connectSocket:fail url not in domain list', errno: 600002 })
})

test('five at once; one that ended makes room', async () => {
  const { phone } = start()
  for (let i = 0; i < 5; i += 1) connect()
  expect(await new Promise((resolve) => connect({ fail: resolve }))).toMatchObject({ errno: 600007 })
  phone.link.sockets[0]?.hear({ kind: 'close', code: 1000, reason: '' })
  connect()
  expect(phone.link.sockets).toHaveLength(6)
})

test('the older calls on wx speak of the newest connection', async () => {
  const { phone } = start()
  const heard: unknown[] = []
  wx().onSocketMessage?.((detail: unknown) => heard.push(detail))
  connect()
  connect()
  const [first, second] = phone.link.sockets
  for (const socket of [first, second]) socket?.hear({ kind: 'open' })
  first?.hear({ kind: 'message', data: 'old' })
  second?.hear({ kind: 'message', data: 'new' })
  await wx().sendSocketMessage?.({ data: 'x' })
  expect([heard, first?.said, second?.said]).toEqual([[{ data: 'new' }], [], ['x']])
})

test('an error of a listener is collected, and nothing comes to a killed mini-program', () => {
  const { phone } = start()
  const task = connect()
  task.onOpen(() => {
    throw new Error('broken')
  })
  phone.link.sockets[0]?.hear({ kind: 'open' })
  expect(phone.inspection.errors).toMatchObject([{ where: 'SocketTask.onOpen', message: 'broken' }])
  phone.program.kill()
  phone.link.sockets[0]?.hear({ kind: 'open' })
  expect(phone.inspection.errors).toHaveLength(1)
})

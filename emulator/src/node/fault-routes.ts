import { Hono } from 'hono'
import type { Cloud } from '../cloud/cloud.ts'
import type { Firing } from '../cloud/fire.ts'
import { pushKinds } from '../cloud/push/event.ts'
import type { PushFault } from '../cloud/push/faults.ts'
import { cloudCalls, phoneCalls, type Fault, type PhoneFault } from '../protocol.ts'
import {
  BadInput,
  between,
  flag,
  oneOf,
  optional,
  readObject,
  text,
  whole,
  type JsonObject,
} from './input.ts'

const callFaults = ['errcode', 'hang', 'drop', 'slow'] as const
const pushFaults = ['lose', 'repeat', 'late', 'failSend'] as const
const firingMembers = ['openid', 'probability', 'times']
const faultMembers = [
  ...['call', 'phone', 'kind', 'performed', 'ms', 'errcode', 'errmsg', 'errCode', 'errMsg', 'errno'],
  ...firingMembers,
]
const pushFaultMembers = ['kind', 'push', 'ms', 'errorCode', 'errorStatus', ...firingMembers]
const MOST_MS = 3_600_000
const MOST_TIMES = 1_000_000
const MOST_CODE = 1_000_000_000

/** What is broken, over `/__desk`: of the calls, of the phones and of the pushes. */
export function faultRoutes(cloud: Cloud): Hono {
  const app = new Hono()
  app.get('/faults', (c) => c.json(cloud.faults()))
  app.post('/faults', async (c) => c.json(cloud.addFault(readFault(await readObject(c, faultMembers)))))
  app.post('/push/faults', async (c) =>
    c.json(cloud.addPushFault(readPushFault(await readObject(c, pushFaultMembers)))),
  )
  app.delete('/faults', (c) => {
    cloud.clearFaults()
    return c.body(null, 204)
  })
  app.delete('/faults/:id', (c) =>
    cloud.removeFault(c.req.param('id'))
      ? c.body(null, 204)
      : c.json({ message: `没有编号 ${c.req.param('id')} 的故障，也许已经用完 (no such fault)` }, 404),
  )
  return app
}

const ms = (value: unknown, name: string) => between(value, 0, MOST_MS, name)
const code = (value: unknown, name: string) => whole(value, -MOST_CODE, MOST_CODE, name)

/** For whom and how often something is broken. @throws BadInput */
const readFiring = (body: JsonObject): Firing => ({
  ...optional(body, 'openid', text),
  ...optional(body, 'probability', (value, name) => between(value, 0, 1, name)),
  ...optional(body, 'times', (value, name) => whole(value, 1, MOST_TIMES, name)),
})

/** @throws BadInput */
export function readFault(body: JsonObject): Fault | PhoneFault {
  if (body.phone !== undefined && body.call !== undefined)
    throw new BadInput('故障要么是 call 的，要么是 phone 的，不能都写 (either call or phone)')
  return body.phone === undefined ? readCallFault(body) : readPhoneFault(body)
}

const readPhoneFault = (body: JsonObject): PhoneFault => ({
  phone: oneOf(body.phone, phoneCalls, 'phone'),
  ...optional(body, 'errCode', code),
  ...optional(body, 'errMsg', text),
  ...optional(body, 'errno', code),
  ...readFiring(body),
})

function readCallFault(body: JsonObject): Fault {
  const call = oneOf(body.call, [...cloudCalls, '*'] as const, 'call')
  const kind = oneOf(body.kind, callFaults, 'kind')
  const firing = readFiring(body)
  switch (kind) {
    case 'hang':
    case 'drop':
      return { call, kind, ...optional(body, 'performed', flag), ...firing }
    case 'slow':
      return { call, kind, ms: ms(body.ms, 'ms'), ...firing }
    case 'errcode':
      return {
        call,
        kind,
        errcode: code(body.errcode, 'errcode'),
        errmsg: text(body.errmsg, 'errmsg'),
        ...firing,
      }
  }
}

/** @throws BadInput */
export function readPushFault(body: JsonObject): PushFault {
  const kind = oneOf(body.kind, pushFaults, 'kind')
  const firing = readFiring(body)
  const push = optional(body, 'push', (value, name) => oneOf(value, pushKinds, name))
  switch (kind) {
    case 'lose':
    case 'repeat':
      return { ...firing, ...push, kind }
    case 'late':
      return { ...firing, ...push, kind, ms: ms(body.ms, 'ms') }
    case 'failSend':
      return { ...firing, kind, ...optional(body, 'errorCode', text), ...optional(body, 'errorStatus', text) }
  }
}

import type { AdminChange } from '@leadbell/contract'
import type { RefusalName } from '../domain/refusal.ts'
import { refusedResponses } from './openapi-refusals.ts'
import type { Schema } from './openapi-schemas.ts'

const change: AdminChange = { topics: ['clues', 'deliveries'] }

const description = `
连接一直开着，事件依次是：

- \`hello\`：连上了，data 是 {}。
- \`change\`：有变化，data 是 ${JSON.stringify(change)}。topics 是 clues（线索）、deliveries（提醒和统计）、staff（员工）中的几个，每秒最多四次；只说哪一类变了，不说变成什么。
- \`ping\`：每 15 秒一次，data 是 {}。
- \`signed-out\`：登录已失效或不再有权限，data 是 {}，随后连接结束。

收到 hello 和每次 change 之后重新读取，就不会漏掉变化。断开后请重新连接。一个账号最多同时开 5 个连接。`

/** `GET /admin/events`, the one answer that goes on. */
export const describeEvents = (it: {
  whoMay: string
  security: readonly Schema[]
  refused: ReadonlyMap<number, RefusalName[]>
}): Schema => ({
  operationId: 'getAdminEvents',
  tags: ['线索管理'],
  summary: '后台页面的实时更新（server-sent events）',
  description: `${it.whoMay}\n${description}`,
  security: it.security,
  responses: {
    '200': {
      description: '事件流，不是信封',
      content: {
        'text/event-stream': {
          schema: { type: 'string' },
          example: `event: hello\ndata: {}\nretry: 1000\n\nevent: change\ndata: ${JSON.stringify(change)}\n\n`,
        },
      },
    },
    ...refusedResponses(it.refused),
  },
})

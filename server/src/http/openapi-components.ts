import type { Schema } from './openapi-schemas.ts'

export const envelope: Schema = {
  type: 'object',
  description: 'JeecgBoot 的信封',
  properties: {
    success: { type: 'boolean' },
    message: { type: 'string', description: '可以直接显示的中文' },
    code: { type: 'integer', description: '0 或 200 为成功' },
    result: { description: '成功时见各接口；拒绝时通常是 null，409 时是当前的记录' },
    timestamp: { type: 'integer', description: '1970 年以来的毫秒数' },
  },
  required: ['success', 'message', 'code', 'result', 'timestamp'],
}

export const refusal: Schema = {
  allOf: [
    { $ref: '#/components/schemas/Envelope' },
    {
      type: 'object',
      properties: { success: { const: false }, code: { type: 'integer', not: { enum: [0, 200] } } },
    },
  ],
}

function idempotencyKey(required: boolean): Schema {
  return {
    name: 'Idempotency-Key',
    in: 'header',
    required,
    description: '这个请求的唯一编号，1 到 128 个可见的 ASCII 字符；重试时不变',
    schema: { type: 'string', minLength: 1, maxLength: 128, pattern: '^[\\x20-\\x7e]{1,128}$' },
  }
}

export const parameters: Record<string, Schema> = {
  IdempotencyKey: idempotencyKey(false),
  IdempotencyKeyRequired: idempotencyKey(true),
}

const header = (name: string, description: string): Schema => ({
  type: 'apiKey',
  in: 'header',
  name,
  description,
})

export const securitySchemes: Record<string, Schema> = {
  session: header('X-Access-Token', '登录得到的 token'),
  adminToken: { type: 'http', scheme: 'bearer', description: '服务器的 ADMIN_TOKEN' },
  timestamp: header('X-Leadbell-Timestamp', 'Unix 秒，与服务器相差不超过 5 分钟'),
  signature: header(
    'X-Leadbell-Signature',
    'v1=hex(HMAC-SHA256(INTEGRATION_SECRET, timestamp + "." + 请求体的原始字节))',
  ),
}

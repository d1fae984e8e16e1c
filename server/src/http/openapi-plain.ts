import type { Schema } from './openapi-schemas.ts'

const text = (description: string, type = 'text/plain', schema: Schema = { type: 'string' }) => ({
  description,
  content: { [type]: { schema } },
})
const query = (name: string, description: string, required = false) => ({
  name,
  in: 'query',
  required,
  description,
  schema: { type: 'string' },
})

const signed = [
  query('signature', '微信的签名：令牌、timestamp、nonce 排序相连后的 SHA-1', true),
  query('timestamp', '秒', true),
  query('nonce', '随机串', true),
]
const refused = text('签名、时间或内容不对')
const push: Schema = {
  type: 'object',
  description: '微信的推送，字段见微信文档；安全模式下只有 ToUserName 和 Encrypt',
  additionalProperties: true,
}

/** What does not answer in an envelope: WeChat's side, and what watches the server. */
export const plainPaths: Record<string, Schema> = {
  '/wechat/events': {
    get: {
      operationId: 'getWechatEvents',
      tags: ['微信推送'],
      summary: '微信验证推送地址',
      description: '只在配置了推送令牌时存在。',
      security: [],
      parameters: [...signed, query('echostr', '原样返回', true)],
      responses: { '200': text('echostr'), '403': refused },
    },
    post: {
      operationId: 'postWechatEvents',
      tags: ['微信推送'],
      summary: '接收微信的事件推送',
      description:
        '明文、兼容、安全三种模式，XML 和 JSON 两种格式。先记下，立即回答，随后处理；重复的推送只处理一次。',
      security: [],
      parameters: [
        ...signed,
        query('encrypt_type', '安全模式为 aes'),
        query('msg_signature', '安全模式下对 Encrypt 的签名'),
      ],
      requestBody: {
        required: true,
        content: { 'text/xml': { schema: push }, 'application/json': { schema: push } },
      },
      responses: { '200': text('success'), '403': refused },
    },
  },
  '/healthz': {
    get: {
      operationId: 'getHealthz',
      tags: ['运行'],
      summary: '进程是否活着',
      security: [],
      responses: { '200': { $ref: '#/components/responses/Healthy' } },
    },
  },
  '/readyz': {
    get: {
      operationId: 'getReadyz',
      tags: ['运行'],
      summary: '是否可以接收请求：数据库通，且没有在停机',
      security: [],
      responses: {
        '200': { $ref: '#/components/responses/Healthy' },
        '503': { $ref: '#/components/responses/NotReady' },
      },
    },
  },
  '/metrics': {
    get: {
      operationId: 'getMetrics',
      tags: ['运行'],
      summary: 'Prometheus 指标',
      security: [{ adminToken: [] }],
      responses: {
        '200': text('Prometheus 文本格式 0.0.4'),
        '401': { $ref: '#/components/responses/AdminTokenWrong' },
      },
    },
  },
}

const envelope: Schema = { $ref: '#/components/schemas/Envelope' }
const answer = (description: string) => ({
  description,
  content: { 'application/json': { schema: envelope } },
})

export const plainResponses: Record<string, Schema> = {
  Healthy: answer('正常'),
  NotReady: answer('暂时不能接收请求'),
  AdminTokenWrong: answer('管理令牌无效'),
}

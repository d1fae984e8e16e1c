import { DrizzleQueryError } from 'drizzle-orm'
import { pino, type DestinationStream, type Logger } from 'pino'

/** What opens something: passwords, tokens, keys, and what proves that one has them. */
const secretKeys = [
  'password',
  'token',
  'adminToken',
  'access_token',
  'accessToken',
  'code',
  'js_code',
  'session_key',
  'secret',
  'integrationSecret',
  'aesKey',
  'Encrypt',
  'captcha',
  'signature',
  'msg_signature',
  'authorization',
  'x-access-token',
  'x-leadbell-signature',
]
/** Who somebody is: logs name people and leads by our ids, which mean nothing to a stranger. */
const personalKeys = ['openid', 'unionid', 'touser', 'FromUserName', 'phone', 'customerName', 'remark']

/** JSON lines. What may not be read by whoever reads logs is blanked out, should it ever get here. */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    redact: {
      paths: [...secretKeys, ...personalKeys].flatMap((key) => [
        `["${key}"]`,
        `*["${key}"]`,
        `*.*["${key}"]`,
      ]),
      censor: '[hidden]',
    },
    serializers: { err: describeError },
  }
  return destination ? pino(options, destination) : pino(options)
}

interface DescribedError {
  type: string
  message?: string
  query?: string
  /** SQLSTATE or errno; not `code`, which is what a phone logs in with. */
  errorCode?: string
  stack: string
  cause?: DescribedError
}

const DEEPEST_CAUSE = 4

/**
 * Drizzle puts the values of a failed query into the message and so into the stack, and PostgreSQL those of a row into
 * `detail`: tokens and hashes among them. So an error is told by what is known to be harmless, its causes too.
 */
function describeError(error: unknown, depth = 0): DescribedError | string {
  if (!(error instanceof Error)) return typeof error
  const isQuery = error instanceof DrizzleQueryError
  const cause = error.cause instanceof Error && depth < DEEPEST_CAUSE && describeError(error.cause, depth + 1)
  return {
    type: isQuery ? 'DrizzleQueryError' : error.name,
    ...(isQuery ? { query: error.query } : { message: error.message }),
    ...('code' in error && typeof error.code === 'string' && { errorCode: error.code }),
    stack: framesOf(error),
    ...(typeof cause === 'object' && { cause }),
  }
}

/** Without the first lines, which repeat the message. */
const framesOf = ({ stack = '' }: Error): string =>
  stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n')

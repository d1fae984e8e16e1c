import { DrizzleQueryError } from 'drizzle-orm'
import { pino, stdSerializers, type DestinationStream, type Logger } from 'pino'

const secretKeys = [
  'password',
  'token',
  'access_token',
  'accessToken',
  'code',
  'js_code',
  'session_key',
  'secret',
  'captcha',
  'authorization',
  'x-access-token',
]

/** JSON lines. What may not be read by whoever reads logs is blanked out, should it ever get here. */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    redact: {
      paths: secretKeys.flatMap((key) => [`["${key}"]`, `*["${key}"]`, `*.*["${key}"]`]),
      censor: '[hidden]',
    },
    serializers: { err: describeError },
  }
  return destination ? pino(options, destination) : pino(options)
}

/** Drizzle puts the values of a failed query into the message and so into the stack: tokens and hashes among them. */
function describeError(error: Error): unknown {
  if (!(error instanceof DrizzleQueryError)) return stdSerializers.err(error)
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  const cause = error.cause
  return {
    type: 'DrizzleQueryError',
    query: error.query,
    cause: cause && { message: cause.message, sqlState: 'code' in cause ? cause.code : undefined },
    stack: frames.join('\n'),
  }
}

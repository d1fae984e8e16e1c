import { currentHost, settleOnce, type HostFailure } from './host.ts'

/** Why no panel was answered; one name for each row of wechat-platform.md §1.3. */
export type SubscribeFailure =
  | 'no-templates'
  | 'list-network'
  | 'submit-network'
  | 'invalid-template-id'
  | 'in-background'
  | 'template-not-found'
  | 'mixed-types'
  | 'too-many-templates'
  | 'app-banned'
  | 'device-template'
  | 'no-gesture'
  | 'already-asking'
  | 'unsupported'
  | 'unknown'

export interface SubscribeAnswer {
  kind: 'answered'
  /** Id by id as WeChat gave it: what the backend is told. */
  results: Record<string, string>
  /** A grant each. */
  accepted: string[]
  rejected: string[]
  /** Banned by Tencent, dropped for a doubled title, or a value nobody knows: the user cannot mend these. */
  unavailable: string[]
}

/** What one `requestSubscribeMessage` came to. A refusal is an answer, never a failure (§1.2). */
export type SubscribeOutcome =
  | SubscribeAnswer
  | { kind: 'switched-off' }
  | { kind: 'failed'; cause: SubscribeFailure; code: number | undefined; detail: string }

/** A grant: `accept`, `acceptWithAlert` and what else WeChat may add (§1.2). */
export const isAccept = (value: unknown): boolean => typeof value === 'string' && value.startsWith('accept')

const failureByCode: Record<number, SubscribeFailure> = {
  10001: 'no-templates',
  10002: 'list-network',
  10003: 'submit-network',
  10004: 'invalid-template-id',
  10005: 'in-background',
  20001: 'template-not-found',
  20002: 'mixed-types',
  20003: 'too-many-templates',
  20005: 'app-banned',
  20013: 'device-template',
}

/** These three come without a code (§1.3), so their words have to do. */
const failureByWords: [string, SubscribeFailure][] = [
  ['TAP gesture', 'no-gesture'],
  ['last call has not ended', 'already-asking'],
  ['not exist', 'unsupported'],
]

/**
 * Asks for one grant per template. The host call happens before this function returns, so a caller inside
 * a tap keeps its tap state; `done` comes later and has none (§1.4).
 */
export function requestSubscribe(
  tmplIds: string[],
  done: (outcome: SubscribeOutcome) => void,
  host = currentHost(),
): void {
  settleOnce<SubscribeOutcome>(done, failed('unknown'), (settle) => {
    if (!host.requestSubscribeMessage) return settle(failed('unsupported'))
    host.requestSubscribeMessage({
      tmplIds,
      success: (answer) => settle(readAnswer(tmplIds, answer)),
      fail: (failure) => settle(readFailure(failure)),
    })
  })
}

function readAnswer(tmplIds: string[], answer: Record<string, unknown>): SubscribeAnswer {
  const outcome: SubscribeAnswer = {
    kind: 'answered',
    results: {},
    accepted: [],
    rejected: [],
    unavailable: [],
  }
  // The ids we sent, not the answer's keys: `errMsg` is one of those.
  for (const id of tmplIds) {
    const value = answer[id]
    if (typeof value === 'string') outcome.results[id] = value
    const list = isAccept(value)
      ? outcome.accepted
      : value === 'reject'
        ? outcome.rejected
        : outcome.unavailable
    list.push(id)
  }
  return outcome
}

function readFailure({ errCode, errMsg = '' }: HostFailure): SubscribeOutcome {
  if (errCode === 20004) return { kind: 'switched-off' }
  const cause =
    (errCode !== undefined ? failureByCode[errCode] : undefined) ??
    failureByWords.find(([words]) => errMsg.includes(words))?.[1] ??
    'unknown'
  return failed(cause, errCode, errMsg)
}

const failed = (cause: SubscribeFailure, code?: number, detail = ''): SubscribeOutcome => ({
  kind: 'failed',
  cause,
  code,
  detail,
})

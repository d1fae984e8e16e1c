import * as v from 'valibot'

/**
 * JeecgBoot's answer to everything (`org.jeecg.common.api.vo.Result`). Success is `code` 0 or 200 and
 * nothing else: one 401 path of the original says `success: true`, so `success` decides nothing.
 */
export interface Envelope<T> {
  success: boolean
  /** A Chinese sentence that may be shown as it is. */
  message: string
  code: number
  result: T
  /** Milliseconds since 1970. */
  timestamp: number
}

/** The schema of an envelope around `result`. */
export const envelope = <S extends v.GenericSchema>(result: S) =>
  v.object({
    success: v.boolean(),
    message: v.string(),
    code: v.pipe(v.number(), v.integer()),
    result,
    timestamp: v.pipe(v.number(), v.integer()),
  })

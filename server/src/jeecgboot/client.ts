import { readCaptcha, readLogin, type CaptchaOutcome, type LoginOutcome } from './answer.ts'
import { exchange } from './exchange.ts'

export interface JeecgBootOptions {
  /** With the context path and without a slash at the end, such as `https://oa.example.com/jeecg-boot`. */
  baseUrl: string
  /** For one call. @default 8000 */
  timeoutMs?: number
  /** @default the global fetch */
  fetch?: typeof fetch
}

/** SysLoginModel. The password travels as it is: every version takes it so. */
export interface JeecgBootLogin {
  username: string
  password: string
  captcha: string
  checkKey: string
}

export interface JeecgBoot {
  /** `GET /sys/randomImage/{checkKey}`. The picture can be answered for 60 seconds. */
  captcha(checkKey: string): Promise<CaptchaOutcome>
  /** `POST /sys/login`. Whatever comes back is a value, never an exception. */
  login(login: JeecgBootLogin): Promise<LoginOutcome>
  /** `GET /sys/logout`: gives the token of a login back; true when JeecgBoot took it. */
  logout(token: string): Promise<boolean>
}

/** The three calls we make of the customer's JeecgBoot (LoginController.java of v3.9; older ones answer the same). */
export function createJeecgBoot(options: JeecgBootOptions): JeecgBoot {
  const { timeoutMs = 8000, fetch = globalThis.fetch } = options
  const base = options.baseUrl.replace(/\/+$/, '')
  const call = { fetch, timeoutMs }

  return {
    async captcha(checkKey) {
      const url = new URL(`${base}/sys/randomImage/${encodeURIComponent(checkKey)}`)
      return readCaptcha(await exchange({ ...call, method: 'GET', url }))
    },

    async login({ username, password, captcha, checkKey }) {
      return readLogin(
        await exchange({
          ...call,
          method: 'POST',
          url: new URL(`${base}/sys/login`),
          // keeps the dictionary of the whole system out of the answer
          headers: { 'x-version': 'v3' },
          body: { username, password, captcha, checkKey },
        }),
      )
    },

    async logout(token) {
      const url = new URL(`${base}/sys/logout`)
      const answer = await exchange({ ...call, method: 'GET', url, headers: { 'x-access-token': token } })
      return answer.kind === 'answered' && answer.status === 200
    },
  }
}

import type { Cloud } from '../cloud/cloud.ts'
import { createCloud } from '../cloud/create-cloud.ts'
import { demoAppid } from '../cloud/demo.ts'
import type { Account } from '../cloud/options.ts'
import { demoRelease } from '../release.ts'
import { logFileWriter } from './log-file.ts'
import { listen } from './server.ts'
import { checkWeChat, type WeChatOptions } from './wechat-options.ts'

export interface CloudServerOptions extends Omit<WeChatOptions, 'accounts'> {
  /** A number makes that many: `accountNumber(1)` and on. @default two demo phones */
  accounts?: readonly Account[] | number
  /** Whether the released mini-program has this page; no leading slash, no query. @default every page */
  hasPage?: (path: string) => boolean
}

/** A running api.weixin.qq.com without a mini-program and without a desk to look at. */
export interface RunningCloud {
  /** Such as http://127.0.0.1:5300: the base URL of api.weixin.qq.com, and of `/__desk` and `/__phone`. */
  readonly url: string
  readonly port: number
  readonly cloud: Cloud
  /** Ends every connection, the hanging ones too. */
  close(): Promise<void>
}

/** The n-th of many users. */
export const accountNumber = (n: number): Account => ({
  openid: `oLeadbellPhone${String(n).padStart(14, '0')}`,
  nickname: `${n} 号手机`,
})

/**
 * Starts WeChat's server side alone on a loopback port, for benches and for tests of a backend: the public calls, and
 * the control below `/__desk` and `/__phone` (protocol.ts). Its memory ends with it.
 * @throws StartError
 */
export async function startCloud(options: CloudServerOptions = {}): Promise<RunningCloud> {
  const { accounts, hasPage = () => true, ...wechat } = options
  const checked = checkWeChat({
    ...wechat,
    ...(accounts === undefined
      ? {}
      : {
          accounts:
            typeof accounts === 'number'
              ? Array.from({ length: accounts }, (_, n) => accountNumber(n + 1))
              : accounts,
        }),
  })
  const complain = (line: string) => void process.stderr.write(`✗ ${line}\n`)
  const cloud = createCloud({
    appid: demoAppid,
    ...checked,
    hasPage,
    onLogLine: logFileWriter(checked.logFile, complain),
    onProblem: complain,
  })
  const parts = { cloud, deskActions: [], release: demoRelease, requestDomains: [] }
  const server = await listen(parts, checked.port).catch((error: unknown) => {
    cloud.close()
    throw error
  })
  return {
    url: server.url,
    port: server.port,
    cloud,
    async close() {
      cloud.close()
      await server.close()
    },
  }
}

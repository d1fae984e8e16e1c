import type { Cloud } from '../cloud/cloud.ts'
import { createCloud } from '../cloud/create-cloud.ts'
import { demoAppid } from '../cloud/demo.ts'
import type { PhoneChange } from '../cloud/phones.ts'
import { BadState } from '../cloud/state-reader.ts'
import type { PushFault } from '../cloud/push/faults.ts'
import type { PushRecord, PushVerification } from '../cloud/push/record.ts'
import type { PushTarget } from '../cloud/push/target.ts'
import { livePackage } from '../package/live-package.ts'
import { problemLine, type Problem } from '../package/problems.ts'
import type { CallRecord, ClockState, Fault, FaultEntry, PhoneFault, SavedState } from '../protocol.ts'
import { logFileWriter } from './log-file.ts'
import { checkOptions, type EmulatorOptions } from './options.ts'
import { pageRoutes } from './page-routes.ts'
import { listen } from './server.ts'
import { readState, saveOften, stateSaver } from './state-file.ts'
import { StartError } from './start-error.ts'
import { isAppid } from './wechat-options.ts'

/** A running emulator. Where `openid` is left out, the first account's phone is meant. */
export interface Emulator {
  /** Such as http://127.0.0.1:5300: the page to open (the desk, or `beside` and the phone), and the base URL of api.weixin.qq.com. */
  readonly url: string
  readonly port: number
  readonly cloud: Cloud
  /** What is wrong with the built mini-program now. */
  problems(): Problem[]
  setPhone(change: PhoneChange, openid?: string): void
  setMainSwitch(on: boolean, openid?: string): void
  /** Publishes the build on the disk as a newer version: every running phone is told, as `wx.getUpdateManager` hears. */
  offerUpdate(): void
  /** The grants as WeChat really holds them, by template. */
  quota(openid?: string): Record<string, number>
  /** Calls that reached the public side, newest last. */
  calls(): CallRecord[]
  /** The same as lines for a person, those up to number `after` left out. */
  log(after?: number): string
  fault(fault: Fault | PhoneFault): FaultEntry
  pushFault(fault: PushFault): FaultEntry
  clearFaults(): void
  /** Events go there from now on; resolves when the backend was asked to verify it. @throws BadPushTarget */
  setPush(target: PushTarget): Promise<PushVerification>
  /** Every event that was pushed, with its deliveries and their answers, newest last. */
  pushes(): PushRecord[]
  /** Puts WeChat's clock forward: codes and tokens age, waiting pushes are due. */
  advance(ms: number): ClockState
  /** All that WeChat remembers, as one JSON value. It holds session keys and tokens. */
  save(): SavedState
  /** Goes on from what `save` gave, here or in another process. @throws BadState, and nothing has changed */
  restore(saved: unknown): void
  /** Ends every connection, the hanging ones too. */
  close(): Promise<void>
}

/**
 * Starts WeChat on a laptop: api.weixin.qq.com, the phones' private channel, the desk and the pages on one
 * loopback port. A faulty mini-program does not keep it from starting: its problems are shown on the phone.
 * @throws StartError with one line for the person at the terminal
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const checked = checkOptions(options)
  const { dist, stateFile } = checked
  const program = livePackage(dist, ({ problems }) =>
    problems.forEach((problem) => checked.onProblem(problemLine(problem), problem.level)),
  )
  const built = program.current().appid
  const appid = checked.appid ?? (isAppid(built) ? built : demoAppid)
  if (isAppid(built) && built !== appid)
    checked.onProblem(
      `小程序的 appid 是 ${built}，模拟器的是 ${appid}：真机上换不到登录态 (appids differ)`,
      'warning',
    )

  const cloud = startedFrom(stateFile, (state) =>
    createCloud({
      ...checked,
      appid,
      hasPage: (path) => program.current().pages.includes(path),
      state,
      clientProfile: checked.release.clientProfile,
      onLogLine: logFileWriter(checked.logFile, checked.onProblem),
    }),
  )
  // what was asked for today goes over what the file remembers
  if (checked.platform !== undefined)
    for (const { openid, platform } of checked.accounts)
      if (platform !== undefined) cloud.phone.change(openid, { platform })
  const save = stateFile === undefined ? () => undefined : stateSaver(stateFile, () => cloud.snapshot())
  // a file that cannot be written is said now, not when something is lost
  save()
  const server = await listen({ ...checked, cloud, pages: pageRoutes(program, dist, checked) }, checked.port)
  const saving = saveOften(save, checked.onProblem)

  return {
    url: server.url,
    port: server.port,
    cloud,
    problems: () => program.current().problems,
    setPhone: (change, openid = cloud.firstOpenid) => void cloud.phone.change(openid, change),
    setMainSwitch: (mainSwitch, openid = cloud.firstOpenid) =>
      void cloud.phone.writeSettings({ openid, mainSwitch }),
    offerUpdate: () => cloud.publishUpdate(),
    quota: (openid = cloud.firstOpenid) => cloud.quota(openid),
    calls: () => cloud.calls(),
    log: (after) => cloud.log(after),
    fault: (fault) => cloud.addFault(fault),
    pushFault: (fault) => cloud.addPushFault(fault),
    clearFaults: () => cloud.clearFaults(),
    setPush: (target) => cloud.setPush(target),
    pushes: () => cloud.pushes(),
    advance: (ms) => cloud.advance(ms),
    save: () => cloud.save(),
    restore: (saved) => cloud.restore(saved),
    async close() {
      cloud.close()
      await server.close()
      saving.stop()
    },
  }
}

/** @throws StartError when the file is not what an emulator of this app left */
function startedFrom(stateFile: string | undefined, start: (state: unknown) => Cloud): Cloud {
  const state = stateFile === undefined ? undefined : readState(stateFile)
  try {
    return start(state)
  } catch (error) {
    if (!(error instanceof BadState)) throw error
    throw new StartError(`${stateFile} 不能用：${error.message}。删掉它就从头开始 (delete it to begin anew)`)
  }
}

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import type { AcceptedSend, PushTarget } from '../../emulator/src/index.ts'

export const TEMPLATE = 'TPL_CLUE_ASSIGNED_0000000000000000000000001'
export const APPID = 'wx1ead0be110000001'
export const SECRET = 'emulated-secret'

export interface EmulatedWeChat {
  url: string
  /** What it took from the `after`-th on; needs `keepSends`. */
  sends(after?: number): Promise<AcceptedSend[]>
  /** Pushes its events from now on. */
  pushTo(target: PushTarget): Promise<void>
  stop(): Promise<void>
}

/** WeChat in a process of its own, whose users hold `grants` grants each. */
export async function startWeChat(options: {
  accounts: number
  grants: number
  latencyMs?: number
  keepSends?: boolean
}): Promise<EmulatedWeChat> {
  const { grants, ...cloud } = options
  const program = resolve(import.meta.dirname, '../../emulator/src/node/cloud-main.ts')
  const child = fork(program, [JSON.stringify(cloud)], {
    execArgv: ['--import', import.meta.resolve('tsx')],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const exited = once(child, 'exit')
  const [ready] = (await Promise.race([
    once(child, 'message'),
    exited.then(() => Promise.reject(new Error('the emulated WeChat did not start'))),
  ])) as [{ url: string }]
  const { url } = ready

  async function desk(path: string, body?: object): Promise<Response> {
    const answer = await fetch(`${url}/__desk${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`desk ${path}: HTTP ${answer.status} ${await answer.text()}`)
    return answer
  }

  await desk('/grants', { templateId: TEMPLATE, n: grants })
  return {
    url,
    sends: async (after = 0) => (await (await desk(`/sends?after=${after}`)).json()) as AcceptedSend[],
    pushTo: async (target) => void (await desk('/push', target)),
    stop: async () => {
      child.kill()
      await exited
    },
  }
}

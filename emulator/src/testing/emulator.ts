import { onTestFinished } from 'vitest'
import { demoAppid, demoSecret } from '../cloud/demo.ts'
import { startEmulator, type Emulator, type EmulatorOptions } from '../index.ts'
import { folderOf, smallProgram } from './folders.ts'

export interface TestEmulator extends Emulator {
  /** A POST as the phone's own page makes it. */
  post(
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; json: unknown }>
  /** A good one, fetched as a backend does. */
  accessToken(): Promise<string>
}

/** A real emulator on a free port, with the small mini-program unless `dist` is given. */
export async function testEmulator(options: Partial<EmulatorOptions> = {}): Promise<TestEmulator> {
  const emulator = await startEmulator({ dist: options.dist ?? folderOf(smallProgram), port: 0, ...options })
  onTestFinished(() => emulator.close())
  const post: TestEmulator['post'] = async (path, body = {}, headers = {}) => {
    const response = await fetch(emulator.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: emulator.url, ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
    const text = await response.text()
    return { status: response.status, json: text === '' ? undefined : (JSON.parse(text) as unknown) }
  }
  return {
    ...emulator,
    post,
    async accessToken() {
      const credentials = { appid: demoAppid, secret: demoSecret, grant_type: 'client_credential' }
      const { json } = await post('/cgi-bin/stable_token', credentials)
      return (json as { access_token: string }).access_token
    },
  }
}

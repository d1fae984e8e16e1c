import { createServer, type AddressInfo } from 'node:net'
import { Stop } from './say.ts'

/** The port `variable` names, or `fallback`; throws a Stop when it is no port. */
export function portFrom(variable: string, fallback: number): number {
  const text = process.env[variable]
  if (!text) return fallback
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new Stop(`${variable}=${text} 不是端口号，请用 1–65535 的整数 (${variable} is not a port)`)
  }
  return port
}

/** Throws a Stop when somebody listens on it already. */
export async function requireFree(port: number, variable: string): Promise<void> {
  const isFree = await new Promise<boolean>((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
  if (!isFree) {
    throw new Stop(
      `端口 ${port} 被占用：停掉占用它的程序，或换一个 (port in use, try): ${variable}=${port + 10} npm start`,
    )
  }
}

/** A loopback port that nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo
      probe.close(() => resolve(port))
    })
  })
}

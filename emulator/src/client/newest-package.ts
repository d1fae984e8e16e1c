import type { MiniProgramPackage } from '../protocol.ts'

declare global {
  var __packageProblems: readonly string[] | undefined
}

/** The build as it is on the disk now. Rejects when it cannot be fetched or does not compile. */
export function newestPackage(): Promise<MiniProgramPackage> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.src = '/package.js'
    script.onload = () => {
      script.remove()
      if (globalThis.__package) resolve(globalThis.__package)
      else reject(new Error(globalThis.__packageProblems?.join('\n') ?? 'no package'))
    }
    script.onerror = () => {
      script.remove()
      reject(new Error('/package.js did not come'))
    }
    document.head.append(script)
  })
}

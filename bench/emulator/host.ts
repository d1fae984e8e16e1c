import { startEmulator } from '../../emulator/src/index.ts'
import { accountsOf } from '../../tests/story/people.ts'

// An emulator in a process of its own, asked for its address and for its heap after a collection.

const [dist = '', count = ''] = process.argv.slice(2)
const emulator = startEmulator({ dist, port: 0, accounts: accountsOf(Number(count)) })

process.on('message', (question) => void emulator.then(({ url }) => answer(question, url)))
process.on('disconnect', () => process.exit())

function answer(question: unknown, url: string): void {
  if (question === 'url') process.send?.(url)
  else {
    for (let n = 0; n < 2; n++) globalThis.gc?.()
    process.send?.(process.memoryUsage().heapUsed)
  }
}

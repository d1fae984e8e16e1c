import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { requireChromium } from './chromium.ts'
import { guestNames, readGuest, ROOT } from './guests/guest.ts'
import { makeGuest } from './guests/make.ts'
import { run, say, Stop } from './say.ts'

/** `npm run guests`: makes the mini-programs that are not ours, runs them in the emulator, and takes their pictures. */
run(async () => {
  requireChromium()
  for (const name of guestNames()) {
    const guest = readGuest(name)
    say(`${guest.title}（${guest.package} ${guest.version}）`)
    await makeGuest(guest, (line) => say(`  ${line}`))
  }
  // the same tests as in `npm test`; only here they leave pictures
  const child = spawn(
    process.execPath,
    [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--project', 'guests'],
    {
      cwd: ROOT,
      stdio: 'inherit',
      env: { ...process.env, GUEST_PICTURES: join(ROOT, 'docs/images') },
    },
  )
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  if (code !== 0) throw new Stop('客人的小程序没有都跑通，见上 (a guest failed, see above)')
  say('截图在 docs/images/guest-*.png (pictures)')
})

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { buildMiniProgram } from '../build/build-mini-program.ts'
import { BUILT_API_BASE_URL, startWorld } from '../tests/story/world.ts'
import { demo } from './demo.ts'
import { run, say, Stop } from './say.ts'

// The README's pictures, from the real build in the emulator. To look at everything, dark too (NAME-dark.png):
// npm run screenshots -- /tmp/pictures dark

const folder = resolve(process.argv[2] ?? resolve(import.meta.dirname, '../docs/images'))

run(async () => {
  mkdirSync(folder, { recursive: true })
  const work = mkdtempSync(join(tmpdir(), 'leadbell-screenshots-'))
  const outDir = join(work, 'mp-weixin')
  const build = await buildMiniProgram({ outDir, apiBaseUrl: BUILT_API_BASE_URL, quiet: true })
  if (!build.ok) throw new Stop(build.output)
  try {
    await tellTheStory('light')
    if (process.argv[3] === 'dark') await tellTheStory('dark')
    await showTheDesk()
  } finally {
    rmSync(work, { recursive: true, force: true })
  }

  async function tellTheStory(theme: 'light' | 'dark'): Promise<void> {
    const world = await startWorld({ dist: outDir })
    try {
      world.emulator.setPhone({ theme })
      const phone = await world.openPhone(undefined, { colorScheme: theme })
      const shoot = async (name: string) => {
        const path = join(folder, theme === 'dark' ? `${name}-dark.png` : `${name}.png`)
        await phone.screenshot(path)
        say(path)
      }
      await phone.byId('captcha-image').waitFor()
      await shoot('login')
      await world.login(phone)
      await phone.wechat('subscribe-panel').waitFor()
      await shoot('panel')
      await phone.wechat('subscribe-allow').click()
      await phone.waitForText('还可接收 1 条提醒')
      await phone.gone('toast')
      await shoot('list')
      await world.admin('POST', '/trial/assign', { username: 'chen' })
      await phone.wechat('message-banner').waitFor()
      await shoot('message')
      await phone.wechat('message-banner').click()
      await phone.byId('clue-title').waitFor()
      await shoot('detail')
    } finally {
      await world.close()
    }
  }

  async function showTheDesk(): Promise<void> {
    const world = await startWorld({ dist: outDir })
    try {
      const { page, phone } = await world.openDesk()
      await world.login(phone)
      await phone.wechat('subscribe-allow').click()
      await phone.waitForText('还可接收 1 条提醒')
      await phone.gone('toast')
      await page.getByText(demo.assignLabel).first().click()
      await phone.wechat('message-banner').waitFor()
      await page.screenshot({ path: join(folder, 'desk.png'), animations: 'disabled' })
      say(join(folder, 'desk.png'))
    } finally {
      await world.close()
    }
  }
})

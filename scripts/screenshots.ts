import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { buildAdmin } from '../build/build-admin.ts'
import { buildMiniProgram } from '../build/build-mini-program.ts'
import type { Phone } from '../tests/story/phone.ts'
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
  const adminDir = join(work, 'admin')
  const [build] = await Promise.all([
    buildMiniProgram({ outDir, apiBaseUrl: BUILT_API_BASE_URL, quiet: true }),
    buildAdmin(adminDir),
  ])
  if (!build.ok) throw new Stop(build.output)
  try {
    await tellTheStory('light')
    if (process.argv[3] === 'dark') await tellTheStory('dark')
    await showTheDesk()
    await showTheBackOffice('light')
    await showTheBackOffice('dark')
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

  /** A busy morning: some of the field staff can be rung, some cannot. */
  async function showTheBackOffice(theme: 'light' | 'dark'): Promise<void> {
    const world = await startWorld({ dist: outDir, adminDir })
    try {
      const shown = { colorScheme: theme }
      world.emulator.setPhone({ theme })
      const { page, office, phone } = await world.openSideBySide(shown)
      const shoot = async (name: string, at = page) => {
        const path = join(folder, theme === 'dark' ? `${name}-dark.png` : `${name}.png`)
        await at.screenshot({ path, animations: 'disabled' })
        say(path)
      }
      await world.login(phone)
      await allow(phone, 6)
      const other = await world.openPhoneOf(demo.staff[1]?.openid ?? '')
      await world.login(other, demo.staff[1])
      await allow(other, 2)

      const clerk = await world.openBackOffice('/clues', shown)
      await clerk.rows().nth(5).waitFor()
      for (let n = 0; n < 5; n++) await clerk.rows().nth(n).getByRole('checkbox').check()
      await clerk.page.getByRole('button', { name: '分配所选' }).click()
      const people = clerk.dialog().getByRole('option')
      for (let n = 0; n < 3; n++) await people.nth(n).click()
      await shoot('office-assign', clerk.page)
      await clerk.page.keyboard.press('Control+Enter')
      await clerk.dialog().getByText('5 条已分配').waitFor()
      await clerk.page.keyboard.press('Escape')

      await office.logIn()
      await office
        .rows()
        .getByRole('button', { name: /^分配 / })
        .first()
        .click()
      await office
        .dialog()
        .getByRole('option', { name: /陈小舟/ })
        .click()
      await phone.gone('message-banner')
      await page.keyboard.press('Control+Enter')
      await office.says('刚分配的 1 条：已送达 1')
      await phone.wechat('message-banner').waitFor()
      await shoot('side-by-side')
      await clerk.go('概览')
      await clerk.page.locator('canvas').nth(1).waitFor()
      // the bars have grown
      await clerk.page.waitForTimeout(1500)
      await shoot('office-overview', clerk.page)
    } finally {
      await world.close()
    }
  }

  /** Until the phone says that so many messages may come. */
  async function allow(phone: Phone, times: number): Promise<void> {
    await phone.wechat('subscribe-allow').click()
    await phone.waitForText('还可接收 1 条提醒')
    await phone.tap('settings')
    for (let allowed = 2; allowed <= times; allowed++) {
      await phone.tap('allow-once')
      await phone.wechat('subscribe-allow').click()
      await phone.waitForText(`${allowed} 条`)
    }
    await phone.back()
  }
})

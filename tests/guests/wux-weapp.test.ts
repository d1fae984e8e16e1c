import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectNoProblems, openGuest, tap, type GuestPhone } from './guest-phone.ts'

let phone: GuestPhone
beforeAll(async () => {
  phone = await openGuest('wux-weapp')
})
afterAll(() => phone.close())

const title = () => phone.page.locator('[data-test="navigation-title"]').textContent()
const text = (words: string) => phone.shown.getByText(words, { exact: true })

test('a native program starts on its first tab; the tabs switch', async () => {
  expectNoProblems(phone)
  await expect
    .poll(() => phone.shown.textContent())
    .toContain('一套组件化、可复用、易扩展的微信小程序 UI 组件库')
  await phone.picture('index')
  const tabs = phone.page.locator('[data-test="tab"]')
  await tabs.nth(1).tap()
  await expect.poll(() => phone.shown.textContent()).toContain('Skyvow')
  expect(await title()).toBe('About')
  await phone.picture('about')
  await tabs.nth(0).tap()
  await expect.poll(() => phone.shown.textContent()).toContain('Wux Weapp')
})

test('an accordion opens, its entry leads to a page, and 返回 leads back', async () => {
  await tap(text('Layout 布局组件'))
  await tap(text('Grid 宫格'))
  await expect.poll(() => phone.shown.textContent()).toContain('Square = true')
  await phone.page.locator('[data-test="navigation-back"]').tap()
  await expect.poll(() => phone.shown.textContent()).toContain('一套组件化')
})

test('a stepper counts up and down; the program has its field disabled', async () => {
  await phone.reLaunch('pages/input-number/index')
  const stepper = phone.shown.locator('wux-input-number').first()
  const input = stepper.locator('input')
  await expect.poll(() => input.inputValue()).toBe('1024')
  expect(await input.isDisabled()).toBe(true)
  const press = (which: 'add' | 'sub') => tap(stepper.locator(`[class*="selector--${which}"]`))
  await press('add')
  await expect.poll(() => input.inputValue()).toBe('1025')
  await press('sub')
  await press('sub')
  await expect.poll(() => input.inputValue()).toBe('1023')
})

test('a form: typing and choosing, and it stays when its layout changes', async () => {
  await phone.reLaunch('pages/form/index')
  await expect.poll(() => phone.shown.textContent()).toContain('水平布局表单')
  await phone.picture('form')
  const name = phone.shown.locator('input').first()
  await name.fill('李雷')
  const pieces = phone.shown.locator('wux-checkbox')
  await tap(pieces.nth(1))
  await expect.poll(() => pieces.nth(1).locator('input').isChecked()).toBe(true)
  await tap(text('vertical'))
  await expect.poll(() => phone.shown.textContent()).toContain('竖直布局表单')
  expect(await name.inputValue()).toBe('李雷')
})

test('a calendar opens in a sheet, and the day that is pressed comes back', async () => {
  await phone.reLaunch('pages/calendar/index')
  await tap(text('单选'))
  const sheet = phone.shown.locator('wux-calendar')
  await expect.poll(() => sheet.textContent()).toContain('周一')
  const day = sheet.locator('[class*="__month--current"]').getByText('15', { exact: true })
  // it slides in
  await day.click({ trial: true })
  await phone.picture('calendar')
  await tap(day)
  await expect.poll(() => phone.shown.locator('wux-cell').first().textContent()).toMatch(/\d{4}-\d{2}-15/)
})

test('each of its 97 pages opens and shows its heading, and nothing unexpected is collected', async () => {
  const { pages } = JSON.parse(readFileSync(join(phone.dist, 'app.json'), 'utf8')) as { pages: string[] }
  expect(pages).toHaveLength(97)
  for (const path of pages) {
    await phone.reLaunch(path)
    const heading = /class="page__title">([^<{]+)</.exec(
      readFileSync(join(phone.dist, `${path}.wxml`), 'utf8'),
    )?.[1]
    await expect.poll(() => phone.shown.textContent(), { message: path }).toContain(heading ?? '')
    expect(await phone.unexpected(), path).toEqual([])
  }
})

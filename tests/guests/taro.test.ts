import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectNoProblems, openGuest, type GuestPhone } from './guest-phone.ts'

let phone: GuestPhone
beforeAll(async () => {
  phone = await openGuest('taro')
})
afterAll(() => phone.close())

test('a program of Taro’s (React drawing through recursive templates) shows its page', async () => {
  expectNoProblems(phone)
  await expect.poll(() => phone.shown.textContent()).toBe('Hello world!')
  expect(await phone.page.locator('.we-navigation h1').textContent()).toBe('首页')
  await phone.picture('index')
  expect(await phone.unexpected()).toEqual([])
})

test('it comes up again when it is opened anew', async () => {
  await phone.reLaunch('pages/index/index')
  await expect.poll(() => phone.shown.textContent()).toBe('Hello world!')
  expect(await phone.stack()).toEqual(['pages/index/index'])
  expect(await phone.unexpected()).toEqual([])
})

// @vitest-environment jsdom
import { expect, test, vi } from 'vitest'
import type { MiniProgramPackage } from '../../protocol.ts'
import { compile } from '../testing/compile.ts'
import { onePage, startPhone } from '../testing/launch.ts'

const version = (name: string) =>
  onePage('', '<view/>', {
    'app.js': `const log = globalThis.testLog; App({ onLaunch() {
      log.push('${name}')
      const manager = wx.getUpdateManager()
      globalThis.testManager = manager
      manager.onCheckForUpdate((r) => log.push(r.hasUpdate))
      manager.onUpdateReady(() => log.push('ready'))
      manager.onUpdateFailed(() => log.push('failed'))
    } })`,
  })
const manager = () =>
  Reflect.get(globalThis, 'testManager') as Record<string, (listener?: (detail?: object) => void) => void>

/** A download that ends when the test says so. */
function downloads() {
  const waiting: { resolve(program: MiniProgramPackage): void; reject(error: Error): void }[] = []
  return {
    waiting,
    download: () =>
      new Promise<MiniProgramPackage>((resolve, reject) => void waiting.push({ resolve, reject })),
  }
}

test('without a newer version the check says so and nothing is ready', async () => {
  const phone = startPhone(version('v1'))
  await vi.waitFor(() => expect(phone.log()).toEqual(['v1', false]))
  expect(() => manager().applyUpdate?.()).toThrow('update is not ready')
})

test('a published version is announced, loaded, and applyUpdate starts it cold', async () => {
  const { waiting, download } = downloads()
  const phone = startPhone(version('v1'), { download })
  await vi.waitFor(() => expect(phone.log()).toEqual(['v1', false]))
  phone.updates.offer()
  await vi.waitFor(() => expect(phone.log()).toEqual(['v1', false, true]))
  expect(() => manager().applyUpdate?.()).toThrow('update is not ready')
  waiting[0]?.resolve(compile(version('v2')))
  await vi.waitFor(() => expect(phone.log()).toEqual(['v1', false, true, 'ready']))
  manager().applyUpdate?.()
  // the old version goes on until the end of its task
  expect(phone.log().at(-1)).toBe('ready')
  await vi.waitFor(() => expect(phone.log().slice(4)).toEqual(['v2', false]))
})

test('a listener that comes late hears that it is ready; the killed launch hears nothing more', async () => {
  const { waiting, download } = downloads()
  const phone = startPhone(version('v1'), { download })
  phone.updates.offer()
  waiting[0]?.resolve(compile(version('v2')))
  await vi.waitFor(() => expect(phone.log()).toContain('ready'))
  const late = vi.fn()
  manager().onUpdateReady?.(late)
  await vi.waitFor(() => expect(late).toHaveBeenCalledOnce())
  const before = manager()
  phone.relaunch()
  expect(phone.log()).toContain('v2')
  const heard = vi.fn()
  before.onCheckForUpdate?.(heard)
  phone.updates.offer()
  await vi.waitFor(() => expect(phone.log().at(-1)).toBe(true))
  expect(heard).not.toHaveBeenCalled()
})

test('a download that fails is said, and the next cold start tries again', async () => {
  const { waiting, download } = downloads()
  const phone = startPhone(version('v1'), { download })
  phone.updates.offer()
  waiting[0]?.reject(new Error('no network'))
  await vi.waitFor(() => expect(phone.log()).toContain('failed'))
  phone.relaunch()
  expect(phone.log().filter((line) => line === 'v1')).toHaveLength(2)
  expect(waiting).toHaveLength(2)
  waiting[1]?.resolve(compile(version('v2')))
  await vi.waitFor(() => expect(phone.log()).toContain('ready'))
})

test('of two versions published in a row the newer one is run, whichever comes first', async () => {
  const { waiting, download } = downloads()
  const phone = startPhone(version('v1'), { download })
  phone.updates.offer()
  phone.updates.offer()
  waiting[1]?.resolve(compile(version('v3')))
  waiting[0]?.resolve(compile(version('v2')))
  await vi.waitFor(() => expect(phone.log()).toContain('ready'))
  phone.relaunch()
  expect(phone.log()).toContain('v3')
  expect(phone.log()).not.toContain('v2')
})

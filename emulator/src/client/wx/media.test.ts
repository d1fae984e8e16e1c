// @vitest-environment jsdom
import { expect, test, vi } from 'vitest'
import { onePage, startPhone, type TestPhone } from '../testing/launch.ts'

type Wx = Record<string, (options?: object) => Promise<Record<string, unknown>>>
const wx = () => Reflect.get(globalThis, 'wx') as Wx
const call = (name: string, options: object = {}) => wx()[name]?.(options) as Promise<Record<string, unknown>>
const agreed = { release: { privacy: { declares: [], needsConsent: false } } }
/** Everything declared, nothing to agree to. */
function start(app: object = {}): TestPhone {
  const all = ['getLocation', 'getFuzzyLocation', 'chooseLocation'] as const
  const files = onePage('', '<image id="i" src="{{src}}"/>', {
    'app.json': JSON.stringify({ pages: ['pages/a'], requiredPrivateInfos: all, ...app }),
  })
  const declares = [...all, 'chooseMedia', 'chooseImage', 'saveImageToPhotosAlbum'] as const
  return startPhone(files, { release: { privacy: { declares, needsConsent: false } } })
}
const shown = (phone: TestPhone, name: string) => vi.waitFor(() => expect(phone.part(name)).not.toBeNull())
const pictures = () => [...document.querySelectorAll<HTMLElement>('[data-test="picture"]')]

test('chooseMedia: the pictures that were pressed, as files of PNG', async () => {
  const phone = start()
  const chosen = call('chooseMedia', { count: 2, mediaType: ['image'] })
  await shown(phone, 'picture-sheet')
  for (const row of [0, 1, 2, 0]) pictures()[row]?.click()
  pictures()[2]?.click()
  expect(phone.part('pictures-done')?.textContent).toBe('完成(2)')
  phone.press('pictures-done')
  const { tempFiles } = (await chosen) as unknown as { tempFiles: { tempFilePath: string; size: number }[] }
  expect(tempFiles).toHaveLength(2)
  expect(tempFiles[0]).toMatchObject({ fileType: 'image', width: 120, height: 90 })
  const fs = (wx().getFileSystemManager as unknown as () => { readFileSync(p: string): ArrayBuffer })()
  const bytes = new Uint8Array(fs.readFileSync(tempFiles[0]?.tempFilePath ?? ''))
  expect(bytes).toHaveLength(tempFiles[0]?.size ?? -1)
  expect([...bytes.subarray(0, 4)]).toEqual([137, 80, 78, 71])
})

test('chooseImage turned away is fail cancel; a video is missing by name', async () => {
  const phone = start()
  const chosen = call('chooseImage')
  await shown(phone, 'picture-sheet')
  phone.press('pictures-cancel')
  await expect(chosen).rejects.toEqual({ errMsg: 'chooseImage:fail cancel' })
  await expect(call('chooseMedia', { mediaType: ['video'] })).rejects.toMatchObject({
    errMsg: 'chooseMedia:fail chooseMedia mediaType video is not part of this emulator',
  })
})

test('previewImage: over the screen at the picture that was named, until a press', async () => {
  const phone = start()
  await call('previewImage', { urls: ['a.png', '/b.png'], current: '/b.png' })
  expect(phone.part('viewer-count')?.textContent).toBe('2 / 2')
  const [first] = document.querySelectorAll('[data-test="picture-viewer"] img')
  expect(first?.getAttribute('src')).toBe('/app/pages/a.png')
  const viewer = phone.part('picture-viewer') as HTMLElement
  const point = (type: string, clientX: number) =>
    viewer.dispatchEvent(Object.assign(new MouseEvent(type, { clientX, bubbles: true })))
  point('pointerdown', 100)
  point('pointerup', 200)
  viewer.click()
  expect(phone.part('viewer-count')?.textContent).toBe('1 / 2')
  point('pointerdown', 100)
  point('pointerup', 101)
  viewer.click()
  expect(phone.part('picture-viewer')).toBeNull()
})

test('scanCode gives what the code is said to hold', async () => {
  const phone = start()
  const scanned = call('scanCode', { scanType: ['barCode'] })
  const field = phone.part('modal')?.querySelector('textarea') as HTMLTextAreaElement
  field.value = '6901234567892'
  phone.press('modal-confirm')
  expect(await scanned).toMatchObject({ result: '6901234567892', scanType: 'EAN_13' })
  const away = call('scanCode')
  phone.press('modal-cancel')
  await expect(away).rejects.toEqual({ errMsg: 'scanCode:fail cancel' })
})

test('getLocation: asked once with app.json’s reason, then remembered over a relaunch', async () => {
  const phone = start({ permission: { 'scope.userLocation': { desc: '为你找附近的门店' } } })
  const first = call('getLocation')
  await shown(phone, 'permission-dialog')
  expect(phone.part('permission-dialog')?.textContent).toContain('为你找附近的门店')
  phone.press('permission-allow')
  expect(await first).toMatchObject({ errMsg: 'getLocation:ok', latitude: 31.2327, longitude: 121.4725 })
  phone.relaunch()
  expect(await call('getLocation')).toMatchObject({ errMsg: 'getLocation:ok' })
  expect(await call('authorize', { scope: 'scope.userLocation' })).toEqual({ errMsg: 'authorize:ok' })
})

test('a refusal holds without another question; a dialog that went away does not', async () => {
  const phone = start()
  const gone = call('authorize', { scope: 'scope.camera' })
  phone.shell.clearDialogs()
  await expect(gone).rejects.toEqual({ errMsg: 'authorize:fail auth deny', errno: 103 })
  const asked = call('authorize', { scope: 'scope.camera' })
  phone.press('permission-deny')
  await expect(asked).rejects.toMatchObject({ errno: 103 })
  await expect(call('authorize', { scope: 'scope.camera' })).rejects.toMatchObject({ errno: 103 })
  expect(phone.part('permission-dialog')).toBeNull()
  await expect(call('authorize', { scope: 'scope.nonsense' })).rejects.toEqual({
    errMsg: 'authorize:fail invalid scope "scope.nonsense"',
  })
})

test('two calls that need one scope share the question', async () => {
  const phone = start()
  const both = Promise.all([call('getLocation'), call('authorize', { scope: 'scope.userLocation' })])
  await shown(phone, 'permission-dialog')
  expect(document.querySelectorAll('[data-test="permission-dialog"]')).toHaveLength(1)
  phone.press('permission-allow')
  expect(await both).toHaveLength(2)
})

test('where the user is must be declared in app.json', async () => {
  startPhone(onePage('', '<view/>'), agreed)
  await expect(call('getLocation')).rejects.toEqual({
    errMsg:
      'getLocation:fail the api need to be declared in the requiredPrivateInfos field in app.json/ext.json',
  })
})

test('chooseLocation is a list of places; openLocation covers the page until 返回', async () => {
  const phone = start()
  const chosen = call('chooseLocation')
  await shown(phone, 'action-sheet')
  phone.part('action-sheet')?.querySelectorAll('button')[1]?.click()
  expect(await chosen).toMatchObject({ name: '上海博物馆', latitude: 31.2282 })
  await call('openLocation', { latitude: 31.2, longitude: 121.4, name: '门店', address: '南京路1号' })
  expect(phone.part('place-page')?.textContent).toContain('南京路1号')
  phone.press('place-back')
  expect(phone.part('place-page')).toBeNull()
  await expect(call('openLocation', {})).rejects.toMatchObject({
    errMsg: expect.stringContaining('parameter.latitude') as string,
  })
})

test('saveImageToPhotosAlbum asks for the album, takes files and no addresses', async () => {
  const phone = start()
  const saved = call('saveImageToPhotosAlbum', { filePath: 'img/a.png' })
  await shown(phone, 'permission-dialog')
  phone.press('permission-allow')
  expect(await saved).toEqual({ errMsg: 'saveImageToPhotosAlbum:ok' })
  await expect(call('saveImageToPhotosAlbum', { filePath: 'https://a.example/b.png' })).rejects.toEqual({
    errMsg: 'saveImageToPhotosAlbum:fail invalid file type',
  })
})

test('everybody is 微信用户, and getUserProfile wants a tap', async () => {
  start()
  expect(await call('getUserInfo')).toMatchObject({ userInfo: { nickName: '微信用户' } })
  await expect(call('getUserProfile', { desc: 'x' })).rejects.toMatchObject({
    errMsg: 'getUserProfile:fail can only be invoked by user TAP gesture.',
  })
})

test('createAnimation hands over its steps in the documented shape, once', () => {
  start()
  const { createAnimation } = wx() as unknown as {
    createAnimation(o: object): Record<string, (...a: unknown[]) => never>
  }
  const animation = createAnimation({ duration: 200, timingFunction: 'ease' }) as Record<
    string,
    (...args: unknown[]) => Record<string, (...args: unknown[]) => unknown>
  >
  animation.rotate?.(45).opacity?.(0.5)
  animation.width?.(20)
  animation.step?.({ delay: 10 })
  expect(animation.export?.()).toEqual({
    actions: [
      {
        animates: [
          { type: 'rotate', args: [45] },
          { type: 'style', args: ['opacity', 0.5] },
          { type: 'style', args: ['width', '20px'] },
        ],
        option: {
          transition: { duration: 200, timingFunction: 'ease', delay: 10 },
          transformOrigin: '50% 50% 0',
        },
      },
    ],
  })
  expect(animation.export?.()).toEqual({ actions: [] })
})

test('bytes and base64, there and back', () => {
  start()
  const { base64ToArrayBuffer, arrayBufferToBase64 } = wx() as unknown as {
    base64ToArrayBuffer(text: string): ArrayBuffer
    arrayBufferToBase64(buffer: ArrayBuffer): string
  }
  expect([...new Uint8Array(base64ToArrayBuffer('AP8='))]).toEqual([0, 255])
  expect(arrayBufferToBase64(new Uint8Array([0, 255]).buffer)).toBe('AP8=')
})

test('<button open-type="chooseAvatar"> gives the chosen picture, and is silent when turned away', async () => {
  const phone = startPhone(
    onePage(
      'data: { src: "" }, on(e) { log.push(e.type, e.detail); this.setData({ src: e.detail.avatarUrl }) }',
      '<button id="b" open-type="chooseAvatar" bindchooseavatar="on"/><image id="i" src="{{src}}"/>',
    ),
    { release: { privacy: { declares: ['chooseMedia'], needsConsent: false } } },
  )
  phone.tapId('b')
  await shown(phone, 'picture-sheet')
  phone.press('pictures-cancel')
  phone.tapId('b')
  await shown(phone, 'picture-sheet')
  pictures()[1]?.click()
  phone.press('pictures-done')
  await vi.waitFor(() =>
    expect(phone.log()).toEqual([
      'chooseavatar',
      { avatarUrl: expect.stringMatching(/^wxfile:\/\/tmp_/) as string },
    ]),
  )
  await vi.waitFor(() => expect(phone.byId('i').innerHTML).toContain('data:image/png'))
  expect(phone.inspection.errors).toEqual([])
})

// @vitest-environment jsdom
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MOST_FILE_BYTES, PhoneFiles, USER_DATA_PATH } from '../files.ts'
import { onePage, startPhone } from '../testing/launch.ts'

type Manager = Record<string, (...args: unknown[]) => unknown>
const wx = () => Reflect.get(globalThis, 'wx') as Record<string, unknown>
const fs = () => (wx().getFileSystemManager as () => Manager)()
const later = (name: string, options: object) => fs()[name]?.(options) as Promise<Record<string, unknown>>
const now = (name: string, ...args: unknown[]) => fs()[`${name}Sync`]?.(...args)
const at = (name: string) => `${USER_DATA_PATH}/${name}`
const start = () => startPhone(onePage('', '<view/>'))

test('USER_DATA_PATH is told, and what is written there survives a relaunch', () => {
  const phone = start()
  expect(wx().env).toEqual({ USER_DATA_PATH })
  now('writeFile', at('a.txt'), '线索', 'utf8')
  phone.relaunch()
  expect(now('readFile', at('a.txt'), 'utf-8')).toBe('线索')
})

test('any bytes come back as they were, in every encoding', () => {
  start()
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      now('writeFile', at('b'), new Uint8Array(bytes).buffer)
      expect(new Uint8Array(now('readFile', at('b')) as ArrayBuffer)).toEqual(bytes)
      for (const encoding of ['base64', 'hex', 'binary']) {
        now('writeFile', at('c'), now('readFile', at('b'), encoding), encoding)
        expect(new Uint8Array(now('readFile', at('c')) as ArrayBuffer)).toEqual(bytes)
      }
    }),
    { numRuns: 25 },
  )
})

test('folders: made, listed, refused while they are not empty', async () => {
  start()
  now('mkdir', at('d/e'), true)
  now('writeFile', at('d/e/f.txt'), 'x')
  now('writeFile', at('d/g.txt'), 'yy')
  expect(now('readdir', at('d'))).toEqual(['e', 'g.txt'])
  expect(await later('readdir', { dirPath: USER_DATA_PATH })).toMatchObject({ files: ['d'] })
  const { stats } = (await later('stat', { path: at('d/g.txt') })) as {
    stats: { size: number; isFile(): boolean; isDirectory(): boolean }
  }
  expect([stats.size, stats.isFile(), stats.isDirectory()]).toEqual([2, true, false])
  await expect(later('rmdir', { dirPath: at('d') })).rejects.toEqual({
    errMsg: 'rmdir:fail directory not empty',
    errno: 1300066,
  })
  await later('rmdir', { dirPath: at('d'), recursive: true })
  expect(now('readdir', USER_DATA_PATH)).toEqual([])
})

test('what is not there fails with its number, or throws', async () => {
  start()
  await expect(later('readFile', { filePath: at('no') })).rejects.toEqual({
    errMsg: `readFile:fail no such file or directory, open ${at('no')}`,
    errno: 1300002,
  })
  await expect(later('access', { path: at('no') })).rejects.toMatchObject({ errno: 1300002 })
  expect(() => now('unlink', at('no'))).toThrow(
    `unlinkSync:fail no such file or directory, unlink ${at('no')}`,
  )
  expect(() => now('writeFile', at('no/a.txt'), 'x')).toThrow('no such file or directory')
})

test('only USER_DATA_PATH may be written', async () => {
  start()
  await expect(later('writeFile', { filePath: 'wxfile://other/a', data: 'x' })).rejects.toMatchObject({
    errMsg: expect.stringContaining('permission denied') as string,
    errno: 1300013,
  })
})

test('append, copy, rename, unlink', () => {
  start()
  now('writeFile', at('a'), 'x')
  now('appendFile', at('a'), 'y')
  now('copyFile', at('a'), at('b'))
  now('rename', at('a'), at('c'))
  expect([now('readFile', at('b'), 'utf8'), now('readFile', at('c'), 'utf8')]).toEqual(['xy', 'xy'])
  now('unlink', at('b'))
  expect(now('readdir', USER_DATA_PATH)).toEqual(['c'])
})

test('a saved file stays under WeChat’s name, and is listed', async () => {
  const phone = start()
  const temporary = new PhoneFiles(localStorage, 'oTestPhone', 'wx1ead0be110000001')
  expect(() => temporary.save('wxfile://tmp_none')).toThrow('tempFilePath file not exist')
  const path = temporary.addTemporary(Uint8Array.from([1, 2, 3]), 'png')
  const saved = temporary.save(path)
  expect(saved).toMatch(/^wxfile:\/\/store_\w+\.png$/)
  phone.relaunch()
  expect(await later('getSavedFileList', {})).toMatchObject({ fileList: [{ filePath: saved, size: 3 }] })
  await later('removeSavedFile', { filePath: saved })
  expect(await later('getSavedFileList', {})).toMatchObject({ fileList: [] })
})

test('200 MB and no more; a browser that is full says the same', () => {
  const full = { ...localStorage, getItem: () => null, key: () => null, length: 0 }
  const tight = new PhoneFiles(
    {
      ...full,
      setItem: () => {
        throw new Error('QuotaExceededError')
      },
    } as unknown as Storage,
    'oA',
    'wxA',
  )
  const words = 'the maximum size of the file storage limit is exceeded'
  expect(() => tight.write(at('a'), new Uint8Array(1))).toThrow(words)
  const roomy = new PhoneFiles({ ...full, setItem: () => undefined } as unknown as Storage, 'oA', 'wxA')
  const huge = { length: MOST_FILE_BYTES + 1 } as Uint8Array
  expect(() => roomy.write(at('a'), huge)).toThrow(words)
})

test('another account sees none of it', () => {
  new PhoneFiles(localStorage, 'oA', 'wxA').write(at('a'), new Uint8Array(1))
  expect(new PhoneFiles(localStorage, 'oB', 'wxA').facts(at('a'))).toBeUndefined()
})

test('what the manager lacks throws by name', () => {
  const phone = start()
  expect(() => fs().unzip?.({})).toThrow('FileSystemManager.unzip is not part of this emulator')
  expect(phone.inspection.errors).toHaveLength(1)
})

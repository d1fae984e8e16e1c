import { bufferOf, fromBase64, isBytes, toBase64 } from '../bytes.ts'
import { FileError, type FileFacts, type PhoneFiles } from '../files.ts'
import { asyncApi, fail, ok, syncApi, textOption, type ApiDefinition } from './api.ts'
import type { WxHost } from './host.ts'

type Options = Record<string, unknown>

const encodings: Record<string, { decode(bytes: Uint8Array): string; encode(text: string): Uint8Array }> = {
  utf8: {
    decode: (bytes) => new TextDecoder().decode(bytes),
    encode: (text) => new TextEncoder().encode(text),
  },
  base64: { decode: toBase64, encode: fromBase64 },
  hex: {
    decode: (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
    encode: (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16)),
  },
  latin1: {
    decode: (bytes) => String.fromCharCode(...bytes),
    encode: (text) => Uint8Array.from(text, (sign) => sign.charCodeAt(0)),
  },
}
const aliases: Record<string, string> = { 'utf-8': 'utf8', ascii: 'latin1', binary: 'latin1' }

function encodingOf(name: string) {
  const encoding = encodings[aliases[name] ?? name]
  if (!encoding) throw new FileError(`invalid encoding "${name}"`, 1300022)
  return encoding
}

function bytesOf(data: unknown, encoding: unknown): Uint8Array {
  if (isBytes(data)) return new Uint8Array(data)
  if (typeof data !== 'string') throw new FileError('data must be a string or ArrayBuffer', 1300022)
  return encodingOf(encoding === undefined ? 'utf8' : String(encoding)).encode(data)
}

/** Without an encoding the bytes themselves. */
const decoded = (bytes: Uint8Array, encoding: unknown): string | ArrayBuffer =>
  encoding === undefined ? bufferOf(bytes) : encodingOf(String(encoding)).decode(bytes)

const statsOf = ({ isDirectory, size, modified }: FileFacts) => {
  const seconds = Math.floor(modified / 1000)
  return {
    ...{ mode: isDirectory ? 16877 : 33188, size, lastAccessedTime: seconds, lastModifiedTime: seconds },
    isDirectory: () => isDirectory,
    isFile: () => !isDirectory,
  }
}

/** Read at once, as `readFileSync` must; undefined when there is no such file. */
function packageFile(url: string): Uint8Array<ArrayBuffer> | undefined {
  const call = new XMLHttpRequest()
  call.open('GET', url, false)
  // bytes as characters: a call that blocks gives no ArrayBuffer
  call.overrideMimeType('text/plain; charset=x-user-defined')
  call.send()
  if (call.status !== 200) return undefined
  return Uint8Array.from(call.responseText, (sign) => sign.charCodeAt(0) & 0xff)
}

/** What `getFileSystemManager()` does not have here. */
const absent = [
  ...['open', 'close', 'read', 'write', 'fstat', 'truncate', 'ftruncate', 'unzip', 'readZipEntry'],
  ...['readCompressedFile'],
]

function manager(host: WxHost, files: PhoneFiles) {
  const path = (options: Options, name = 'filePath') => textOption(options, name)
  const found = (wanted: string, doing: string) => {
    const facts = files.facts(wanted)
    if (!facts) throw new FileError(`no such file or directory, ${doing} ${wanted}`, 1300002)
    return facts
  }
  /** Also a picture or font of the package itself, by its path from the root (代码包文件). */
  const readAny = (wanted: string) =>
    (/^\w+:\/\//.test(wanted) ? undefined : packageFile(host.assetUrl(`/${wanted.replace(/^\//, '')}`))) ??
    files.read(wanted)
  /** The options of the asynchronous form, in the order of the synchronous one's arguments, and what it answers. */
  const operations: Record<string, { args: string[]; perform(options: Options): unknown; result?: string }> =
    {
      access: { args: ['path'], perform: (o) => void found(path(o, 'path'), 'access') },
      readFile: {
        args: ['filePath', 'encoding', 'position', 'length'],
        perform(o) {
          const from = Number(o.position ?? 0)
          const bytes = readAny(path(o))
          const until = o.length === undefined ? bytes.length : from + Number(o.length)
          return decoded(bytes.subarray(from, until), o.encoding)
        },
        result: 'data',
      },
      writeFile: {
        args: ['filePath', 'data', 'encoding'],
        perform: (o) => files.write(path(o), bytesOf(o.data, o.encoding)),
      },
      appendFile: {
        args: ['filePath', 'data', 'encoding'],
        perform: (o) =>
          files.write(path(o), Uint8Array.from([...files.read(path(o)), ...bytesOf(o.data, o.encoding)])),
      },
      copyFile: {
        args: ['srcPath', 'destPath'],
        perform: (o) => files.write(path(o, 'destPath'), files.read(path(o, 'srcPath'))),
      },
      rename: {
        args: ['oldPath', 'newPath'],
        perform: (o) => files.rename(path(o, 'oldPath'), path(o, 'newPath')),
      },
      unlink: { args: ['filePath'], perform: (o) => files.remove(path(o)) },
      mkdir: {
        args: ['dirPath', 'recursive'],
        perform: (o) => files.makeFolder(path(o, 'dirPath'), o.recursive === true),
      },
      rmdir: {
        args: ['dirPath', 'recursive'],
        perform: (o) => files.removeFolder(path(o, 'dirPath'), o.recursive === true),
      },
      readdir: { args: ['dirPath'], perform: (o) => files.list(path(o, 'dirPath')), result: 'files' },
      stat: {
        args: ['path', 'recursive'],
        perform: (o) => statsOf(found(path(o, 'path'), 'stat')),
        result: 'stats',
      },
      saveFile: {
        args: ['tempFilePath', 'filePath'],
        perform: (o) => files.save(path(o, 'tempFilePath'), o.filePath === undefined ? undefined : path(o)),
        result: 'savedFilePath',
      },
    }
  const later = (name: string, perform: ApiDefinition['perform']) =>
    asyncApi(host, {
      name,
      tap: 'none',
      perform(options) {
        try {
          return perform(options)
        } catch (thrown) {
          if (!(thrown instanceof FileError)) throw thrown
          return fail(thrown.message, { errno: thrown.errno })
        }
      },
    })
  const made: Record<string, unknown> = {}
  for (const [name, { args, perform, result }] of Object.entries(operations)) {
    made[name] = later(name, (options) => {
      const answer = perform(options)
      return result === undefined ? ok() : ok({ [result]: answer })
    })
    made[`${name}Sync`] = syncApi(host, `${name}Sync`, (...given: unknown[]) => {
      try {
        return perform(Object.fromEntries(args.map((arg, at) => [arg, given[at]])))
      } catch (thrown) {
        throw new Error(`${name}Sync:fail ${(thrown as Error).message}`)
      }
    })
  }
  const savedFacts = (filePath: string) => {
    const facts = files.facts(filePath)
    return { filePath, size: facts?.size ?? 0, createTime: Math.floor((facts?.modified ?? 0) / 1000) }
  }
  made.getSavedFileList = later('getSavedFileList', () =>
    ok({ fileList: files.savedPaths().map(savedFacts) }),
  )
  made.removeSavedFile = later('removeSavedFile', (options) => {
    files.remove(path(options))
    return ok()
  })
  made.getFileInfo = later('getFileInfo', (options) => ok({ size: found(path(options), 'stat').size }))
  for (const name of absent)
    made[name] = made[`${name}Sync`] = () => {
      const words = `FileSystemManager.${name} is not part of this emulator`
      host.inspection.note(name, new Error(words))
      throw new Error(words)
    }
  return made
}

/** One manager a launch; the older calls on `wx` itself do the same. */
export function fileApis(host: WxHost) {
  const fs = manager(host, host.files)
  const { saveFile, getSavedFileList, removeSavedFile, getFileInfo } = fs
  const getSavedFileInfo = asyncApi(host, {
    name: 'getSavedFileInfo',
    tap: 'none',
    perform(options) {
      const facts = host.files.facts(textOption(options, 'filePath'))
      if (!facts) return fail('no such file')
      return ok({ size: facts.size, createTime: Math.floor(facts.modified / 1000) })
    },
  })
  return {
    getFileSystemManager: () => fs,
    ...{ saveFile, getSavedFileList, removeSavedFile, getFileInfo, getSavedFileInfo },
  }
}

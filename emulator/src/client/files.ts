import { fromBase64, toBase64 } from './bytes.ts'

/** `wx.env.USER_DATA_PATH`: what a mini-program keeps there it manages itself. */
export const USER_DATA_PATH = 'wxfile://usr'
const SAVED = 'wxfile://store_'
const TEMPORARY = 'wxfile://tmp_'

/** Bytes of a mini-program's own and saved files together; a browser's storage ends earlier. */
export const MOST_FILE_BYTES = 200 * 1024 * 1024

/** A failure of the file system with WeChat's number for it. */
export class FileError extends Error {
  constructor(
    message: string,
    readonly errno: number,
  ) {
    super(message)
  }
}

const noSuchFile = (path: string, doing: string) =>
  new FileError(`no such file or directory, ${doing} ${path}`, 1300002)
const denied = (path: string, doing: string) => new FileError(`permission denied, ${doing} ${path}`, 1300013)
const storageFull = () => new FileError('the maximum size of the file storage limit is exceeded', 1300202)

interface Stored {
  /** base64; null for a folder. */
  data: string | null
  /** Milliseconds since 1970. */
  modified: number
}

export interface FileFacts {
  isDirectory: boolean
  size: number
  /** Milliseconds since 1970. */
  modified: number
}

/**
 * The files of one mini-program on one phone. Those under USER_DATA_PATH and the saved ones stay; temporary ones go
 * with the page that made them.
 */
export class PhoneFiles {
  private readonly temporary = new Map<
    string,
    { bytes: Uint8Array<ArrayBuffer>; type: string; modified: number }
  >()
  private readonly prefix: string
  private count = 0

  constructor(
    private readonly storage: Storage,
    openid: string,
    appid: string,
  ) {
    this.prefix = `mini-program-files:${openid}:${appid}:`
  }

  /** Keeps bytes as a temporary file; returns its path. */
  addTemporary(bytes: Uint8Array<ArrayBuffer>, extension: string, type = mimeOf(extension)): string {
    this.count += 1
    const path = `${TEMPORARY}${Date.now().toString(36)}${this.count}.${extension}`
    this.temporary.set(path, { bytes, type, modified: Date.now() })
    return path
  }

  /** @throws FileError */
  read(path: string): Uint8Array<ArrayBuffer> {
    const temporary = this.temporary.get(path)
    if (temporary) return temporary.bytes
    const stored = this.stored(path)
    if (!stored) throw noSuchFile(path, 'open')
    if (stored.data === null) throw new FileError(`illegal operation on a directory, open ${path}`, 1300021)
    return fromBase64(stored.data)
  }

  /** @throws FileError unless its folder is there and below USER_DATA_PATH */
  write(path: string, bytes: Uint8Array): void {
    this.mayChange(path, 'open')
    if (!this.isFolder(folderOf(path))) throw noSuchFile(path, 'open')
    if (this.stored(path)?.data === null)
      throw new FileError(`illegal operation on a directory, open ${path}`, 1300021)
    this.put(path, bytes)
  }

  /** A temporary file for good: under `to`, or under a name of WeChat's. @throws FileError */
  save(temporary: string, to?: string): string {
    const bytes = this.temporary.get(temporary)?.bytes
    if (!bytes) throw new FileError('tempFilePath file not exist', 1300002)
    const path = to ?? SAVED + temporary.slice(TEMPORARY.length)
    if (to === undefined) this.put(path, bytes)
    else this.write(path, bytes)
    this.temporary.delete(temporary)
    return path
  }

  savedPaths(): string[] {
    return this.paths().filter((path) => path.startsWith(SAVED))
  }

  /** @throws FileError for a folder, or when nothing is there */
  remove(path: string): void {
    if (this.temporary.delete(path)) return
    const stored = this.stored(path)
    if (!stored) throw noSuchFile(path, 'unlink')
    if (stored.data === null) throw new FileError(`operation not permitted, unlink ${path}`, 1300001)
    this.storage.removeItem(this.prefix + path)
  }

  /** @throws FileError when its parent is missing, unless `recursive`, or something is there */
  makeFolder(path: string, recursive: boolean): void {
    this.mayChange(path, 'mkdir')
    if (this.stored(path)) {
      if (recursive && this.isFolder(path)) return
      throw new FileError(`file already exists ${path}`, 1301005)
    }
    const parent = folderOf(path)
    if (!this.isFolder(parent)) {
      if (!recursive) throw noSuchFile(path, 'mkdir')
      this.makeFolder(parent, true)
    }
    this.store(path, { data: null, modified: Date.now() })
  }

  /** @throws FileError for a file, or a folder that is not empty unless `recursive` */
  removeFolder(path: string, recursive: boolean): void {
    this.mayChange(path, 'rmdir')
    if (this.stored(path)?.data !== null) throw noSuchFile(path, 'rmdir')
    const inside = this.paths().filter((other) => other.startsWith(`${path}/`))
    if (inside.length > 0 && !recursive) throw new FileError('directory not empty', 1300066)
    for (const each of [...inside, path]) this.storage.removeItem(this.prefix + each)
  }

  /** Names in a folder. @throws FileError */
  list(path: string): string[] {
    const folder = withoutSlash(path)
    if (!this.isFolder(folder)) throw noSuchFile(path, 'scandir')
    return this.paths()
      .filter((other) => folderOf(other) === folder)
      .map((other) => other.slice(folder.length + 1))
      .sort()
  }

  /** Undefined when nothing is there. */
  facts(path: string): FileFacts | undefined {
    const temporary = this.temporary.get(path)
    if (temporary) return { isDirectory: false, size: temporary.bytes.length, modified: temporary.modified }
    if (withoutSlash(path) === USER_DATA_PATH) return { isDirectory: true, size: 0, modified: 0 }
    const stored = this.stored(withoutSlash(path))
    if (!stored) return undefined
    const size = stored.data === null ? 0 : fromBase64(stored.data).length
    return { isDirectory: stored.data === null, size, modified: stored.modified }
  }

  /** Moves files and folders. @throws FileError */
  rename(from: string, to: string): void {
    this.mayChange(to, 'rename')
    const facts = this.facts(from)
    if (!facts || !this.isFolder(folderOf(to))) throw noSuchFile(from, 'rename')
    if (this.temporary.has(from)) return void this.save(from, to)
    for (const path of this.paths().filter((each) => each === from || each.startsWith(`${from}/`))) {
      const stored = this.stored(path)
      if (stored) this.store(to + path.slice(from.length), stored)
      this.storage.removeItem(this.prefix + path)
    }
  }

  /** Bytes that are no file yet, for an `<img>`. */
  preview(bytes: Uint8Array, extension: string): string {
    return `data:${mimeOf(extension)};base64,${toBase64(bytes)}`
  }

  /** For an `<img>`; undefined when the file is not there. */
  urlOf(path: string): string | undefined {
    try {
      const type = this.temporary.get(path)?.type ?? mimeOf(path.split('.').at(-1) ?? '')
      return `data:${type};base64,${toBase64(this.read(path))}`
    } catch {
      return undefined
    }
  }

  /** The mini-program was deleted from the phone. */
  clear(): void {
    this.temporary.clear()
    for (const path of this.paths()) this.storage.removeItem(this.prefix + path)
  }

  private mayChange(path: string, doing: string): void {
    if (!path.startsWith(`${USER_DATA_PATH}/`)) throw denied(path, doing)
  }

  private isFolder(path: string): boolean {
    return path === USER_DATA_PATH || this.stored(path)?.data === null
  }

  private put(path: string, bytes: Uint8Array): void {
    const others = this.paths().filter((other) => other !== path)
    const used = others.reduce((sum, other) => sum + (this.facts(other)?.size ?? 0), 0)
    if (used + bytes.length > MOST_FILE_BYTES) throw storageFull()
    this.store(path, { data: toBase64(bytes), modified: Date.now() })
  }

  private store(path: string, stored: Stored): void {
    try {
      this.storage.setItem(this.prefix + path, JSON.stringify(stored))
    } catch {
      throw storageFull()
    }
  }

  private stored(path: string): Stored | undefined {
    const text = this.storage.getItem(this.prefix + path)
    return text === null ? undefined : (JSON.parse(text) as Stored)
  }

  private paths(): string[] {
    return Array.from({ length: this.storage.length }, (_, i) => this.storage.key(i) ?? '')
      .filter((key) => key.startsWith(this.prefix))
      .map((key) => key.slice(this.prefix.length))
  }
}

const withoutSlash = (path: string) => path.replace(/\/+$/, '')
const folderOf = (path: string) => path.slice(0, path.lastIndexOf('/'))

const types: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  svg: 'image/svg+xml',
  json: 'application/json',
  txt: 'text/plain',
}
export const mimeOf = (extension: string): string =>
  types[extension.toLowerCase()] ?? 'application/octet-stream'

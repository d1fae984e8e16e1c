import type { SavedState } from '../../../protocol.ts'

/** What the phones of this origin keep, without what is the desk's own. */
export function storageOf(storage: Storage): Record<string, string> {
  const keys = Array.from({ length: storage.length }, (_, n) => storage.key(n) ?? '')
  return Object.fromEntries(keys.filter(isOfPhones).map((key) => [key, storage.getItem(key) ?? '']))
}

/** Puts it back: what is there now goes first. */
export function restoreStorage(storage: Storage, saved: Readonly<Record<string, string>>): void {
  for (const key of Object.keys(storageOf(storage))) storage.removeItem(key)
  for (const [key, value] of Object.entries(saved)) if (isOfPhones(key)) storage.setItem(key, value)
}

const isOfPhones = (key: string) => !key.startsWith('desk:')

/** @throws Error with a sentence for whoever chose the wrong file */
export function readSavedState(text: string): SavedState {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Error('这个文件不是 JSON，请选用「存成文件」得到的文件')
  }
  if (typeof value !== 'object' || value === null || !('version' in value) || !('cloud' in value))
    throw new Error('这不是模拟台的存档，请选用「存成文件」得到的文件')
  const { version, storage } = value as { version: unknown; storage?: unknown }
  if (version !== 1) throw new Error(`存档的版本是 ${String(version)}，这个模拟器只认识 1，请升级模拟器`)
  if (storage !== undefined && !isTexts(storage)) throw new Error('存档里的 storage 坏了，请换一个存档')
  return value as SavedState
}

const isTexts = (value: unknown): value is Record<string, string> =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((item) => typeof item === 'string')
